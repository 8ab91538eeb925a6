package codec

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBadPicturesAreRefused(t *testing.T) {
	pix := make([]byte, 4*10*10)
	for _, c := range []struct {
		p   Picture
		err string
	}{
		{Picture{}, "codec: a picture of 0 x 0 pixels: sides must be 1 to 8192"},
		{Picture{Pix: pix, Stride: 40, Size: image.Pt(8193, 1)}, "codec: a picture of 8193 x 1 pixels: sides must be 1 to 8192"},
		{Picture{Pix: pix, Stride: 40, Size: image.Pt(10, -1)}, "codec: a picture of 10 x -1 pixels: sides must be 1 to 8192"},
		{Picture{Pix: pix, Stride: 39, Size: image.Pt(10, 10)}, "codec: picture: stride 39 is less than 40 bytes, 4 for each of 10 pixels"},
		{Picture{Pix: pix, Stride: math.MaxInt, Size: image.Pt(10, 10)}, "codec: picture: stride is out of range"},
		{Picture{Pix: pix, Stride: 1 << 28, Size: image.Pt(10, 10)}, "codec: picture: 400 bytes, want at least 2415919144"},
		{Picture{Pix: pix, Stride: 40, Size: image.Pt(10, 11)}, "codec: picture: 400 bytes, want at least 440"},
		{Picture{Pix: pix, Stride: 40, Size: image.Pt(10, 10), Format: 2}, "codec: picture: unknown format 2"},
	} {
		s := NewScreen(ScreenConfig{})
		_, err := s.Update(c.p, Hints{})
		require.EqualError(t, err, c.err)
		require.Zero(t, s.Version())
		require.Zero(t, s.Size())
		require.True(t, c.p.Image().Rect.Empty())
	}
	_, err := NewEncoder(nil, EncoderConfig{})
	require.EqualError(t, err, "codec: NewEncoder: no Screen")
}

func TestVersionGrowsOnlyWithChanges(t *testing.T) {
	s := NewScreen(ScreenConfig{})
	sc := newScene(1, 50, 40)
	update := func(h Hints) uint64 {
		_, err := s.Update(PictureOf(sc), h)
		require.NoError(t, err)
		return s.Version()
	}
	require.EqualValues(t, 1, update(Hints{}))
	require.EqualValues(t, 1, update(Hints{}))
	sc.Set(49, 39, color.Black)
	require.EqualValues(t, 1, update(Hints{Damage: []image.Rectangle{}}), "no damage")
	require.EqualValues(t, 1, update(Hints{Damage: []image.Rectangle{image.Rect(0, 0, 49, 40)}}), "damage elsewhere")
	require.EqualValues(t, 2, update(Hints{Damage: []image.Rectangle{image.Rect(-5, 39, 500, 9000)}}))
	sc = newScene(1, 50, 41)
	require.EqualValues(t, 3, update(Hints{}))
	require.Equal(t, image.Pt(50, 41), s.Size())
}

func TestAlphaIsIgnored(t *testing.T) {
	s := NewScreen(ScreenConfig{})
	p := newScene(1, 20, 20).as(BGRA, 0)
	_, err := s.Update(p, Hints{})
	require.NoError(t, err)
	for i := 3; i < len(p.Pix); i += 4 {
		p.Pix[i] ^= 0x55
	}
	_, err = s.Update(p, Hints{})
	require.NoError(t, err)
	require.EqualValues(t, 1, s.Version())
}

func TestPictureOfOtherImages(t *testing.T) {
	g := image.NewGray(image.Rect(5, 5, 9, 8))
	g.SetGray(6, 7, color.Gray{99})
	p := PictureOf(g)
	require.Equal(t, image.Pt(4, 3), p.Size)
	require.Equal(t, color.RGBA{99, 99, 99, 255}, p.Image().RGBAAt(1, 2))
	sub := newScene(1, 30, 30).SubImage(image.Rect(10, 10, 20, 15))
	require.Equal(t, image.Pt(10, 5), PictureOf(sub).Size)
	require.Equal(t, color.RGBA{250, 250, 247, 255}, PictureOf(sub).Image().RGBAAt(9, 4))
	require.Zero(t, PictureOf(image.NewGray(image.Rectangle{})).Size)
}

// scrolled gives an exact link to a page and the page moved by off.
func scrolled(t *testing.T, off image.Point) (*Screen, *link, *scene) {
	sc := newScene(6, 400, 300)
	sc.page(sc.Rect)
	s := NewScreen(ScreenConfig{})
	l := newLink(t, s)
	_, err := s.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	l.finish(t, sc)
	sc.move(sc.Rect, off)
	return s, l, sc
}

func TestScrollsAreFoundAndTold(t *testing.T) {
	off := image.Pt(0, -37)
	for _, h := range []Hints{{}, {Moves: []Move{{image.Rect(0, 37, 400, 300), image.Point{}}}}} {
		s, l, sc := scrolled(t, off)
		_, err := s.Update(PictureOf(sc), h)
		require.NoError(t, err)
		b, o := l.send(t, Limits{Bytes: 1150, Sharpness: Exact})
		require.Equal(t, off, l.copies[0].off)
		require.Less(t, len(b), 100)
		require.Zero(t, o.Stale)
	}
}

func TestMovesAddUpForAViewerThatIsBehind(t *testing.T) {
	s, l, sc := scrolled(t, image.Pt(0, -23))
	for range 3 {
		_, err := s.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		_, o := l.Append(nil, Limits{Bytes: 10})
		require.NotZero(t, o.Stale)
		sc.move(sc.Rect, image.Pt(0, -23))
	}
	b, o := l.send(t, Limits{Bytes: 1150, Sharpness: Exact})
	require.Equal(t, image.Pt(0, -69), l.copies[0].off)
	require.Less(t, len(b), 200)
	require.Zero(t, o.Stale)
}

func TestCopiesWaitWhenALookHasUsedUpTheWork(t *testing.T) {
	s, l, sc := scrolled(t, image.Pt(0, -37))
	_, err := s.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	_, o := l.send(t, Limits{Bytes: 1150, Work: 100_000, Sharpness: Exact})
	require.Empty(t, l.copies)
	require.Less(t, o.Work.Cost(), int64(400*300*costScanned+100_000))
	_, o = l.send(t, Limits{Bytes: 1150, Sharpness: Exact})
	require.Equal(t, image.Pt(0, -37), l.copies[0].off)
	require.Zero(t, o.Stale)
}

func TestAMoveThatHelpsNobodyIsNotUsed(t *testing.T) {
	s, l, sc := scrolled(t, image.Point{})
	sc.write(50, 50, "something else", black)
	_, err := s.Update(PictureOf(sc), Hints{Moves: []Move{{image.Rect(0, 0, 100, 100), image.Pt(9, 9)}, {image.Rect(-9000, 0, 1, 1), image.Pt(9000, 0)}}})
	require.NoError(t, err)
	l.send(t, Limits{Bytes: 1150, Sharpness: Exact})
	require.Empty(t, l.copies)
}
