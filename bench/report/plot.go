package report

import (
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"time"
)

// A plot's measures, in CSS pixels: a lane for each system, one above the other.
const (
	plotWidth             = 460
	plotLeft, plotRight   = 58, 12
	plotTop, plotBottom   = 8, 42
	laneHeight, laneGap   = 62, 24 // the gap holds the name of the lane below
	horizontalMarks       = 6
	verticalMarks         = 2
	maxPlotted            = 60 * time.Second
	tickLength, labelDrop = 4, 17
)

// plot is a kind of picture of Series.
type plot struct {
	title  string
	yTitle string
	read   string // how to read it, one sentence
	values func(Series) []float64
	unit   float64 // what of the values is 1 on the axis
	top    float64 // the axis' least top; 0: as the values ask
	limit  bool    // the line's rate is drawn
}

var plots = []plot{
	{
		title: "What is put on the line", yTitle: "kbit/s", unit: 1000, limit: true,
		read:   "The filled area is the data sent, with what makes coarse pictures exact in idle time; what lies above the dashed line has to wait in the queue first.",
		values: func(s Series) []float64 { return s.Bits },
	},
	{
		title: "What the user can read", yTitle: "legible tiles, %", unit: 0.01, top: 100,
		read:   "At 100 % the whole screen can be read as the source shows it at that moment; each dip is a change that has not arrived yet, so the fewer, narrower and flatter, the better.",
		values: func(s Series) []float64 { return s.Legible },
	},
	{
		title: "What a key press would wait for", yTitle: "queue, ms", unit: 1,
		read:   "The longest wait in the line's queue: whatever is sent next waits this long before it even leaves, so high ground means that a letter typed now appears late.",
		values: func(s Series) []float64 { return s.Queue },
	},
}

// draw makes the plot of the series of a crossing. order gives each system its colour.
func (p plot) draw(c Crossing, order []string) template.HTML {
	longest, most := 0.0, p.top
	for _, s := range c.Plots {
		longest = max(longest, float64(len(p.values(s)))*s.Step.Seconds())
		for _, v := range p.values(s) {
			most = max(most, v/p.unit)
		}
	}
	if p.limit {
		most = max(most, c.Bps/p.unit)
	}
	height := plotTop + len(c.Plots)*(laneGap+laneHeight) + plotBottom
	x := newAxis(min(longest, maxPlotted.Seconds()), horizontalMarks, plotLeft, plotWidth-plotLeft-plotRight)

	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="plot" viewBox="0 0 %d %d" role="img" aria-label="%s over time, %s">`,
		plotWidth, height, html.EscapeString(p.yTitle), html.EscapeString(c.Line))
	for i, s := range c.Plots {
		bottom := float64(plotTop + (i+1)*(laneGap+laneHeight))
		p.lane(&b, s, c.Bps, slices.Index(order, s.System), x, newAxis(most, verticalMarks, bottom, -laneHeight))
	}
	p.feet(&b, x, float64(height))
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// lane draws one system's course.
func (p plot) lane(b *strings.Builder, s Series, bps float64, k int, x, y axis) {
	for _, v := range y.marks() {
		fmt.Fprintf(b, `<path class="grid" d="M%.1f %.1fH%.1f"/>`, x.origin, y.at(v), x.at(x.top))
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, x.origin-6, y.at(v)+4, y.label(v))
	}
	for _, v := range x.marks() {
		fmt.Fprintf(b, `<path class="grid" d="M%.1f %.1fv%d"/>`, x.at(v), y.origin, tickLength)
	}
	if line := staircase(p.values(s), s.Step, p.unit, x, y); line != "" {
		fmt.Fprintf(b, `<path class="area f%d" d="%sV%.1fH%.1fZ"/><path class="series s%d" d="%s"/>`, k, line, y.origin, x.origin, k, line)
	}
	if p.limit {
		fmt.Fprintf(b, `<path class="limit" d="M%.1f %.1fH%.1f"/>`, x.origin, y.at(bps/p.unit), x.at(x.top))
	}
	if at := s.Began.Seconds(); s.Began > 0 && at <= x.top {
		fmt.Fprintf(b, `<path class="began" d="M%.1f %.1fV%.1f"/><path class="flag" d="M%.1f %.1fl-4 -7h8z"/>`,
			x.at(at), y.origin, y.at(y.top), x.at(at), y.at(y.top))
	}
	fmt.Fprintf(b, `<text class="lane f%d" x="%.1f" y="%.1f" text-anchor="end">%s</text>`, k, x.at(x.top), y.at(y.top)-6, html.EscapeString(s.System))
	fmt.Fprintf(b, `<path class="axis" d="M%.1f %.1fV%.1fH%.1f"/>`, x.origin, y.at(y.top), y.origin, x.at(x.top))
}

// feet writes what all lanes share below them, and beside.
func (p plot) feet(b *strings.Builder, x axis, height float64) {
	bottom := height - plotBottom
	for _, v := range x.marks() {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x.at(v), bottom+labelDrop, x.label(v))
	}
	fmt.Fprintf(b, `<text class="title" x="%.1f" y="%.1f" text-anchor="middle">seconds after asking to connect</text>`, (x.origin+x.at(x.top))/2, height-6)
	fmt.Fprintf(b, `<text class="title" transform="translate(13 %.1f) rotate(-90)" text-anchor="middle">%s</text>`, (plotTop+bottom)/2, html.EscapeString(p.yTitle))
}

// staircase is the path of values that each hold for a step. Points in a straight line
// are left out.
func staircase(values []float64, step time.Duration, unit float64, x, y axis) string {
	var b strings.Builder
	last := ""
	for i, v := range values {
		from := float64(i) * step.Seconds()
		if from >= x.top {
			break
		}
		at := fmt.Sprintf("%.1f", y.at(v/unit))
		switch {
		case i == 0:
			fmt.Fprintf(&b, "M%.1f %s", x.at(from), at)
		case at != last:
			fmt.Fprintf(&b, "H%.1fV%s", x.at(from), at)
		}
		last = at
	}
	if len(values) > 0 {
		fmt.Fprintf(&b, "H%.1f", x.at(float64(len(values))*step.Seconds()))
	}
	return b.String()
}
