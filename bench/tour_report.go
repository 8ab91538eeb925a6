package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"runtime"
	"slices"
	"time"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/report"
	"github.com/thinpane/thinpane/bench/rival"
	"github.com/thinpane/thinpane/bench/trace"
)

// plotStep is the time between points of the plots.
const plotStep = 500 * ms

var tourNotes = []string{
	"The lines are simulated, and time is virtual. Our CPU time is charged to it: counted work times what it costs on a core about half as fast as a small server's, one core for the host and one for the viewer.",
	"The rivals are ours, too: simple coders over a simulated TCP connection (NewReno, an initial window of ten segments), one update outstanding as in VNC, behind RFB's handshake. Their CPU time is not charged, which is kinder to them.",
	"Legible means: brightness within an RMSE of 10 of 255 over each tile of 16 x 16 pixels and within 16 in each block of 4 x 4, and the mean of each colour within 4. A picture that is coarser than that counts as not there.",
	"Runs of ours do not repeat bit for bit, because pion draws random numbers: look at the spread.",
}

// tourDocument gathers what the report shows.
func tourDocument(groups []*group) (report.Document, error) {
	doc := report.Document{
		Command: "go run ./bench", Machine: fmt.Sprintf("%d cores (%s/%s)", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH),
		Made: time.Now(), Notes: tourNotes, Checks: tourChecks(groups),
	}
	for _, s := range systems {
		doc.Systems = append(doc.Systems, report.System{Name: s.name, About: s.about})
	}
	for i, e := range exhibits {
		p, err := tourPart(e, slices.DeleteFunc(slices.Clone(groups), func(g *group) bool { return g.exhibit != i }))
		if err != nil {
			return doc, fmt.Errorf("%s: %w", e.name, err)
		}
		doc.Parts = append(doc.Parts, p)
	}
	return doc, nil
}

// tourPart is what became of one exhibit; groups are its own.
func tourPart(e exhibit, groups []*group) (report.Part, error) {
	rec, err := openBuiltIn(e.name)
	if err != nil {
		return report.Part{}, err
	}
	p := report.Part{Name: e.name, Title: e.title, About: e.about, Size: rec.Size()}
	for _, g := range groups {
		title := lineTitle(g.line)
		if n := len(p.Lines); n == 0 || p.Lines[n-1].Line != title {
			p.Lines = append(p.Lines, report.Crossing{Line: title, Bps: g.line.Down.MeanBps()})
		}
		c := &p.Lines[len(p.Lines)-1]
		row := report.Row{System: g.system}
		if len(g.outcomes) == 0 && g.failed != nil {
			row.Failed = g.failed.Error()
		}
		for _, o := range g.outcomes {
			row.Runs = append(row.Runs, figuresOf(o.Result))
		}
		if len(g.outcomes) > 0 {
			c.Plots = append(c.Plots, seriesOf(g.system, g.outcomes[0]))
		}
		c.Rows = append(c.Rows, row)
	}
	p.Strip, err = stripOf(rec, e, groups)
	return p, err
}

func figuresOf(r crossing.Result) report.Figures {
	return report.Figures{
		FirstLegible: r.FirstLegible, FirstExact: r.FirstExact,
		LegibleP50: r.LegibleP50, LegibleP95: r.LegibleP95, PageP50: r.PageP50, PageP95: r.PageP95,
		LegibleNever: r.LegibleNever, EchoP50: r.EchoP50, EchoP95: r.EchoP95,
		BytesFirst: r.BytesFirst, BytesDown: r.BytesDown, QueueP95: r.QueueP95, Staleness: r.Staleness,
		Split: report.Split{
			Exact: r.BytesExact, Coarse: r.BytesCoarse, Refined: r.BytesRefined, Other: r.BytesOther, Repair: r.BytesRepair,
			Overwritten: r.Overwritten,
		},
	}
}

// seriesOf joins a run's fine steps to the plots' coarser ones; the last one may be shorter.
func seriesOf(system string, o crossing.Outcome) report.Series {
	s := o.Observed.Series
	join := int(plotStep / s.Step)
	out := report.Series{System: system, Step: plotStep, Began: s.Start}
	for i := 0; i < len(s.Legible); i += join {
		end := min(i+join, len(s.Legible))
		bytes, queue := 0, measure.Millis(0)
		for k := i; k < end; k++ {
			bytes += s.BytesDown[k]
			queue = max(queue, s.Queue[k])
		}
		out.Bits = append(out.Bits, float64(bytes)*8/(time.Duration(end-i)*s.Step).Seconds())
		out.Legible = append(out.Legible, s.Legible[end-1])
		out.Queue = append(out.Queue, float64(queue))
	}
	if o.Result.FinalExact { // what ended the run
		out.Legible = append(out.Legible, 1)
	}
	return out
}

