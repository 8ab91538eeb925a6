package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed report.html.tmpl
var layout string

var page = template.Must(template.New("report").Parse(layout))

// What the layout is filled with.
type (
	view struct {
		Command, Machine, Made, Took, Seeds string

		Systems  []legend
		Columns  []column
		Width    int // of the table, in columns
		Groups   []group
		Parts    []partView
		Checks   Checks
		Checked  []rowView
		Notes    []string
		Pictures template.CSS
	}
	legend struct {
		Index       int
		Name, About string
	}
	group struct {
		Title, Line string
		Rows        []rowView
	}
	rowView struct {
		Index                int
		System, Name, Failed string
		Cells                []*cell
	}
	partView struct {
		Title, About string
		Ratio        template.CSS
		Strip        stripView
		Lines        []lineView
	}
	stripView struct {
		Line   string
		Frames []string
		Rows   []stripRowView
	}
	stripRowView struct {
		System, About string
		Shots         []shotView
	}
	shotView struct {
		Class, Caption, Alt string
		Ratio, Legible      template.CSS
	}
	lineView struct {
		Line   string
		Splits []*splitView
		Plots  []plotView
	}
	plotView struct {
		Title, Read string
		SVG         template.HTML
	}
)

// Write writes the report as one HTML file.
func Write(w io.Writer, d Document) error {
	b := builder{doc: d, classes: map[[32]byte]string{}}
	v := view{
		Command: d.Command, Machine: d.Machine, Made: d.Made.Format("2 January 2006, 15:04"),
		Took: d.Took.Round(time.Second).String(), Seeds: seedsOf(d),
		Columns: columns, Width: len(columns) + 1, Checks: d.Checks, Notes: d.Notes,
	}
	for i, s := range d.Systems {
		v.Systems = append(v.Systems, legend{i, s.Name, s.About})
		b.order = append(b.order, s.Name)
	}
	for _, p := range d.Parts {
		for _, c := range p.Lines {
			v.Groups = append(v.Groups, b.group(p, c))
		}
		v.Parts = append(v.Parts, b.part(p))
	}
	for _, c := range d.Checks.Rows {
		v.Checked = append(v.Checked, checked(c))
	}
	v.Pictures = template.CSS(b.css.String())
	var out bytes.Buffer // a report is whole or it is not written
	if err := page.Execute(&out, v); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

func seedsOf(d Document) string {
	most := 0
	for _, p := range d.Parts {
		for _, c := range p.Lines {
			for _, r := range c.Rows {
				most = max(most, len(r.Runs))
			}
		}
	}
	if most < 2 {
		return "One run of each."
	}
	return fmt.Sprintf("Medians of up to %d runs with other losses, jitter and chance; small: from the least to the most.", most)
}

// builder gathers the pictures while it goes through the document.
type builder struct {
	doc     Document
	order   []string // of the systems
	classes map[[32]byte]string
	css     strings.Builder
}

func (b *builder) index(system string) int { return slices.Index(b.order, system) }

func (b *builder) group(p Part, c Crossing) group {
	g := group{Title: p.Title, Line: c.Line}
	byColumn := make([][]*cell, len(columns))
	for _, r := range c.Rows {
		row := rowView{Index: b.index(r.System), System: r.System, Failed: r.Failed}
		if len(r.Runs) > 0 {
			for i, col := range columns {
				x := cellOf(col, r.Runs)
				row.Cells = append(row.Cells, &x)
				byColumn[i] = append(byColumn[i], &x)
			}
		}
		g.Rows = append(g.Rows, row)
	}
	for _, cells := range byColumn {
		markBest(cells)
	}
	return g
}

func (b *builder) part(p Part) partView {
	ratio := template.CSS(fmt.Sprintf("%.4f", float64(p.Size.X)/float64(max(1, p.Size.Y))))
	v := partView{Title: p.Title, About: p.About, Ratio: ratio}
	v.Strip = stripView{Line: p.Strip.Line, Frames: p.Strip.Frames}
	for _, r := range p.Strip.Rows {
		row := stripRowView{System: r.System, About: r.About}
		for i, s := range r.Shots {
			alt := fmt.Sprintf("%s: %s, %s", r.System, p.Strip.Frames[i], s.Caption)
			row.Shots = append(row.Shots, shotView{
				Class: b.picture(s.JPEG), Caption: s.Caption, Alt: alt, Ratio: ratio,
				Legible: template.CSS(fmt.Sprintf("%.1f%%", 100*min(max(s.Legible, 0), 1))),
			})
		}
		v.Strip.Rows = append(v.Strip.Rows, row)
	}
	for _, c := range p.Lines {
		l := lineView{Line: c.Line}
		for _, r := range c.Rows {
			if s := splitOf(r); s != nil {
				l.Splits = append(l.Splits, s)
			}
		}
		for _, q := range plots {
			l.Plots = append(l.Plots, plotView{Title: q.title, Read: q.read, SVG: q.draw(c, b.order)})
		}
		v.Lines = append(v.Lines, l)
	}
	return v
}

// picture is the CSS class of a picture, of which each is in the file once.
func (b *builder) picture(jpeg []byte) string {
	if jpeg == nil {
		return ""
	}
	sum := sha256.Sum256(jpeg)
	class, known := b.classes[sum]
	if !known {
		class = fmt.Sprintf("i%d", len(b.classes))
		b.classes[sum] = class
		fmt.Fprintf(&b.css, ".%s{background-image:url(data:image/jpeg;base64,%s)}\n", class, base64.StdEncoding.EncodeToString(jpeg))
	}
	return class
}

// checked is a rival beside what it stands for.
func checked(c Check) rowView {
	row := rowView{Name: c.Recording + ", " + c.Line}
	for _, col := range columns {
		if col.Checked {
			row.Cells = append(row.Cells, &cell{Text: cellOf(col, c.Rival).Text, Spread: show(col, col.value(c.Product))})
		}
	}
	return row
}
