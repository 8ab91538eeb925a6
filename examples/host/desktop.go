package main

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

// desktop is a Source: a wallpaper, a clock, a window that wanders, and a window in which viewers type.
type desktop struct {
	began time.Time
	pic   *image.RGBA
	paper *image.RGBA // the wallpaper alone
	face  font.Face

	mu    sync.Mutex
	typed []string
}

var (
	desktopSize = image.Pt(1024, 640)
	editor      = image.Rect(60, 80, 620, 480)
	clock       = image.Rect(860, 20, 1000, 60)
	wanderer    = image.Rect(0, 0, 200, 120)
)

func newDesktop() *desktop {
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 15, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(err)
	}
	d := &desktop{began: time.Now(), face: face, typed: []string{"Type here: your keys go up the line,", "what they change comes down.", ""}}
	d.paper = image.NewRGBA(image.Rectangle{Max: desktopSize})
	for y := range desktopSize.Y {
		for x := range desktopSize.X {
			wave := 12 * math.Sin(float64(x)/97+float64(y)/61)
			d.paper.SetRGBA(x, y, color.RGBA{uint8(40 + y/12), uint8(90 + float64(x)/14 + wave), uint8(120 + wave*2), 255})
		}
	}
	d.pic = image.NewRGBA(d.paper.Rect)
	return d
}

// input types a key's text; Return begins a line, BackSpace takes a letter away.
func (d *desktop) input(in session.Input) {
	if in.Kind != session.Key || !in.Down {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	last := &d.typed[len(d.typed)-1]
	switch {
	case in.Keysym == 0xff0d:
		d.typed = append(d.typed, "")
		d.typed = d.typed[max(0, len(d.typed)-16):]
	case in.Keysym == 0xff08 && len(*last) > 0:
		r := []rune(*last)
		*last = string(r[:len(r)-1])
	default:
		*last += in.Text
	}
}

// Run draws a picture whenever a viewer has room for one, at most 20 a second.
func (d *desktop) Run(ctx context.Context, s *session.Screen) error {
	for {
		if err := s.Wanted(ctx); err != nil {
			return err
		}
		d.draw(time.Since(d.began))
		if err := s.Update(codec.PictureOf(d.pic), codec.Hints{}); err != nil {
			return err
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

func (d *desktop) draw(t time.Duration) {
	draw.Draw(d.pic, d.pic.Rect, d.paper, image.Point{}, draw.Src)
	d.mu.Lock()
	d.window(editor, "Notes", d.typed...)
	d.mu.Unlock()
	d.fill(clock, color.RGBA{20, 24, 32, 255})
	d.text(clock.Min.Add(image.Pt(18, 26)), time.Now().Format("15:04:05"), color.White)
	at := image.Pt(660+int(140*math.Sin(t.Seconds()/3)), 300+int(180*math.Cos(t.Seconds()/4)))
	d.window(wanderer.Add(at), "Wanderer", "I am moved,", "not sent again.")
}

func (d *desktop) window(r image.Rectangle, title string, lines ...string) {
	d.fill(r, color.RGBA{60, 66, 80, 255})
	d.text(r.Min.Add(image.Pt(10, 19)), title, color.White)
	d.fill(image.Rect(r.Min.X+2, r.Min.Y+28, r.Max.X-2, r.Max.Y-2), color.RGBA{250, 250, 247, 255})
	for i, l := range lines {
		d.text(r.Min.Add(image.Pt(14, 52+22*i)), l, color.Black)
	}
}

func (d *desktop) fill(r image.Rectangle, c color.Color) {
	draw.Draw(d.pic, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func (d *desktop) text(at image.Point, s string, c color.Color) {
	w := font.Drawer{Dst: d.pic, Src: image.NewUniform(c), Face: d.face, Dot: fixed.P(at.X, at.Y)}
	w.DrawString(s)
}
