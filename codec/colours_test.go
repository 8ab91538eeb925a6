package codec

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFewerColoursKeepBlackAndWhite(t *testing.T) {
	for _, c := range []Colours{AllColours, FewColours, Grey} {
		require.Equal(t, uint32(0), c.of(0), c.String())
		require.Equal(t, uint32(0xffffff), c.of(0xffffff), c.String())
		levels := map[uint32]bool{}
		last := uint32(0)
		for v := range uint32(256) {
			p := c.of(v * 0x010101)
			require.GreaterOrEqual(t, p, last, "%v of %d", c, v)
			require.Equal(t, p, c.of(p), "what has few colours stays as it is")
			levels[p], last = true, p
		}
		require.Len(t, levels, map[Colours]int{AllColours: 256, FewColours: 8, Grey: 32}[c])
	}
	require.Equal(t, uint32(0x4a4a4a), Grey.of(0xff0000))
	require.Equal(t, "Colours(7)", Colours(7).String())
}

// inColours is a picture as a Screen of some colours has it.
func inColours(m *image.RGBA, c Colours) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			p := m.RGBAAt(x, y)
			v := c.of(uint32(p.R)<<16 | uint32(p.G)<<8 | uint32(p.B))
			out.SetRGBA(x, y, color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255})
		}
	}
	return out
}

// TestAnEncoderShowsOtherColours lets one viewer change from all colours to fewer and back, with news in between.
func TestAnEncoderShowsOtherColours(t *testing.T) {
	sc := newScene(4, 200, 160)
	sc.page(sc.Rect)
	sc.photo(image.Rect(100, 60, 200, 160))
	screens := map[Colours]*Screen{}
	for _, c := range []Colours{AllColours, FewColours, Grey} {
		screens[c] = NewScreen(ScreenConfig{Colours: c})
	}
	update := func() {
		for _, s := range screens {
			_, err := s.Update(PictureOf(sc), Hints{})
			require.NoError(t, err)
		}
	}
	update()
	l := newLink(t, screens[AllColours])
	for _, c := range []Colours{AllColours, Grey, FewColours, Grey, AllColours} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			l.Show(screens[c])
			l.finish(t, inColours(sc.RGBA, c))
			require.Equal(t, inColours(sc.RGBA, c).Pix, screens[c].Picture().Pix)
			draw.Draw(sc, image.Rect(20, 20, 60, 40), image.NewUniform(color.RGBA{200, 30, uint8(40 * c), 255}), image.Point{}, draw.Src)
			update()
			l.finish(t, inColours(sc.RGBA, c))
		})
	}
}

func TestFewerColoursTakeFewerBytes(t *testing.T) {
	sc := newScene(4, 640, 400)
	sc.page(sc.Rect)
	sc.photo(image.Rect(320, 200, 640, 400))
	size := map[Colours]int{}
	for _, c := range []Colours{AllColours, FewColours, Grey} {
		screen := NewScreen(ScreenConfig{Colours: c})
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		objects, _ := newLink(t, screen).stream(benchLimits(Exact, false))
		for _, o := range objects {
			size[c] += len(o)
		}
	}
	t.Log(size)
	require.Less(t, size[Grey], size[AllColours]/2)
	require.Less(t, size[FewColours], size[AllColours]*3/4)
}
