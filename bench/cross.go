package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"sync"

	"github.com/thinpane/thinpane/bench/coding"
	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/codec"
)

// crossings is a run in a child process: a recording crosses a line.
var crossings = virtual.NewJob("crossing", func(c crossingJob, tell virtual.Tell) (out crossing.Outcome, err error) {
	err = c.Part.use(func(rec trace.Recording) error {
		out, _, err = crossing.Measure(rec, crossing.Thinpane{}, c.Config, tell)
		return err
	})
	return out, err
})

// crossingJob says what crosses, where and how.
type crossingJob struct {
	Part   part
	Config crossing.Config
}

const crossHelp = `Lets recordings cross simulated lines through the whole of Thinpane, in virtual time, and says what
the user saw, and when. One run is an anecdote: quote the median of five seeds, and the spread.

  go run ./bench -trace typing,mine.trace.zip -line dsl-512k,thin-256k -seeds 5`

const maxSeeds = 1000

// crossCommand is bench with -trace and -line.
func crossCommand(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	traces := flags.String("trace", "", "`recordings`: files or built-in ones, with commas between")
	lines := flags.String("line", "", "`lines`: built-in ones or files, with commas between")
	from := flags.Float64("from", 0, "begin at so many `ms` of each recording")
	length := flags.Float64("len", 0, "take so many `ms` of each recording; 0: to its end")
	seeds := flags.Int("seeds", 1, "runs of each recording over each line, with seeds 1 to `N`")
	warm := flags.Bool("warm", false, "start the recording's clock 5 s after the first screen is exact, not when it is legible")
	viewerCPU := flags.Float64("viewer-cpu", 1, "how many `times` slower the viewer's core is than the cost table's")
	asJSON := flags.Bool("json", false, "one JSON object for each recording, line and seed")
	if done, err := parse(flags, args, out, crossHelp); done || err != nil {
		return err
	}
	names, err := list("trace", *traces)
	if err != nil {
		return err
	}
	parts, err := partsOf(names, *from, *length)
	if err != nil {
		return err
	}
	over, err := linesOf(*lines)
	if err != nil {
		return err
	}
	if *seeds < 1 || *seeds > maxSeeds {
		return wrongf("-seeds %d: want 1 to %d", *seeds, maxSeeds)
	}
	if !(*viewerCPU > 0 && *viewerCPU <= 1000) {
		return wrongf("-viewer-cpu %g: want more than 0, at most 1000", *viewerCPU)
	}
	show := newProgress(log)
	show.begin(len(parts) * len(over) * *seeds)
	defer show.end()
	pool := virtual.NewPool(virtual.PoolConfig{})
	floors := newFloorCache()
	var jobs []job[crossing.Result]
	for _, p := range parts {
		for _, l := range over {
			for seed := range *seeds {
				c := crossing.Config{Line: l, Seed: uint64(seed + 1), Warm: *warm, ViewerCPU: *viewerCPU}
				name := fmt.Sprintf("%s over %s, seed %d", p.Trace, l.Name, c.Seed)
				jobs = append(jobs, job[crossing.Result]{name, func() (r crossing.Result, err error) {
					if c.Coded, err = floors.coded(p); err != nil {
						return r, err
					}
					o, err := crossings.Run(ctx, pool, crossingJob{p, c}, show.start(name))
					return o.Result, err
				}})
			}
		}
	}
	results := make([]*crossing.Result, len(jobs))
	err = inOrder(ctx, jobs, show, func(i int, r crossing.Result) error {
		results[i] = &r
		if *asJSON {
			return json.NewEncoder(out).Encode(r)
		}
		return nil
	})
	show.end()
	if !*asJSON {
		writeCrossings(out, results, *seeds)
	}
	return err
}

// floorCache codes each part of a recording once, for the floors of all its runs.
type floorCache struct {
	mu    sync.Mutex
	parts map[part]func() ([]int, error)
}

func newFloorCache() *floorCache { return &floorCache{parts: map[part]func() ([]int, error){}} }

// coded is what each update after the first takes, coded to exact alone.
func (f *floorCache) coded(p part) ([]int, error) {
	f.mu.Lock()
	once, known := f.parts[p]
	if !known {
		once = sync.OnceValues(func() (sizes []int, err error) {
			err = p.use(func(rec trace.Recording) error {
				c, err := coding.Exactly(rec, codec.Strong, false)
				sizes = c.Updates
				return err
			})
			return sizes, err
		})
		f.parts[p] = once
	}
	f.mu.Unlock()
	return once()
}
