package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/thinpane/thinpane/bench/photo"
)

const photoHelp = `Measures how well photographs are coded: coarsely at several sharpnesses and exactly, beside WebP and AVIF
where their programs are installed (Debian: webp, libavif-bin). Writes bench-out/photo.html, too.`

// pictured is one photograph's figures.
type pictured struct {
	Photograph string `json:"photograph"`
	photo.Coded
	Rivals    map[string][]photo.Point `json:"rivals"`
	WebPExact float64                  `json:"webp_exact_bpp"` // 0: not measured
}

// photoCommand is "bench photo".
func photoCommand(ctx context.Context, args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("photo", flag.ContinueOnError)
	from := flags.String("from", "", "`folder or file`: photographs (default: eight of Debian's package mate-backgrounds)")
	asJSON := flags.Bool("json", false, "one JSON object for each photograph")
	if done, err := parse(flags, args, out, photoHelp); done || err != nil {
		return err
	}
	files, err := photo.Files(*from)
	if err != nil {
		return wrong{err}
	}
	show := newProgress(log)
	show.begin(len(files))
	defer show.end()
	var all []pictured
	for _, name := range files {
		img, err := photo.Open(name)
		if err != nil {
			return wrong{err}
		}
		p, err := picture(ctx, filepath.Base(name), img)
		show.finish(p.Photograph, err)
		if err != nil {
			return err
		}
		if *asJSON {
			if err := json.NewEncoder(out).Encode(p); err != nil {
				return err
			}
		}
		all = append(all, p)
	}
	show.end()
	sum := summaryOf(all)
	if !*asJSON {
		writePhotos(out, sum)
	}
	return writePhotoPage(sum)
}

func picture(ctx context.Context, name string, img *image.RGBA) (p pictured, err error) {
	p = pictured{Photograph: name, Rivals: map[string][]photo.Point{}}
	if p.Coded, err = photo.Ours(img); err != nil {
		return p, err
	}
	for _, r := range photo.Rivals {
		if !r.Installed() {
			continue
		}
		if p.Rivals[r.Name], err = r.Code(ctx, img); err != nil {
			return p, err
		}
	}
	if photo.Rivals[0].Installed() {
		p.WebPExact, err = photo.WebPExact(ctx, img)
	}
	return p, err
}

func summaryOf(all []pictured) photo.Summary {
	n := float64(len(all))
	s := photo.Summary{Photographs: len(all), Size: fmt.Sprintf("%d x %d", photo.Size.X, photo.Size.Y)}
	points := map[string][][]photo.Point{}
	for _, p := range all {
		s.Exact, s.OneStep, s.WebPExact = s.Exact+p.Exact/n, s.OneStep+p.OneStep/n, s.WebPExact+p.WebPExact/n
		s.Encode, s.Decode = s.Encode+p.EncodeMpxps/n, s.Decode+p.DecodeMpxps/n
		points["Thinpane"] = append(points["Thinpane"], p.Points)
		for name, r := range p.Rivals {
			points[name] = append(points[name], r)
		}
	}
	s.Curves = append(s.Curves, photo.CurveOf("Thinpane", points["Thinpane"]))
	for _, r := range photo.Rivals {
		if len(points[r.Name]) > 0 {
			s.Curves = append(s.Curves, photo.CurveOf(r.Name, points[r.Name]))
		}
	}
	return s
}

func writePhotos(out io.Writer, s photo.Summary) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "PSNR of luma / RGB, dB")
	for _, r := range photo.Rates {
		fmt.Fprintf(w, "\tat %.2f bpp", r)
	}
	fmt.Fprintln(w)
	for _, c := range s.Curves {
		fmt.Fprint(w, c.Name)
		for _, p := range c.Means {
			fmt.Fprintf(w, "\t%.2f / %.2f", p.Luma, p.RGB)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	fmt.Fprintf(out, "Exactly, bpp: at once %.2f, coarsely first %.2f (%+.1f %%)", s.Exact, s.OneStep, 100*(s.OneStep/s.Exact-1))
	if s.WebPExact > 0 {
		fmt.Fprintf(out, "; WebP %.2f", s.WebPExact)
	}
	fmt.Fprintf(out, ". Coarse pass: coding %.1f, decoding %.1f Mpx/s.\n", s.Encode, s.Decode)
}

// writePhotoPage writes bench-out/photo.html.
func writePhotoPage(s photo.Summary) error {
	if err := os.MkdirAll("bench-out", 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join("bench-out", "photo.html"))
	if err != nil {
		return err
	}
	if err := photo.Write(f, s); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
