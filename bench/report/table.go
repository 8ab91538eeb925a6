package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/thinpane/thinpane/bench/measure"
)

// column is one of the table of figures. Less is better in each.
type column struct {
	Head, Unit, About string
	Checked           bool // also in the table of checks
	value             func(Figures) float64
	text              func(float64) string
}

var columns = []column{
	{"first screen", "s", "from asking to connect until all of it can be read.", true, ms(func(f Figures) measure.Millis { return f.FirstLegible }), inSeconds},
	{"key to picture", "ms, median", "from a key press, or a turn of the wheel, up the line and back until what it changed can be read.", false, ms(func(f Figures) measure.Millis { return f.EchoP50 }), inMillis},
	{"", "ms, 95 %", "", false, ms(func(f Figures) measure.Millis { return f.EchoP95 }), inMillis},
	{"change", "ms, median", "from a change of the source's screen until all of it can be read.", true, ms(func(f Figures) measure.Millis { return f.LegibleP50 }), inMillis},
	{"", "ms, 95 %", "", true, ms(func(f Figures) measure.Millis { return f.LegibleP95 }), inMillis},
	{"large change", "ms, median", "the same for changes of more than 64 tiles of 16 x 16 pixels: a scroll, a new window.", true, ms(func(f Figures) measure.Millis { return f.PageP50 }), inMillis},
	{"", "ms, 95 %", "", true, ms(func(f Figures) measure.Millis { return f.PageP95 }), inMillis},
	{"never", "changes", "how many never could be read.", false, func(f Figures) float64 { return float64(f.LegibleNever) }, inUnits},
	{"out of date", "% of screen", "on average over the recording.", true, func(f Figures) float64 { return 100 * f.Staleness }, inPercent},
	{"queue", "ms, 95 %", "how long a packet waited before it left, while the recording played.", true, ms(func(f Figures) measure.Millis { return f.QueueP95 }), inMillis},
	{"first data", "kB", "bytes on the line until the first screen, with all headers.", true, func(f Figures) float64 { return float64(f.BytesFirst) / 1000 }, inUnits},
	{"all data", "kB", "until the end, refinement in idle time with it.", true, func(f Figures) float64 { return float64(f.BytesDown) / 1000 }, inUnits},
}

// cell is a figure: the median, and the spread where several runs differ.
type cell struct {
	Text, Spread string
	Best         bool

	median float64
}

func ms(get func(Figures) measure.Millis) func(Figures) float64 {
	return func(f Figures) float64 { return float64(get(f)) }
}

// cellOf sums up a system's runs.
func cellOf(c column, runs []Figures) cell {
	var v []float64
	for _, f := range runs {
		v = append(v, c.value(f))
	}
	slices.SortFunc(v, cmp.Compare)
	m := v[(len(v)-1)/2]
	out := cell{Text: show(c, m), median: m}
	if low, high := show(c, v[0]), show(c, v[len(v)-1]); low != high {
		out.Spread = low + " – " + high
	}
	return out
}

// markBest marks the best of a column, if it is better than another one as it is shown.
func markBest(column []*cell) {
	if len(column) < 2 {
		return
	}
	best := slices.MinFunc(column, func(a, b *cell) int { return cmp.Compare(a.median, b.median) })
	worse := slices.ContainsFunc(column, func(c *cell) bool { return c.Text != best.Text })
	for _, c := range column {
		c.Best = worse && c.Text == best.Text
	}
}

func show(c column, v float64) string {
	if math.IsInf(v, 0) {
		return "never"
	}
	return c.text(v)
}

func inSeconds(ms float64) string { return fmt.Sprintf("%.2f", ms/1000) }
func inMillis(ms float64) string  { return grouped(ms) }
func inUnits(v float64) string    { return grouped(v) }

func inPercent(v float64) string {
	if v < 10 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

// grouped writes an integer with thin gaps between thousands.
func grouped(v float64) string {
	s := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}
