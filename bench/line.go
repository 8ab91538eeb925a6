package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/thinpane/thinpane/bench/greedy"
	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/transport/netsim"
)

// greedySources is a run in a child process: greedy sources fill a line.
var greedySources = virtual.NewJob("line", func(c greedy.Config, tell virtual.Tell) (greedy.Result, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { // a sign of life each second
		for began := time.Now(); ctx.Err() == nil; time.Sleep(time.Second) {
			tell(min(1, float64(time.Since(began))/float64(c.Duration)))
		}
	}()
	return greedy.Run(ctx, c)
})

const lineHelp = `Lets a source that always has more to send fill a line, without codec and session: how much of the
line it uses, how long its queue becomes, how several of them share it.`

// lineCommand is "bench line".
func lineCommand(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("line", flag.ContinueOnError)
	lines := flags.String("line", "", "`lines`: built-in ones or files, with commas between")
	flows := flags.Int("flows", 1, "`viewers` that share the line")
	loss := flags.Float64("loss", 0, "`share` of packets lost beside what the line loses, both ways, 0 to 0.9")
	seeds := flags.Int("seeds", 1, "runs on each line, with seeds 1 to `N`")
	long := flags.Duration("for", time.Minute, "how long, in virtual time")
	asJSON := flags.Bool("json", false, "one JSON object for each line and seed")
	if done, err := parse(flags, args, out, lineHelp); done || err != nil {
		return err
	}
	over, err := linesOf(*lines)
	switch {
	case err != nil:
		return err
	case *flows < 1 || *flows > 64:
		return wrongf("-flows %d: want 1 to 64", *flows)
	case !(*loss >= 0 && *loss <= 0.9):
		return wrongf("-loss %g: want 0 to 0.9", *loss)
	case *seeds < 1 || *seeds > maxSeeds:
		return wrongf("-seeds %d: want 1 to %d", *seeds, maxSeeds)
	case *long < 3*time.Second || *long > time.Hour:
		return wrongf("-for %v: want 3s to 1h", *long)
	}
	show := newProgress(log)
	show.begin(len(over) * *seeds)
	defer show.end()
	pool := virtual.NewPool(virtual.PoolConfig{})
	var jobs []job[greedy.Result]
	for _, l := range over {
		for seed := range *seeds {
			c := greedy.Config{Line: l, Flows: *flows, Loss: *loss, Seed: uint64(seed + 1), Duration: *long}
			name := fmt.Sprintf("%s, seed %d", l.Name, c.Seed)
			jobs = append(jobs, job[greedy.Result]{name, func() (greedy.Result, error) {
				return greedySources.Run(ctx, pool, c, show.start(name))
			}})
		}
	}
	results := make([]*greedy.Result, len(jobs))
	err = inOrder(ctx, jobs, show, func(i int, r greedy.Result) error {
		results[i] = &r
		if *asJSON {
			return json.NewEncoder(out).Encode(r)
		}
		return nil
	})
	show.end()
	if !*asJSON {
		writeLines(out, results, *seeds)
	}
	return err
}

// linesOf loads the lines that a flag names.
func linesOf(value string) (lines []netsim.Line, err error) {
	names, err := list("line", value)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		l, err := netsim.Load(name)
		if err != nil {
			return nil, wrong{err}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// writeLines shows medians, and in brackets the lowest and the highest.
func writeLines(out io.Writer, results []*greedy.Result, seeds int) {
	percent := func(share float64) measure.Millis { return measure.Millis(100 * share) }
	columns := []column[greedy.Result]{
		{"goodput kbit/s", func(r greedy.Result) measure.Millis { return measure.Millis(r.GoodputBps / 1e3) }},
		{"used %", func(r greedy.Result) measure.Millis { return percent(r.Utilization) }},
		{"queue p50", func(r greedy.Result) measure.Millis { return measure.Millis(r.QueueP50Ms) }},
		{"p95", func(r greedy.Result) measure.Millis { return measure.Millis(r.QueueP95Ms) }},
		{"resent %", func(r greedy.Result) measure.Millis { return percent(r.ResentShare) }},
		{"overhead %", func(r greedy.Result) measure.Millis { return percent(r.OverheadShare) }},
		{"up kbit/s", func(r greedy.Result) measure.Millis { return measure.Millis(r.UpBps / 1e3) }},
		{"ramp 70 %", func(r greedy.Result) measure.Millis {
			if r.Ramp70Ms == nil {
				return measure.Never
			}
			return measure.Millis(*r.Ramp70Ms)
		}},
		{"jain", func(r greedy.Result) measure.Millis { return measure.Millis(r.Jain) }},
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "line\tflows")
	for _, c := range columns {
		fmt.Fprint(w, "\t"+c.head)
	}
	fmt.Fprintln(w)
	for runs := range bySeeds(results, seeds) {
		fmt.Fprintf(w, "%s\t%d", runs[0].Line, runs[0].Flows)
		for _, c := range columns {
			fmt.Fprint(w, "\t"+spread(runs, c.value))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	fmt.Fprintln(out, caption(seeds))
}
