package codec

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// link is an encoder and its decoder, checked after every object.
type link struct {
	*Encoder
	d *Decoder
}

func newLink(t testing.TB, s *Screen) *link {
	e, err := NewEncoder(s, EncoderConfig{})
	require.NoError(t, err)
	return &link{e, NewDecoder(DecoderConfig{})}
}

// rounds gives n, or with -short, for the race detector, a tenth.
func rounds(n uint64) uint64 {
	if testing.Short() {
		return (n + 9) / 10
	}
	return n
}

// send appends one object and decodes it.
func (l *link) send(t testing.TB, lim Limits) ([]byte, Object) {
	had, size := l.d.Picture().Image(), l.d.Picture().Size
	b, o := l.Append([]byte("before"), lim)
	require.Equal(t, "before", string(b[:6]))
	b = b[6:]
	if o.State == 0 {
		require.Empty(t, b)
		return nil, o
	}
	require.LessOrEqual(t, len(b), lim.Bytes)
	requireBounded(t, o.Work, lim, l.screen.Size())
	c, err := l.d.Decode(b)
	require.NoError(t, err)
	require.Equal(t, o.State, c.State)
	require.Equal(t, o.Resized, c.Resized)
	require.Equal(t, size != l.d.Picture().Size, c.Resized)
	require.True(t, bytes.Equal(l.Picture().Pix, l.d.Picture().Pix), "model differs from picture after object %d", o.State)
	if !c.Resized {
		requireUnchangedOutside(t, had, l.d.Picture().Image(), c.Damage)
		requireUnchangedOutside(t, had, l.d.Picture().Image(), []image.Rectangle{o.Damage})
	}
	return b, o
}

// requireBounded holds Append to what it says of its work. A tile takes up to 0.5 million: five coarse tries, exact rows.
func requireBounded(t testing.TB, w Work, lim Limits, size image.Point) {
	if lim.Work == 0 {
		lim.Work = MaxWork
	}
	pixels := int64(size.X * size.Y)
	require.LessOrEqual(t, w.Cost(), max(lim.Work+17*pixels+1_300_000, 5*pixels)+550_000, "%+v", w)
}

func requireUnchangedOutside(t testing.TB, a, b *image.RGBA, damage []image.Rectangle) {
	for _, r := range damage {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			clear(a.Pix[a.PixOffset(r.Min.X, y):a.PixOffset(r.Max.X, y)])
			clear(b.Pix[b.PixOffset(r.Min.X, y):b.PixOffset(r.Max.X, y)])
		}
	}
	require.True(t, bytes.Equal(a.Pix, b.Pix), "something changed outside the damage")
}

// finish sends until nothing is left and requires the exact picture.
func (l *link) finish(t testing.TB, want image.Image) {
	for n := 0; ; n++ {
		require.Less(t, n, 20000, "no end")
		_, o := l.send(t, Limits{Bytes: 1150, Sharpness: 40, Refine: true})
		if o.State == 0 {
			require.Zero(t, o.Stale)
			require.Zero(t, o.Coarse)
			break
		}
	}
	require.True(t, bytes.Equal(PictureOf(want).Image().Pix, l.d.Picture().Pix), "the picture is not exact at the end")
}

func TestModelEqualsPictureAfterEveryObject(t *testing.T) {
	for seed := range rounds(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 3))
			sc := newScene(seed, 1+rng.IntN(240), 1+rng.IntN(200))
			screen := NewScreen(ScreenConfig{})
			viewers := []*link{newLink(t, screen), newLink(t, screen)}
			for n := range 40 {
				damage, moves := sc.step()
				h := Hints{Damage: []image.Rectangle{damage}}
				if rng.IntN(2) == 0 {
					h = Hints{}
				}
				if rng.IntN(3) == 0 {
					h.Moves = moves
				}
				if rng.IntN(12) == 0 {
					old := sc
					sc = newScene(seed*100+uint64(n), 1+rng.IntN(300), 1+rng.IntN(200))
					copy(sc.Pix, old.Pix)
					h = Hints{}
				}
				_, err := screen.Update(sc.as(Format(rng.IntN(2)), rng.IntN(3)*4), h)
				require.NoError(t, err)
				for _, v := range viewers {
					for range rng.IntN(8) {
						v.send(t, Limits{
							Bytes: MinObject + rng.IntN(1241), Work: rng.Int64N(3) * 300_000, Sharpness: Sharpness(rng.IntN(101)), Mode: Mode(rng.IntN(2)),
							Refine: rng.IntN(2) == 0, Focus: sc.area(),
						})
					}
				}
			}
			for _, v := range viewers {
				v.finish(t, sc)
			}
		})
	}
}

