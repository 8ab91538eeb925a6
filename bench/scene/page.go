package scene

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The page's layout, in pixels.
const (
	pageWidth   = width - scrollbarWidth
	pageHeight  = 3000 // room for all; cut to what is used
	columnLeft  = 96
	columnWidth = 740
	asideLeft   = columnLeft + columnWidth + 72
	asideWidth  = 260
	photoWidth  = 480
	photoHeight = 320
)

var (
	paper  = color.RGBA{255, 255, 255, 255}
	ink    = color.RGBA{32, 33, 36, 255}
	faint  = color.RGBA{105, 110, 118, 255}
	link   = color.RGBA{11, 87, 158, 255}
	accent = color.RGBA{46, 110, 62, 255}
	panel  = color.RGBA{243, 245, 241, 255}
)

// style is a face with its line height in pixels.
type style struct {
	face   font.Face
	line   int
	colour color.RGBA
}

type styles struct {
	title, heading, body, quote, small, bold style
}

func newStyles() (*styles, error) {
	var s styles
	for _, want := range []struct {
		to     *style
		ttf    []byte
		size   float64
		line   int
		colour color.RGBA
	}{
		{&s.title, gobold.TTF, 36, 46, ink},
		{&s.heading, gobold.TTF, 22, 32, accent},
		{&s.body, goregular.TTF, 16, 25, ink},
		{&s.quote, goitalic.TTF, 20, 30, accent},
		{&s.small, goitalic.TTF, 14, 21, faint},
		{&s.bold, gobold.TTF, 15, 24, ink},
	} {
		f, err := opentype.Parse(want.ttf)
		if err != nil {
			return nil, err
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: want.size, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			return nil, err
		}
		*want.to = style{face, want.line, want.colour}
	}
	return &s, nil
}

// page is the whole article as one tall picture.
func page(photos fs.FS) (*image.RGBA, error) {
	s, err := newStyles()
	if err != nil {
		return nil, err
	}
	pic := image.NewRGBA(image.Rect(0, 0, pageWidth, pageHeight))
	fill(pic, pic.Rect, paper)
	s.aside(pic)
	y := 40
	for _, b := range article {
		if y, err = s.block(pic, b, y, photos); err != nil {
			return nil, err
		}
	}
	return pic.SubImage(image.Rect(0, 0, pageWidth, min(y+60, pageHeight))).(*image.RGBA), nil
}

// block draws one at height y and returns where the next one begins.
func (s *styles) block(pic *image.RGBA, b block, y int, photos fs.FS) (int, error) {
	switch b.kind {
	case title:
		return s.title.text(pic, columnLeft, y, columnWidth, b.text) + 6, nil
	case byline:
		return s.small.text(pic, columnLeft, y, columnWidth, b.text) + 18, nil
	case heading:
		return s.heading.text(pic, columnLeft, y+14, columnWidth, b.text) + 6, nil
	case quote:
		end := s.quote.text(pic, columnLeft+28, y+8, columnWidth-56, b.text)
		fill(pic, image.Rect(columnLeft, y+4, columnLeft+5, end+6), accent)
		return end + 24, nil
	case figure:
		photo, err := readPhoto(photos, b.file)
		if err != nil {
			return 0, err
		}
		fill(pic, image.Rect(columnLeft, y, columnLeft+columnWidth, y+photoHeight), panel)
		at := image.Rect(columnLeft, y, columnLeft+photoWidth, y+photoHeight)
		draw.Draw(pic, at, photo, photo.Bounds().Min, draw.Src)
		s.small.text(pic, at.Max.X+20, y+14, columnWidth-photoWidth-36, b.text)
		return y + photoHeight + 24, nil
	}
	return s.body.text(pic, columnLeft, y, columnWidth, b.text) + 14, nil
}

func (s *styles) aside(pic *image.RGBA) {
	y := 52
	frame := image.Rect(asideLeft-20, y-16, asideLeft+asideWidth+20, y+len(aside)*34+20)
	fill(pic, frame, panel)
	y = s.bold.text(pic, asideLeft, y, asideWidth, aside[0]) + 8
	links := s.body
	links.face, links.colour, links.line = s.small.face, link, 21
	for _, l := range aside[1:] {
		y = links.text(pic, asideLeft, y, asideWidth, l) + 11
	}
}

// text draws it wrapped at width and returns the height below its last line.
func (s style) text(pic *image.RGBA, x, y, width int, text string) int {
	d := font.Drawer{Dst: pic, Src: image.NewUniform(s.colour), Face: s.face}
	ascent := s.face.Metrics().Ascent.Round()
	line := ""
	flush := func() {
		d.Dot = fixed.P(x, y+ascent)
		d.DrawString(line)
		y += s.line
	}
	for _, word := range strings.Fields(text) {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && d.MeasureString(longer).Ceil() > width {
			flush()
			longer = word
		}
		line = longer
	}
	flush()
	return y
}

func readPhoto(photos fs.FS, name string) (image.Image, error) {
	f, err := photos.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if img.Bounds().Dx() != photoWidth || img.Bounds().Dy() != photoHeight {
		return nil, fmt.Errorf("%s: %d x %d pixels, want %d x %d", name, img.Bounds().Dx(), img.Bounds().Dy(), photoWidth, photoHeight)
	}
	return img, nil
}

func fill(pic *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(pic, r, image.NewUniform(c), image.Point{}, draw.Src)
}
