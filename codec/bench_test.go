package codec

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// kinds are the pictures that speed depends on.
var kinds = []struct {
	name string
	draw func(*scene)
}{
	{"page", func(s *scene) { s.page(s.Rect) }},
	{"photo", func(s *scene) { s.photo(s.Rect) }},
	{"gradient", func(s *scene) { s.gradient(s.Rect) }},
}

const benchW, benchH = 1280, 800

// stream codes a first screen to the end and gives its objects.
func (l *link) stream(lim Limits) (objects [][]byte, w Work) {
	for {
		b, o := l.Append(nil, lim)
		w = w.Add(o.Work)
		if o.State == 0 {
			return objects, w
		}
		objects = append(objects, b)
	}
}

func benchLimits(s Sharpness, refine bool) Limits {
	return Limits{Bytes: 1150, Work: 1 << 40, Sharpness: s, Refine: refine}
}

// BenchmarkEncodeFast codes a first screen exactly.
func BenchmarkEncodeFast(b *testing.B) { benchExact(b, Fast) }

// BenchmarkEncodeStrong does so in fewer bytes.
func BenchmarkEncodeStrong(b *testing.B) { benchExact(b, Strong) }

func benchExact(b *testing.B, m Mode) {
	lim := benchLimits(Exact, false)
	lim.Mode = m
	for _, k := range kinds {
		b.Run(k.name, func(b *testing.B) { benchEncode(b, k.draw, lim) })
	}
}

// BenchmarkEncodeCoarse codes the coarse form of a photograph.
func BenchmarkEncodeCoarse(b *testing.B) { benchEncode(b, kinds[1].draw, benchLimits(40, false)) }

// BenchmarkEncodeRefine codes a photograph coarsely and then exactly.
func BenchmarkEncodeRefine(b *testing.B) { benchEncode(b, kinds[1].draw, benchLimits(40, true)) }

func benchEncode(b *testing.B, draw func(*scene), lim Limits) {
	sc := newScene(1, benchW, benchH)
	draw(sc)
	screen := NewScreen(ScreenConfig{})
	_, err := screen.Update(PictureOf(sc), Hints{})
	require.NoError(b, err)
	bytes, cost := 0, int64(0)
	for b.Loop() {
		b.StopTimer()
		l := newLink(b, screen)
		b.StartTimer()
		objects, w := l.stream(lim)
		bytes, cost = 0, w.Cost()
		for _, o := range objects {
			bytes += len(o)
		}
	}
	report(b, bytes, cost)
}

// report gives also how the work was counted: slow-x is Cost over the time taken, which should be about 2.
func report(b *testing.B, bytes int, cost int64) {
	ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(benchW*benchH/ns*1e3, "Mpx/s")
	b.ReportMetric(float64(bytes), "bytes")
	b.ReportMetric(float64(cost)/ns, "slow-x")
}

func BenchmarkDecode(b *testing.B) {
	for _, k := range kinds {
		for m, name := range []string{"strong", "fast"} {
			lim := benchLimits(Exact, false)
			lim.Mode = Mode(m)
			b.Run(name+"/"+k.name, func(b *testing.B) { benchDecode(b, k.draw, lim) })
		}
	}
	b.Run("coarse", func(b *testing.B) { benchDecode(b, kinds[1].draw, benchLimits(40, false)) })
}

func benchDecode(b *testing.B, draw func(*scene), lim Limits) {
	sc := newScene(1, benchW, benchH)
	draw(sc)
	screen := NewScreen(ScreenConfig{})
	_, err := screen.Update(PictureOf(sc), Hints{})
	require.NoError(b, err)
	objects, _ := newLink(b, screen).stream(lim)
	bytes, cost := 0, int64(0)
	for b.Loop() {
		b.StopTimer()
		d := NewDecoder(DecoderConfig{})
		b.StartTimer()
		bytes, cost = 0, 0
		for _, o := range objects {
			c, err := d.Decode(o)
			require.NoError(b, err)
			bytes += len(o)
			cost += c.Work.Cost()
		}
	}
	report(b, bytes, cost)
}

// BenchmarkUpdate compares a screen without hints, in which nothing changed, or a letter, or everything by a scroll.
func BenchmarkUpdate(b *testing.B) {
	sc := newScene(1, benchW, benchH)
	sc.page(sc.Rect)
	scrolled := newScene(1, benchW, benchH)
	copy(scrolled.Pix, sc.Pix)
	scrolled.move(scrolled.Rect, image.Pt(0, -40))
	letter := newScene(1, benchW, benchH)
	copy(letter.Pix, sc.Pix)
	letter.write(100, 100, "e", black)
	for _, c := range []struct {
		name   string
		format Format
		next   *scene
		hints  Hints
	}{
		{"unchanged-RGBA", RGBA, sc, Hints{}},
		{"unchanged-BGRA", BGRA, sc, Hints{}},
		{"letter", BGRA, letter, Hints{}},
		{"letter-told", BGRA, letter, Hints{Damage: []image.Rectangle{image.Rect(96, 80, 120, 110)}}},
		{"scroll", BGRA, scrolled, Hints{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			pics := [2]Picture{sc.as(c.format, 0), c.next.as(c.format, 0)}
			screen := NewScreen(ScreenConfig{})
			_, err := screen.Update(pics[0], Hints{})
			require.NoError(b, err)
			n, cost := 0, int64(0)
			for b.Loop() {
				n++
				w, err := screen.Update(pics[n&1], c.hints)
				require.NoError(b, err)
				cost = w.Cost()
			}
			report(b, 0, cost)
		})
	}
}

// BenchmarkAppend is an Update and what one viewer then needs: nothing, a caret's blink, a letter that comes and goes, a
// scroll up and down.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name   string
		change func(*scene)
		told   image.Rectangle
	}{
		{"nothing", func(*scene) {}, image.Rect(300, 300, 302, 317)},
		{"caret", func(s *scene) { s.fill(image.Rect(300, 300, 302, 317), black) }, image.Rect(300, 300, 302, 317)},
		{"letter", func(s *scene) { s.write(700, 110, "e", black) }, image.Rect(690, 90, 720, 120)},
		{"scroll", func(s *scene) { s.move(s.Rect, image.Pt(0, -17)) }, image.Rect(0, 0, benchW, benchH)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			sc := newScene(1, benchW, benchH)
			sc.page(sc.Rect)
			pics := [2]Picture{sc.as(BGRA, 0), {}}
			c.change(sc)
			pics[1] = sc.as(BGRA, 0)
			screen := NewScreen(ScreenConfig{})
			_, err := screen.Update(pics[0], Hints{})
			require.NoError(b, err)
			l := newLink(b, screen)
			l.stream(benchLimits(Exact, false))
			bytes, cost, n := 0, int64(0), 0
			buf, damage := make([]byte, 0, 2000), []image.Rectangle{c.told}
			for b.Loop() {
				n++
				w, err := screen.Update(pics[n&1], Hints{Damage: damage})
				if err != nil {
					b.Fatal(err)
				}
				cost += w.Cost()
				for {
					var o Object
					buf, o = l.Append(buf[:0], benchLimits(Exact, false))
					cost += o.Work.Cost()
					bytes += len(buf)
					if o.State == 0 {
						break
					}
				}
			}
			b.ReportMetric(float64(bytes)/float64(b.N), "bytes")
			b.ReportMetric(float64(cost)/float64(b.Elapsed().Nanoseconds()), "slow-x")
		})
	}
}
