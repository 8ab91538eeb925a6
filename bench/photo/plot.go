package photo

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
)

// Curve is a coder's mean over all photographs.
type Curve struct {
	Name  string
	Means []Point // at Rates
	at    func(bpp float64) Point
}

// CurveOf is the mean of pictures' points.
func CurveOf(name string, pictures [][]Point) Curve {
	at := func(bpp float64) (mean Point) {
		mean.BPP = bpp
		for _, points := range pictures {
			p := At(points, bpp)
			mean.Luma += p.Luma / float64(len(pictures))
			mean.RGB += p.RGB / float64(len(pictures))
		}
		return mean
	}
	c := Curve{Name: name, at: at}
	for _, r := range Rates {
		c.Means = append(c.Means, at(r))
	}
	return c
}

// Summary is what a report shows.
type Summary struct {
	Photographs    int
	Size           string
	Curves         []Curve
	Exact, OneStep float64 // Thinpane's, bits per pixel
	WebPExact      float64 // 0: not measured
	Encode, Decode float64 // million pixels a second, coarse pass
}

const (
	plotWidth, plotHeight = 720, 380
	plotLeft, plotBottom  = 48, 36
	lowBPP, highBPP       = 0.13, 1.0
	lowDB, highDB         = 34.0, 50.0
)

var colours = []string{"#2563eb", "#d97706", "#059669", "#9333ea"}

// plot draws luma's PSNR over the rate.
func (s Summary) plot() template.HTML {
	x := func(bpp float64) float64 {
		return plotLeft + (plotWidth-plotLeft-130)*math.Log(bpp/lowBPP)/math.Log(highBPP/lowBPP)
	}
	y := func(db float64) float64 { return (plotHeight - plotBottom) * (highDB - db) / (highDB - lowDB) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 -8 %d %d" role="img" aria-label="PSNR of luma over bits per pixel">`, plotWidth, plotHeight+8)
	for db := lowDB; db <= highDB; db += 4 {
		fmt.Fprintf(&b, `<line x1="%d" x2="%.0f" y1="%.1f" y2="%.1f" class="grid"/><text x="%d" y="%.1f" text-anchor="end">%.0f dB</text>`,
			plotLeft, x(highBPP), y(db), y(db), plotLeft-6, y(db)+4, db)
	}
	for _, bpp := range []float64{0.15, 0.3, 0.6, 1} {
		fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="0" y2="%d" class="grid"/><text x="%.1f" y="%d" text-anchor="middle">%g</text>`,
			x(bpp), x(bpp), plotHeight-plotBottom, x(bpp), plotHeight-plotBottom+16, bpp)
	}
	fmt.Fprintf(&b, `<text x="%.0f" y="%d" text-anchor="middle">bits per pixel</text>`, (x(lowBPP)+x(highBPP))/2, plotHeight-4)
	for k, c := range s.Curves {
		colour := colours[k%len(colours)]
		var points []string
		end := 0.0
		for bpp := lowBPP; bpp <= highBPP*1.001; bpp *= math.Pow(10, 1.0/30) {
			end = min(max(y(c.at(bpp).Luma), 8), plotHeight-plotBottom)
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(bpp), end))
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`, strings.Join(points, " "), colour)
		fmt.Fprintf(&b, `<rect x="%.0f" y="%d" width="14" height="3" fill="%s"/><text x="%.0f" y="%d">%s</text>`,
			x(highBPP)+14, 20+22*k, colour, x(highBPP)+34, 25+22*k, template.HTMLEscapeString(c.Name))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

var page = template.Must(template.New("photo").Funcs(template.FuncMap{
	"plot": Summary.plot,
	"db":   func(v float64) string { return fmt.Sprintf("%.1f", v) },
	"bpp":  func(v float64) string { return fmt.Sprintf("%.2f", v) },
}).Parse(`<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Photographs</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:780px;margin:24px auto;padding:0 16px}
table{border-collapse:collapse;margin:12px 0}td,th{padding:4px 14px;border-bottom:1px solid #8886;text-align:right}
td:first-child,th:first-child{text-align:left}
svg{width:100%;height:auto;font:12px system-ui,sans-serif;fill:currentColor}.grid{stroke:#8884}
</style>
<h1>Photographs</h1>
<p>Means of {{.Photographs}} photographs of {{.Size}} pixels, PSNR of luma / RGB in dB at bits per pixel:</p>
<table><tr><th>coder{{range (index .Curves 0).Means}}<th>{{bpp .BPP}}{{end}}</tr>
{{range .Curves}}<tr><td>{{.Name}}{{range .Means}}<td>{{db .Luma}} / {{db .RGB}}{{end}}</tr>{{end}}</table>
<p>Luma over the rate:</p>
{{plot .}}
<p>Exactly, bits per pixel: Thinpane at once {{bpp .Exact}}, coarsely first {{bpp .OneStep}}{{if .WebPExact}}; WebP without loss {{bpp .WebPExact}}{{end}}.
The coarse pass codes {{db .Encode}} and decodes {{db .Decode}} million pixels a second.</p>
</html>
`))

// Write writes the report's page.
func Write(w io.Writer, s Summary) error { return page.Execute(w, s) }
