package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/report"
	"github.com/thinpane/thinpane/bench/rival"
	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/transport/netsim"
)

// The tour is what bench does without arguments: the recordings inside this program cross a
// few lines by every system; a table and a report come of it, in less than three minutes.

// system is one that is compared.
type system struct {
	name, about string
	carry       crossing.System
}

// systems: ours, then the rivals, the better one first.
var systems = []system{
	{"Thinpane", "is this library: host and viewer, through the real pion stack.", crossing.Thinpane{}},
	{"Tight-like", "codes as TigerVNC does: palettes through zlib, JPEG for photographs, one update outstanding, over TCP.", rival.Tight},
	{"PNG", "sends each damaged rectangle as a PNG file, one update outstanding, over TCP.", rival.PNG},
}

// tourLines are crossed by every exhibit; the filmstrip is of the first one.
var tourLines = []string{"thin-256k", "dsl-512k", "lossy-1m"}

const (
	tourSeeds   = 5
	tourSilence = 20 * time.Second  // of a run, before it is taken for frozen
	tourTime    = 150 * time.Second // after this, no run begins: a slow machine gets fewer seeds
)

// connectMoments are the filmstrip's times after asking to connect.
var connectMoments = []time.Duration{500 * ms, 1 * time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second}

// tourRun is one run; it crosses to a child process.
type tourRun struct {
	Exhibit string
	System  string
	Config  crossing.Config
}

var tourJob = virtual.NewJob("tour", func(r tourRun, tell virtual.Tell) (crossing.Outcome, error) {
	rec, err := openBuiltIn(r.Exhibit)
	if err != nil {
		return crossing.Outcome{}, err
	}
	for _, s := range systems {
		if s.name == r.System {
			o, _, err := crossing.Measure(rec, s.carry, r.Config, tell)
			return o, err
		}
	}
	return crossing.Outcome{}, fmt.Errorf("no system is called %s", r.System)
})

// group is the runs of one exhibit over one line by one system.
type group struct {
	exhibit  int
	line     netsim.Line
	system   string
	outcomes []crossing.Outcome // of the seeds that came through, in their order
	failed   error              // of another one
}

// add keeps the outcomes in order: they come as they are ready.
func (g *group) add(o crossing.Outcome) {
	at, _ := slices.BinarySearchFunc(g.outcomes, o, func(a, b crossing.Outcome) int { return cmp.Compare(a.Result.Seed, b.Result.Seed) })
	g.outcomes = slices.Insert(g.outcomes, at, o)
}

// tour runs all and writes the table to out, progress to progress, and the report to a file
// in folder. It fails when a run of ours does.
func tour(ctx context.Context, out io.Writer, progress *progress, folder string) error {
	groups, runs, err := planTour()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d recordings over %d lines by %d systems: one run of each comes first, medians of up to %d follow.\n\n%s\n",
		len(exhibits), len(tourLines), len(systems), tourSeeds, tableHead())
	runTour(ctx, runs, progress, func(g *group) {
		progress.aside(func() { fmt.Fprintln(out, tableRow(g)) })
	})
	progress.end()
	if err := ctx.Err(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s", summary(groups))
	path, err := writeTour(folder, groups, progress.elapsed())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nReport, with a filmstrip and plots: %s\n", path)
	for _, g := range groups {
		if g.failed != nil {
			return fmt.Errorf("%s over %s by %s: %w", exhibits[g.exhibit].name, g.line.Name, g.system, g.failed)
		}
	}
	return nil
}

// aside does something to the terminal while the display is away.
func (p *progress) aside(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	f()
}

// planned is a run and the group it belongs to.
type planned struct {
	tourRun
	group *group
}

// planTour lists all runs, in the order in which they begin: each line, recording and system
// once, then with the other seeds.
func planTour() (groups []*group, runs []planned, err error) {
	for _, lineName := range tourLines {
		line, err := netsim.Load(lineName)
		if err != nil {
			return nil, nil, err
		}
		for i := range exhibits {
			for _, s := range systems {
				groups = append(groups, &group{exhibit: i, line: line, system: s.name})
			}
		}
	}
	for seed := range tourSeeds {
		for _, g := range groups {
			e := exhibits[g.exhibit]
			r := tourRun{Exhibit: e.name, System: g.system, Config: crossing.Config{Line: g.line, Seed: uint64(seed + 1)}}
			r.Config.Observe.Series = true
			if seed == 0 && g.line.Name == tourLines[0] {
				r.Config.Observe.AfterConnecting = connectMoments
				for _, m := range e.moments {
					r.Config.Observe.AfterStart = append(r.Config.Observe.AfterStart, m.at)
				}
			}
			runs = append(runs, planned{r, g})
		}
	}
	return groups, runs, nil
}

// runTour does the runs, as many at a time as there are processors, and tells each group
// of which it knows something for the first time.
func runTour(ctx context.Context, runs []planned, progress *progress, first func(*group)) {
	workers := runtime.GOMAXPROCS(0)
	pool := virtual.NewPool(virtual.PoolConfig{Workers: workers, Silence: tourSilence})
	turns := make(chan struct{}, workers)
	var all sync.WaitGroup
	var mu sync.Mutex
	progress.begin(len(runs))
	for _, r := range runs {
		turns <- struct{}{} // runs begin in their order
		if ctx.Err() != nil || progress.elapsed() > tourTime {
			break
		}
		all.Go(func() {
			defer func() { <-turns }()
			name := fmt.Sprintf("%s over %s by %s, seed %d", r.Exhibit, r.Config.Line.Name, r.System, r.Config.Seed)
			o, err := tourJob.Run(ctx, pool, r.tourRun, progress.start(name))
			if ctx.Err() != nil {
				return
			}
			progress.finish(name, err)
			mu.Lock()
			defer mu.Unlock()
			unknown := len(r.group.outcomes) == 0 && r.group.failed == nil
			if err != nil {
				r.group.failed = err
			} else {
				r.group.add(o)
			}
			if unknown {
				first(r.group)
			}
		})
	}
	all.Wait()
}

// writeTour writes the report and returns its path.
func writeTour(folder string, groups []*group, took time.Duration) (path string, err error) {
	doc, err := tourDocument(groups)
	if err != nil {
		return "", err
	}
	doc.Took = took
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path = filepath.Join(folder, "report.html")
	var b strings.Builder
	if err := report.Write(&b, doc); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(b.String()), 0o644)
}
