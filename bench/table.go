package main

import (
	"fmt"
	"io"
	"iter"
	"text/tabwriter"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/measure"
)

// column is one of a table's, from a run. Whatever its unit, it may be infinite.
type column[T any] struct {
	head  string
	value func(T) measure.Millis
}

// bySeeds gives the runs that differ only in their seeds. They stand side by side; those
// that failed are nil, and left out.
func bySeeds[T any](results []*T, seeds int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for ; len(results) >= seeds; results = results[seeds:] {
			var runs []T
			for _, r := range results[:seeds] {
				if r != nil {
					runs = append(runs, *r)
				}
			}
			if len(runs) > 0 && !yield(runs) {
				return
			}
		}
	}
}

var crossingColumns = []column[crossing.Result]{
	{"first legible", func(r crossing.Result) measure.Millis { return r.FirstLegible }},
	{"legible p50", func(r crossing.Result) measure.Millis { return r.LegibleP50 }},
	{"p95", func(r crossing.Result) measure.Millis { return r.LegibleP95 }},
	{"floor p95", func(r crossing.Result) measure.Millis { return r.FloorP95 }},
	{"page p95", func(r crossing.Result) measure.Millis { return r.PageP95 }},
	{"exact p95", func(r crossing.Result) measure.Millis { return r.ExactP95 }},
	{"echo p95", func(r crossing.Result) measure.Millis { return r.EchoP95 }},
	{"queue p95", func(r crossing.Result) measure.Millis { return r.QueueP95 }},
	{"kB down", func(r crossing.Result) measure.Millis { return measure.Millis(float64(r.BytesDown) / 1e3) }},
}

// writeCrossings shows the medians of the runs of each recording and line, and in brackets
// the lowest and the highest.
func writeCrossings(out io.Writer, results []*crossing.Result, seeds int) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "recording\tline")
	for _, c := range crossingColumns {
		fmt.Fprint(w, "\t"+c.head)
	}
	fmt.Fprintln(w, "\tnever\texact at the end")
	for runs := range bySeeds(results, seeds) {
		never, exact := 0, 0
		for _, r := range runs {
			never += r.LegibleNever
			if r.FinalExact {
				exact++
			}
		}
		fmt.Fprintf(w, "%s\t%s", runs[0].Trace, runs[0].Line)
		for _, c := range crossingColumns {
			fmt.Fprint(w, "\t"+spread(runs, c.value))
		}
		fmt.Fprintf(w, "\t%d\t%d of %d\n", never, exact, seeds)
	}
	w.Flush()
	fmt.Fprintln(out, caption(seeds))
	fmt.Fprintln(out, "Never: updates that were never legible, in all runs together.")
}

func caption(seeds int) string {
	if seeds == 1 {
		return "Times in ms. One run is an anecdote: -seeds 5 gives medians and their spread."
	}
	return fmt.Sprintf("Times in ms. Medians of %d runs, and in brackets the lowest and the highest.", seeds)
}

func spread[T any](runs []T, value func(T) measure.Millis) string {
	var v []measure.Millis
	for _, r := range runs {
		v = append(v, value(r))
	}
	low, middle, high := short(measure.Percentile(v, 0)), short(measure.Percentile(v, 50)), short(measure.Percentile(v, 100))
	if low == high {
		return middle
	}
	return fmt.Sprintf("%s (%s-%s)", middle, low, high)
}

func short(m measure.Millis) string {
	switch {
	case m.Infinite():
		return "never"
	case m >= 100:
		return fmt.Sprintf("%.0f", float64(m))
	}
	return fmt.Sprintf("%.1f", float64(m))
}
