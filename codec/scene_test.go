package codec

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// scene draws what screens show: antialiased text, photographs with grain, gradients, windows that move, scrolling.
type scene struct {
	*image.RGBA
	rng  *rand.Rand
	face font.Face   // of its own: faces are not for parallel tests
	kept *image.RGBA // as it was before
}

func newScene(seed uint64, w, h int) *scene {
	s := &scene{RGBA: image.NewRGBA(image.Rect(0, 0, w, h)), rng: rand.New(rand.NewPCG(seed, 1))}
	s.fill(s.Rect, color.RGBA{250, 250, 247, 255})
	return s
}

func (s *scene) fill(r image.Rectangle, c color.RGBA) {
	draw.Draw(s, r, image.NewUniform(c), image.Point{}, draw.Src)
}

var typeface = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	return f
})

func (s *scene) write(x, y int, text string, c color.RGBA) {
	s.writeIn(s.Rect, x, y, text, c)
}

func (s *scene) writeIn(r image.Rectangle, x, y int, text string, c color.RGBA) {
	if s.face == nil {
		face, err := opentype.NewFace(typeface(), &opentype.FaceOptions{Size: 13, DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			panic(err)
		}
		s.face = face
	}
	d := font.Drawer{Dst: s.SubImage(r).(draw.Image), Src: image.NewUniform(c), Face: s.face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

func (s *scene) words(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "etaoin shrdlu cmfwyp"[s.rng.IntN(20)]
	}
	return string(b)
}

func (s *scene) page(r image.Rectangle) {
	s.fill(r, white)
	for y := r.Min.Y + 14; y < r.Max.Y-4; y += 17 {
		c := color.RGBA{30, 30, 40, 255}
		if s.rng.IntN(8) == 0 {
			c = color.RGBA{20, 80, 180, 255}
		}
		s.writeIn(r, r.Min.X+6, y, s.words(10+s.rng.IntN(30)), c)
	}
}

func (s *scene) photo(r image.Rectangle) {
	r = r.Intersect(s.Rect)
	a, b, k := s.rng.Float64()*6, s.rng.Float64()*6, 10+s.rng.Float64()*30
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := 128 + 60*math.Sin(float64(x)/k+a) + 40*math.Cos(float64(y)/k*1.3+b+float64(x)/90)
			n := float64(s.rng.IntN(9)) - 4
			s.SetRGBA(x, y, color.RGBA{clip(v + n), clip(v*0.8 + 20 + n), clip(200 - v*0.6 + n), 255})
		}
	}
}

func clip(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

func (s *scene) gradient(r image.Rectangle) {
	r = r.Intersect(s.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			s.SetRGBA(x, y, color.RGBA{uint8(40 + (x+y)/4), uint8(80 + y/3), 160, 255})
		}
	}
}

func (s *scene) noise(r image.Rectangle) {
	r = r.Intersect(s.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := s.rng.Uint32()
			s.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255})
		}
	}
}

// shade makes what is in r darker.
func (s *scene) shade(r image.Rectangle, by uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := s.RGBAAt(x, y)
			s.SetRGBA(x, y, color.RGBA{c.R - min(c.R, by), c.G - min(c.G, by), c.B - min(c.B, by), 255})
		}
	}
}

// grain roughens what is in r.
func (s *scene) grain(r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c, n := s.RGBAAt(x, y), s.rng.NormFloat64()*14
			s.SetRGBA(x, y, color.RGBA{clip(float64(c.R) + n), clip(float64(c.G) + n), clip(float64(c.B) + n), 255})
		}
	}
}

// copy gives the scene as it is now.
func (s *scene) copy() *image.RGBA {
	m := image.NewRGBA(s.Rect)
	copy(m.Pix, s.Pix)
	return m
}

// show draws r of what was copied before.
func (s *scene) show(m *image.RGBA, r image.Rectangle) { draw.Draw(s, r, m, r.Min, draw.Src) }

// move copies what stands in r by off, inside the picture.
func (s *scene) move(r image.Rectangle, off image.Point) {
	draw.Draw(s, r.Add(off), s.copy(), r.Min, draw.Src)
}

func (s *scene) area() image.Rectangle {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	x, y := s.rng.IntN(w), s.rng.IntN(h)
	return image.Rect(x, y, min(w, x+1+s.rng.IntN(w)), min(h, y+1+s.rng.IntN(h)))
}

// step changes something and says what surely holds all of it, and a move if it was one.
func (s *scene) step() (damage image.Rectangle, m []Move) {
	r := s.area()
	switch s.rng.IntN(10) {
	case 0:
		s.page(r)
	case 1:
		s.photo(r)
	case 2:
		s.gradient(r)
	case 3, 4:
		off := image.Pt(s.rng.IntN(81)-40, s.rng.IntN(81)-40)
		if s.rng.IntN(2) == 0 {
			off.X = 0
		}
		s.move(r, off)
		m = append(m, Move{r, r.Min.Add(off)})
		r = r.Add(off)
	case 5:
		s.write(r.Min.X, r.Min.Y, s.words(1+s.rng.IntN(5)), color.RGBA{200, 20, 20, 255})
		r = image.Rect(r.Min.X-20, r.Min.Y-20, r.Min.X+120, r.Min.Y+20)
	case 6:
		r.Max = r.Min.Add(image.Pt(2, 17))
		s.fill(r, black)
	case 7: // what was there before comes back
		if s.kept != nil {
			s.show(s.kept, r)
		}
	case 8:
		s.kept = s.copy()
		s.gradient(r)
	case 9:
		r.Max = r.Min.Add(image.Pt(s.rng.IntN(60), s.rng.IntN(60)))
		s.noise(r)
	}
	return r.Intersect(s.Rect), m
}

// as gives the scene in a format and with a stride of its own, with rubbish where nobody may look.
func (s *scene) as(f Format, pad int) Picture {
	p := Picture{Stride: 4*s.Rect.Dx() + pad, Size: s.Rect.Size(), Format: f}
	p.Pix = make([]byte, p.Stride*p.Size.Y)
	for i := range p.Pix {
		p.Pix[i] = byte(s.rng.Uint32())
	}
	for y := range p.Size.Y {
		for x := range p.Size.X {
			v := binary.LittleEndian.Uint32(s.Pix[s.PixOffset(x, y):])
			if f == BGRA {
				v = v>>16&255 | v&0xff00 | v&255<<16
			}
			to := p.Pix[y*p.Stride+4*x:]
			to[0], to[1], to[2] = byte(v), byte(v>>8), byte(v>>16)
		}
	}
	return p
}

var black, white = color.RGBA{A: 255}, color.RGBA{R: 255, G: 255, B: 255, A: 255}
