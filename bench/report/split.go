package report

import (
	"fmt"
	"html/template"
)

// Split says what a run's bytes down were for, zero where that is not known; what it does not name were headers, input's echoes, set-up.
type Split struct {
	Exact, Coarse, Refined, Other, Repair int
	Overwritten                           int // of tiles that the source changed within a second
}

// splitView is a bar of a system's bytes.
type splitView struct {
	System, Read string
	Parts        []splitPart
}

type splitPart struct {
	Name, Text string
	Index      int
	Width      template.CSS
}

// splitOf is the bar of a system's first run, nil where nothing is known of its bytes.
func splitOf(r Row) *splitView {
	if len(r.Runs) == 0 || r.Runs[0].Split.Exact == 0 {
		return nil
	}
	s, all := r.Runs[0].Split, max(1, r.Runs[0].BytesDown)
	v := &splitView{System: r.System}
	rest := all
	add := func(name string, bytes int) {
		rest -= bytes
		share := 100 * float64(bytes) / float64(all)
		v.Parts = append(v.Parts, splitPart{
			Name: name, Text: fmt.Sprintf("%.1f kB", float64(bytes)/1000), Index: len(v.Parts),
			Width: template.CSS(fmt.Sprintf("%.2f%%", min(max(share, 0), 100))),
		})
	}
	add("exact at once", s.Exact)
	add("coarse", s.Coarse)
	add("refined to exact", s.Refined)
	add("copies and places", s.Other)
	add("sent again", s.Repair)
	add("headers and the rest", max(0, rest))
	v.Read = fmt.Sprintf("%.1f kB (%.0f %%) showed tiles that the source changed again within a second, scrolling included.",
		float64(s.Overwritten)/1000, 100*float64(s.Overwritten)/float64(all))
	return v
}
