package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/transport/netsim"
)

// The table on standard output. All times in ms, data in kB.
const rowFormat = "%-10s %-8s %-11s %9s %9s %9s %9s %9s %9s %9s %7s %8s"

func tableHead() string {
	return fmt.Sprintf(rowFormat, "line", "what", "system", "first", "echo p50", "echo p95", "seen p50", "seen p95", "page p95", "queue p95", "stale %", "kB down")
}

// tableRow is the medians of what is known of a group.
func tableRow(g *group) string {
	name := exhibits[g.exhibit].name
	if len(g.outcomes) == 0 {
		return fmt.Sprintf("%-10s %-8s %-11s failed: %v", g.line.Name, name, g.system, g.failed)
	}
	m := func(get func(crossing.Result) float64) float64 { return median(g, get) }
	millis := func(get func(crossing.Result) measure.Millis) string {
		v := m(func(r crossing.Result) float64 { return float64(get(r)) })
		if math.IsInf(v, 0) {
			return "never"
		}
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf(rowFormat, g.line.Name, name, g.system,
		millis(func(r crossing.Result) measure.Millis { return r.FirstLegible }),
		millis(func(r crossing.Result) measure.Millis { return r.EchoP50 }),
		millis(func(r crossing.Result) measure.Millis { return r.EchoP95 }),
		millis(func(r crossing.Result) measure.Millis { return r.LegibleP50 }),
		millis(func(r crossing.Result) measure.Millis { return r.LegibleP95 }),
		millis(func(r crossing.Result) measure.Millis { return r.PageP95 }),
		millis(func(r crossing.Result) measure.Millis { return r.QueueP95 }),
		fmt.Sprintf("%.2f", 100*m(func(r crossing.Result) float64 { return r.Staleness })),
		fmt.Sprintf("%.0f", m(func(r crossing.Result) float64 { return float64(r.BytesDown) })/1000))
}

func median(g *group, get func(crossing.Result) float64) float64 {
	var v []measure.Millis
	for _, o := range g.outcomes {
		v = append(v, measure.Millis(get(o.Result)))
	}
	return float64(measure.Percentile(v, 50))
}

// summary is the whole table, in the groups' order, and what its columns are.
func summary(groups []*group) string {
	var b strings.Builder
	last, most := "", 0
	for _, g := range groups {
		most = max(most, len(g.outcomes))
		if head := lineTitle(g.line) + " - " + exhibits[g.exhibit].title; head != last {
			fmt.Fprintf(&b, "%s\n%s\n", head, tableHead())
			last = head
		}
		fmt.Fprintln(&b, tableRow(g))
	}
	fmt.Fprintf(&b, `
Medians of up to %d runs, in virtual time. All in ms: first: from asking to connect until the first screen is legible; echo: from a key
press or a turn of the wheel until its picture is; seen: from a change of the screen until it is legible; page: the same for large
changes; queue: the line's. stale: share of the screen that is out of date. The rivals' CPU time is not charged, ours is.
`, most)
	return b.String()
}

// lineTitle says what a line is: "thin-256k: 256 kbit/s, 100 ms round trip".
func lineTitle(l netsim.Line) string {
	s := fmt.Sprintf("%s: %s, %d ms round trip", l.Name, rate(l.Down.MeanBps()), (l.Down.Delay + l.Up.Delay).Milliseconds())
	if l.Down.Loss > 0 {
		s += fmt.Sprintf(", %.3g %% of packets lost", 100*l.Down.Loss)
	}
	return s
}

func rate(bps float64) string {
	if bps < 1e6 {
		return fmt.Sprintf("%.3g kbit/s", bps/1e3)
	}
	return fmt.Sprintf("%.3g Mbit/s", bps/1e6)
}
