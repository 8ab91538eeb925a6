package scene

import (
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
)

// The window, in pixels: a frame that stays, the page that scrolls under it, a scroll bar.
const (
	width, height  = 1280, 800
	frameHeight    = 76
	viewHeight     = height - frameHeight
	scrollbarWidth = 14
	notch          = 120 // of the page for one notch of the wheel
)

// The reader's way through the page: notches of the wheel at a time.
// 60 ms pass from a notch to its picture, as in the recordings of browsers.
var way = []struct {
	at time.Duration
	dy int
}{
	{1500 * time.Millisecond, 1}, {1740 * time.Millisecond, 1}, {1990 * time.Millisecond, 1}, // to the first heading
	{4500 * time.Millisecond, 1}, {4730 * time.Millisecond, 1}, {4960 * time.Millisecond, 1}, {5200 * time.Millisecond, 1}, // to the second photograph
	{7600 * time.Millisecond, -1}, {7850 * time.Millisecond, -1}, // a look back
	{9000 * time.Millisecond, 1}, {9240 * time.Millisecond, 1}, {9480 * time.Millisecond, 1}, {9700 * time.Millisecond, 1}, {9930 * time.Millisecond, 1},
}

const (
	toPicture = 60 * time.Millisecond
	length    = 14 * time.Second // the last four of them at rest
)

// WebPage returns the recording "page": 1280 x 800 pixels, 14 s. photos holds clock.jpg,
// seeds.jpg and sun.jpg, each of 480 x 320 pixels.
func WebPage(photos fs.FS) (trace.Recording, error) {
	all, err := page(photos)
	if err != nil {
		return nil, err
	}
	s, err := newStyles()
	if err != nil {
		return nil, err
	}
	r := &trace.Drawn{Title: "page", Screen: image.Pt(width, height), Length: length}
	r.Steps = []trace.Step{{Draw: func(pic *image.RGBA) []image.Rectangle {
		s.frame(pic)
		return show(pic, all, 0)
	}}}
	top := 0
	for _, w := range way {
		top = min(max(top+w.dy*notch, 0), all.Rect.Dy()-viewHeight)
		at := top
		r.User = append(r.User, trace.Input{At: w.at, Kind: trace.Wheel, DY: w.dy})
		r.Steps = append(r.Steps, trace.Step{At: w.at + toPicture, Draw: func(pic *image.RGBA) []image.Rectangle {
			return show(pic, all, at)
		}})
	}
	return r, nil
}

// show paints the page from height top on, and the scroll bar.
func show(pic, page *image.RGBA, top int) []image.Rectangle {
	view := image.Rect(0, frameHeight, pageWidth, height)
	draw.Draw(pic, view, page, image.Pt(0, top), draw.Src)
	bar := image.Rect(pageWidth, frameHeight, width, height)
	fill(pic, bar, color.RGBA{240, 240, 240, 255})
	thumb := image.Rect(bar.Min.X+3, 0, bar.Max.X-3, viewHeight*viewHeight/page.Rect.Dy())
	fill(pic, thumb.Add(image.Pt(0, frameHeight+top*viewHeight/page.Rect.Dy())), color.RGBA{160, 163, 168, 255})
	return []image.Rectangle{view, bar}
}

// frame paints the browser's own: a tab and the address.
func (s *styles) frame(pic *image.RGBA) {
	fill(pic, image.Rect(0, 0, width, 38), color.RGBA{222, 225, 230, 255})
	fill(pic, image.Rect(8, 8, 300, 38), color.RGBA{248, 249, 250, 255})
	fill(pic, image.Rect(0, 38, width, frameHeight-1), color.RGBA{248, 249, 250, 255})
	fill(pic, image.Rect(0, frameHeight-1, width, frameHeight), color.RGBA{205, 208, 213, 255})
	fill(pic, image.Rect(96, 43, 1180, 69), color.RGBA{233, 236, 240, 255})
	tab := s.small
	tab.colour = ink
	tab.text(pic, 24, 14, 400, "A clock that the wind takes apart")
	tab.text(pic, 112, 47, 800, "meadow.example/notes/dandelion")
}
