package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/thinpane/thinpane/bench/coding"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
)

const codecHelp = `Lets recordings pass through the codec alone.

Each update is coded to exact before the next one and decoded; Mpx/s are pixels coded one by one
over CPU time. With -random, limits are random instead, newer pictures come between any two
objects, and both ends must have the same picture after each.`

// coded is one recording's figures.
type coded struct {
	Trace       string  `json:"trace"`
	Mode        string  `json:"mode"`
	BytesFirst  int     `json:"bytes_first"`
	BytesDeltas int     `json:"bytes_deltas"` // of all updates after the first
	UpdateP50   int     `json:"update_p50_bytes"`
	UpdateP95   int     `json:"update_p95_bytes"`
	EncodeMpxps float64 `json:"encode_mpxps"`
	DecodeMpxps float64 `json:"decode_mpxps"`
	Exact       bool    `json:"exact"`
}

// codecCommand is "bench codec".
func codecCommand(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("codec", flag.ContinueOnError)
	traces := flags.String("trace", "", "`recordings`: files or built-in ones, with commas between (default with -random: the built-in ones)")
	from := flags.Float64("from", 0, "begin at so many `ms` of each")
	length := flags.Float64("len", 0, "take so many `ms` of each; 0: to its end")
	mode := flags.String("mode", "strong", "how text is coded: strong or fast")
	asJSON := flags.Bool("json", false, "one JSON object for each recording")
	random := flags.Bool("random", false, "check that both ends stay equal")
	seed := flags.Uint64("seed", 1, "with -random: of the first pass")
	long := flags.Duration("for", 30*time.Second, "with -random: how long for each recording")
	if done, err := parse(flags, args, out, codecHelp); done || err != nil {
		return err
	}
	if *random && *traces == "" {
		for _, e := range exhibits {
			*traces += e.name + ","
		}
	}
	names, err := list("trace", *traces)
	if err != nil {
		return err
	}
	modes := map[string]codec.Mode{"strong": codec.Strong, "fast": codec.Fast}
	if _, ok := modes[*mode]; !ok {
		return wrongf("no mode is called %q; there are strong and fast", *mode)
	}
	if *long <= 0 {
		return wrongf("-for %v: want more than nothing", *long)
	}
	parts, err := partsOf(names, *from, *length)
	if err != nil {
		return err
	}
	if *random {
		return randomly(ctx, parts, *seed, *long, out)
	}
	return exactly(ctx, parts, *mode, modes[*mode], *asJSON, out)
}

// partsOf makes and checks parts of recordings; all of them can be opened.
func partsOf(names []string, from, length float64) (parts []part, err error) {
	var p part
	if p.From, err = milliseconds("from", from); err != nil {
		return nil, wrong{err}
	}
	if p.Length, err = milliseconds("len", length); err != nil {
		return nil, wrong{err}
	}
	for _, p.Trace = range names {
		_, closer, err := p.open()
		if err != nil {
			return nil, wrong{err}
		}
		closer.Close()
		parts = append(parts, p)
	}
	return parts, nil
}

// use opens a part, plays it with f, and closes it.
func (p part) use(f func(trace.Recording) error) error {
	rec, closer, err := p.open()
	if err != nil {
		return err
	}
	defer closer.Close()
	return f(rec)
}

// randomly is "bench codec -random".
func randomly(ctx context.Context, parts []part, seed uint64, long time.Duration, out io.Writer) error {
	failed := false
	for _, p := range parts {
		err := p.use(func(rec trace.Recording) error {
			c, err := coding.Randomly(ctx, rec, seed, long)
			if err != nil {
				fmt.Fprintf(out, "DIFFERENT  %v\n", err)
				failed = true
				return nil
			}
			fmt.Fprintf(out, "equal      %s: after each of %d objects (%.1f MB, %d passes)\n", rec.Name(), c.Objects, float64(c.Bytes)/1e6, c.Passes)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// exactly is "bench codec" without -random.
func exactly(ctx context.Context, parts []part, name string, mode codec.Mode, asJSON bool, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if !asJSON {
		fmt.Fprintln(table, "recording\tmode\tfirst, bytes\tdeltas, bytes\tupdate p50\tp95\tencode, Mpx/s\tdecode\texact\t")
	}
	different := false
	for _, p := range parts {
		err := p.use(func(rec trace.Recording) error {
			rows := []struct {
				mode string
				code func() (coding.Coded, error)
			}{
				{"raw", func() (coding.Coded, error) { return coding.Raw(rec) }},
				{"png", func() (coding.Coded, error) { return coding.PNG(rec) }},
				{name, func() (coding.Coded, error) { return coding.Exactly(rec, mode, true) }},
			}
			if asJSON {
				rows = rows[2:]
			}
			for _, row := range rows {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				c, err := row.code()
				if err != nil {
					return err
				}
				v := codedOf(rec.Name(), row.mode, c)
				different = different || !v.Exact
				if asJSON {
					return json.NewEncoder(out).Encode(v)
				}
				fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%v\t\n", v.Trace, v.Mode, v.BytesFirst, v.BytesDeltas,
					v.UpdateP50, v.UpdateP95, speed(v.EncodeMpxps), speed(v.DecodeMpxps), v.Exact)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if different {
		return fmt.Errorf("what was decoded is not what was encoded")
	}
	return nil
}

func codedOf(trace, mode string, c coding.Coded) coded {
	v := coded{Trace: trace, Mode: mode, BytesFirst: c.First, Exact: c.Exact}
	var sizes []int
	for _, n := range c.Updates {
		v.BytesDeltas += n
		if n > 0 {
			sizes = append(sizes, n)
		}
	}
	if slices.Sort(sizes); len(sizes) > 0 {
		rank := func(percent float64) int { return sizes[max(0, int(math.Ceil(float64(len(sizes))*percent/100))-1)] }
		v.UpdateP50, v.UpdateP95 = rank(50), rank(95)
	}
	v.EncodeMpxps = megapixels(c.EncodedPixels, c.EncodeCPU)
	v.DecodeMpxps = megapixels(c.DecodedPixels, c.DecodeCPU)
	return v
}

func megapixels(pixels int64, cpu time.Duration) float64 {
	if cpu <= 0 {
		return 0
	}
	return math.Round(float64(pixels)/1e6/cpu.Seconds()*10) / 10
}

func speed(mpxps float64) string {
	if mpxps == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", mpxps)
}
