package codec

import (
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// shown gives a screen with this scene and an encoder that has sent nothing.
func shown(t *testing.T, sc *scene) (*Screen, *link) {
	s := NewScreen(ScreenConfig{})
	_, err := s.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	return s, newLink(t, s)
}

func same(a, b *scene, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if !bytes.Equal(a.Pix[a.PixOffset(r.Min.X, y):a.PixOffset(r.Max.X, y)], b.Pix[b.PixOffset(r.Min.X, y):b.PixOffset(r.Max.X, y)]) {
			return false
		}
	}
	return true
}

func TestCoarseTilesAreLegibleAndTextIsExactAtOnce(t *testing.T) {
	for _, sharp := range []Sharpness{0, 20, 40, 60, 80, 99} {
		sc := newScene(3, 256, 192)
		sc.photo(sc.Rect)
		sc.page(image.Rect(32, 32, 160, 112))
		_, l := shown(t, sc)
		size := 0
		for {
			b, o := l.send(t, Limits{Bytes: 800, Sharpness: sharp})
			if o.State == 0 {
				require.Positive(t, o.Coarse)
				break
			}
			size += len(b)
		}
		got := &scene{RGBA: l.d.Picture().Image()}
		require.True(t, same(got, sc, image.Rect(32, 32, 160, 112)))
		f, v := l.screen.pic, l.view
		for ty := range f.ty {
			for tx := range f.tx {
				i, w, h := f.tile(tx, ty)
				require.True(t, legible(v.pix[i:], v.stride, f.pix[i:], f.stride, w, h))
			}
		}
		if sharp <= 40 {
			require.Less(t, size, 6000)
		}
	}
}

func TestRefinementWaitsForStaleTiles(t *testing.T) {
	sc := newScene(3, 128, 128)
	sc.photo(sc.Rect)
	s, l := shown(t, sc)
	var o Object
	for o.Coarse < 64 {
		_, o = l.send(t, Limits{Bytes: 500, Sharpness: 40, Refine: true})
	}
	_, o = l.send(t, Limits{Bytes: 500, Sharpness: 40})
	require.Zero(t, o.State, "no refinement without leave")
	l.send(t, Limits{Bytes: 500, Sharpness: 40, Refine: true})
	require.True(t, l.open.active || l.rough.n < 64)
	sc.page(image.Rect(0, 64, 128, 128))
	_, err := s.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	_, o = l.send(t, Limits{Bytes: 500, Sharpness: 40, Refine: true})
	require.GreaterOrEqual(t, o.Damage.Max.Y, 64)
	l.finish(t, sc)
}

func TestFocusComesFirst(t *testing.T) {
	sc := newScene(3, 400, 300)
	sc.page(sc.Rect)
	_, l := shown(t, sc)
	focus := image.Rect(200, 200, 230, 215)
	l.send(t, Limits{Bytes: 1150, Sharpness: Exact, Focus: focus})
	require.True(t, same(&scene{RGBA: l.d.Picture().Image()}, sc, focus))
	require.False(t, same(&scene{RGBA: l.d.Picture().Image()}, sc, sc.Rect))
}

func TestWorkIsBounded(t *testing.T) {
	sc := newScene(3, 640, 480)
	sc.photo(sc.Rect)
	_, l := shown(t, sc)
	l.Append(nil, Limits{Bytes: MinObject, Sharpness: Exact}) // looks at all tiles
	for _, most := range []int64{0, 100_000, 1_000_000} {
		_, o := l.Append(nil, Limits{Bytes: 1 << 20, Work: most, Sharpness: Exact})
		if most == 0 {
			most = MaxWork
		}
		require.InDelta(t, most, o.Work.Cost(), 10_000)
	}
}

func TestALookThatFindsNothingCostsNothing(t *testing.T) {
	sc := newScene(3, 640, 480)
	sc.page(sc.Rect)
	_, l := shown(t, sc)
	l.finish(t, sc)
	_, o := l.Append(nil, Limits{Bytes: 1150, Refine: true})
	require.Equal(t, Object{Version: 1}, o)
	require.Zero(t, testing.AllocsPerRun(10, func() { l.Append(nil, Limits{Bytes: 1150, Refine: true}) }))
}

func TestSmallUpdatesAreSmall(t *testing.T) {
	sc := newScene(3, 640, 480)
	sc.page(sc.Rect)
	s, l := shown(t, sc)
	l.finish(t, sc)
	total := 0
	for n := range 20 { // a caret of 2 x 17
		c := white
		if n%2 == 0 {
			c = black
		}
		sc.fill(image.Rect(300, 301, 302, 318), c)
		_, err := s.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		b, o := l.send(t, Limits{Bytes: 1150, Sharpness: 40})
		require.Zero(t, o.Stale)
		require.Less(t, len(b), 30)
		total += len(b)
	}
	require.Less(t, total, 20*9)
}