// stripOf is the filmstrip: the source by our clock, then each system.
func stripOf(rec trace.Recording, e exhibit, groups []*group) (report.Strip, error) {
	strip := report.Strip{}
	for _, at := range connectMoments {
		strip.Frames = append(strip.Frames, fmt.Sprintf("after %.3g s", at.Seconds()))
	}
	for _, m := range e.moments {
		strip.Frames = append(strip.Frames, m.title)
	}
	for _, g := range groups {
		for _, o := range g.outcomes {
			if len(o.Observed.AfterConnecting) == 0 {
				continue
			}
			strip.Line = lineTitle(g.line)
			if len(strip.Rows) == 0 {
				row, err := sourceRow(rec, e, g.system, o.Observed.Series.Start)
				if err != nil {
					return strip, err
				}
				strip.Rows = append(strip.Rows, row)
			}
			row, err := systemRow(g.system, e, o.Observed)
			if err != nil {
				return strip, err
			}
			strip.Rows = append(strip.Rows, row)
		}
	}
	return strip, nil
}

// sourceRow is what the source showed at each moment, when its clock started at start.
func sourceRow(rec trace.Recording, e exhibit, system string, start time.Duration) (report.StripRow, error) {
	row := report.StripRow{System: "The source", About: "by " + system + "'s clock"}
	var clocks []time.Duration
	for _, at := range connectMoments {
		clocks = append(clocks, min(max(0, at-start), rec.Duration()))
	}
	for _, m := range e.moments {
		clocks = append(clocks, m.at)
	}
	shots := make([]report.Shot, len(clocks))
	pic := image.NewRGBA(image.Rectangle{Max: rec.Size()})
	take := func(until time.Duration) (err error) {
		for i, at := range clocks {
			if at < until && shots[i].JPEG == nil && err == nil {
				shots[i].Caption, shots[i].Legible = clock(at), 1
				shots[i].JPEG, err = report.Thumbnail(pic)
			}
		}
		return err
	}
	for u, err := range rec.Updates() {
		if err != nil {
			return row, err
		}
		if err := take(u.At); err != nil {
			return row, err
		}
		copy(pic.Pix, u.Picture.Pix)
	}
	row.Shots = shots
	return row, take(rec.Duration() + 1)
}

// systemRow is what the user saw.
func systemRow(system string, e exhibit, o crossing.Observed) (report.StripRow, error) {
	row := report.StripRow{System: system}
	add := func(taken []crossing.Seen, at time.Duration, of time.Duration) error {
		shot := report.Shot{Caption: "the run had ended"}
		for _, s := range taken {
			if s.At != at {
				continue
			}
			shot.Caption, shot.Legible = fmt.Sprintf("%.0f %% legible, %s", 100*s.Legible, clock(of)), s.Legible
			pic, err := png.Decode(bytes.NewReader(s.PNG))
			if err != nil {
				return err
			}
			if s.Legible == 0 && blank(pic) {
				shot.Caption = ""
				break
			}
			if shot.JPEG, err = report.Thumbnail(pic); err != nil {
				return err
			}
		}
		row.Shots = append(row.Shots, shot)
		return nil
	}
	for _, at := range connectMoments {
		if err := add(o.AfterConnecting, at, at-o.Series.Start); err != nil {
			return row, err
		}
	}
	for _, m := range e.moments {
		if err := add(o.AfterStart, m.at, m.at); err != nil {
			return row, err
		}
	}
	return row, nil
}

// blank tells whether a picture is black all over: nothing has been shown yet.
func blank(pic image.Image) bool {
	b := pic.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := pic.At(x, y).RGBA(); r|g|bl != 0 {
				return false
			}
		}
	}
	return true
}

// clock says where a recording is.
func clock(at time.Duration) string {
	if at <= 0 {
		return "first screen"
	}
	return fmt.Sprintf("at %.1f s", at.Seconds())
}

// tourChecks sets the Tight-like rival beside TigerVNC.
func tourChecks(groups []*group) report.Checks {
	c := report.Checks{
		Title: "How near the Tight-like rival comes to TigerVNC",
		About: "The rival's median; small, below it: TigerVNC 1.12 with its defaults, measured in real time on the same recordings and lines (one run each, Linux's TCP with Reno).",
	}
	for _, t := range rival.Measured {
		for _, g := range groups {
			if g.system != systems[1].name || exhibits[g.exhibit].name != t.Recording || g.line.Name != t.Line || len(g.outcomes) == 0 {
				continue
			}
			var all []report.Figures
			for _, o := range g.outcomes {
				all = append(all, figuresOf(o.Result))
			}
			c.Rows = append(c.Rows, report.Check{
				Recording: t.Recording, Line: t.Line, Rival: all,
				Product: report.Figures{
					FirstLegible: t.FirstLegible, LegibleP50: t.LegibleP50, LegibleP95: t.LegibleP95,
					PageP50: t.PageP50, PageP95: t.PageP95, LegibleNever: t.LegibleNever,
					EchoP50: measure.Never, EchoP95: measure.Never,
					BytesFirst: t.BytesFirst, BytesDown: t.BytesDown, QueueP95: t.QueueP95, Staleness: t.Staleness,
				},
			})
		}
	}
	return c
}