func TestAStreamMayHaveMoreObjectsThan32BitsCount(t *testing.T) {
	sc := newScene(5, 60, 50)
	sc.page(sc.Rect)
	screen := NewScreen(ScreenConfig{})
	v, p := newLink(t, screen), newPlain()
	_, err := screen.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	const begin = 1<<32 - 10
	v.number, v.d.number, p.number = begin, begin, begin
	for range 20 {
		sc.noise(image.Rect(10, 20, 20, 22))
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		b, o := v.send(t, Limits{Bytes: 300, Sharpness: Exact})
		require.NotZero(t, o.State)
		require.NoError(t, p.decode(b))
		require.True(t, bytes.Equal(p.picture().Pix, v.Picture().Pix), "object %d", o.State)
	}
	require.Greater(t, v.number, uint64(1<<32))
	v.finish(t, sc)
}

func TestSmallestObjectsMakeProgress(t *testing.T) {
	for _, sharp := range []Sharpness{0, 99, Exact} {
		sc := newScene(5, 100, 70)
		sc.noise(sc.Rect)
		screen := NewScreen(ScreenConfig{})
		v := newLink(t, screen)
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		for n := 0; ; n++ {
			require.Less(t, n, 3000)
			_, o := v.send(t, Limits{Bytes: MinObject, Work: 1, Sharpness: sharp, Refine: true})
			if o.State == 0 {
				break
			}
		}
		v.finish(t, sc)
		_, o := v.Append(nil, Limits{Bytes: MinObject - 1})
		require.Zero(t, o.State)
	}
}

func TestNothingIsAppendedBelowTheSmallestBudget(t *testing.T) {
	screen := NewScreen(ScreenConfig{})
	v := newLink(t, screen)
	_, o := v.Append(nil, Limits{Bytes: 1000})
	require.Equal(t, Object{}, o, "before the first Update")
	_, err := screen.Update(PictureOf(newScene(1, 40, 33)), Hints{})
	require.NoError(t, err)
	b, o := v.Append(nil, Limits{Bytes: MinObject - 1})
	require.Empty(t, b)
	require.Zero(t, o.State)
	require.Equal(t, 9, o.Stale)
}

func TestFormatAndStrideAndDamageDoNotChangeTheBytes(t *testing.T) {
	type way struct {
		format Format
		pad    int
		told   bool
	}
	var want [][]byte
	for _, w := range []way{{RGBA, 0, false}, {BGRA, 0, false}, {RGBA, 12, true}, {BGRA, 64, true}} {
		sc := newScene(9, 150, 130)
		rng := rand.New(rand.NewPCG(4, 4))
		screen := NewScreen(ScreenConfig{})
		v := newLink(t, screen)
		var got [][]byte
		for range 25 {
			damage, _ := sc.step()
			h := Hints{}
			if w.told {
				h.Damage = []image.Rectangle{damage.Inset(-rng.IntN(20)), {}, damage}
			} else {
				rng.IntN(20)
			}
			p := newScene(0, 150, 130)
			copy(p.Pix, sc.Pix)
			_, err := screen.Update(p.as(w.format, w.pad), h)
			require.NoError(t, err)
			for range 3 {
				b, _ := v.send(t, Limits{Bytes: 500, Sharpness: 40})
				got = append(got, b)
			}
		}
		if want == nil {
			want = got
		}
		require.Equal(t, want, got, "%+v", w)
	}
}

func TestACallersBufferIsFreeAfterUpdate(t *testing.T) {
	sc := newScene(3, 90, 90)
	sc.page(sc.Rect)
	keep := PictureOf(sc).Image()
	screen := NewScreen(ScreenConfig{})
	_, err := screen.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	clear(sc.Pix)
	newLink(t, screen).finish(t, keep)
}

func TestHugeAndTinyPictures(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 300}, {8192, 1}, {17, 8192}} {
		screen := NewScreen(ScreenConfig{})
		v := newLink(t, screen)
		sc := newScene(1, size.X, size.Y)
		sc.page(image.Rect(0, size.Y-20, size.X, size.Y))
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		for {
			b, o := v.Append(nil, Limits{Bytes: 1150, Sharpness: Exact})
			if o.State == 0 {
				break
			}
			_, err := v.d.Decode(b)
			require.NoError(t, err)
		}
		v.finish(t, sc)
	}
}
