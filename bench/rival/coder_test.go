package rival

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/scene"
	"github.com/thinpane/thinpane/bench/trace"
)

// end is a server's side and a viewer's side of a coder, without a line between.
type end struct {
	t      *testing.T
	enc    encoder
	dec    decoder
	damage *damage
	seen   *image.RGBA
	bytes  int
}

func newEnd(t *testing.T, size image.Point, enc encoder, dec decoder) *end {
	return &end{t: t, enc: enc, dec: dec, damage: newDamage(size), seen: image.NewRGBA(image.Rectangle{Max: size})}
}

// update sends a change and returns the parts that it was sent in.
func (e *end) update(pic *image.RGBA, patches []image.Rectangle) (parts []image.Rectangle) {
	e.damage.update(pic, patches)
	b, n, err := e.enc.encode(nil, pic, e.damage.take(pic))
	require.NoError(e.t, err)
	e.bytes += len(b)
	r := bufio.NewReader(bytes.NewReader(b))
	for range n {
		at, err := readHead(r, pic.Rect)
		require.NoError(e.t, err)
		require.NoError(e.t, e.dec.decode(r, e.seen, at))
		parts = append(parts, at)
	}
	require.Zero(e.t, r.Buffered(), "bytes that no rectangle needs")
	return parts
}

func openTyping(t *testing.T) trace.Recording {
	r, err := trace.Open("../testdata/typing.trace.zip")
	require.NoError(t, err)
	t.Cleanup(func() { r.Close() })
	return trace.Cut(r, 0, 4*time.Second)
}

func TestPNGShowsExactlyWhatTheSourceShowed(t *testing.T) {
	r := openTyping(t)
	e := newEnd(t, r.Size(), pngCoder{}, pngCoder{})
	for u, err := range r.Updates() {
		require.NoError(t, err)
		e.update(u.Picture, u.Patches)
		require.True(t, bytes.Equal(u.Picture.Pix, e.seen.Pix), "at %v", u.At)
	}
}

func TestTightWithoutJPEGShowsExactlyWhatTheSourceShowed(t *testing.T) {
	r := openTyping(t)
	enc := newTightEncoder(r.Size())
	enc.lossy = false
	e := newEnd(t, r.Size(), enc, newTightDecoder())
	for u, err := range r.Updates() {
		require.NoError(t, err)
		e.update(u.Picture, u.Patches)
		require.True(t, bytes.Equal(u.Picture.Pix, e.seen.Pix), "at %v", u.At)
	}
}

func TestTightIsExactWhereThereAreFewColoursAndNearWhereThereAreMany(t *testing.T) {
	page, err := scene.WebPage(os.DirFS("../testdata/photos"))
	require.NoError(t, err)
	e := newEnd(t, page.Size(), newTightEncoder(page.Size()), newTightDecoder())
	for u, err := range page.Updates() {
		require.NoError(t, err)
		if u.At > 2*time.Second {
			break
		}
		exact, coarse := 0, 0
		for _, p := range e.update(u.Picture, u.Patches) {
			if _, few := paletteOf(u.Picture, p, maxColours); few {
				require.False(t, differs(u.Picture, e.seen, p), "%v has few colours", p)
				exact++
				continue
			}
			coarse++
			sum := 0
			for y := p.Min.Y; y < p.Max.Y; y++ {
				a, b := row(u.Picture, p, y), row(e.seen, p, y)
				for i := range a {
					sum += max(int(a[i])-int(b[i]), int(b[i])-int(a[i]))
				}
			}
			require.Less(t, sum, 12*4*p.Dx()*p.Dy(), "%v: mean error", p)
		}
		require.NotZero(t, exact)
		require.NotZero(t, coarse)
	}
}

// TestTightCodesEverySizeAndPalette goes through each way of coding at odd sizes.
func TestTightCodesEverySizeAndPalette(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, size := range []image.Point{{1, 1}, {3, 2}, {15, 17}, {16, 16}, {33, 9}, {300, 260}} {
		enc := newTightEncoder(size)
		enc.lossy = false
		e := newEnd(t, size, enc, newTightDecoder())
		for _, colours := range []int{1, 2, 3, 96, 97, 5000} {
			pic := image.NewRGBA(image.Rectangle{Max: size})
			for y := range size.Y {
				for x := range size.X {
					c := rnd.IntN(colours) * 2654435761
					pic.SetRGBA(x, y, color.RGBA{byte(c), byte(c >> 8), byte(c >> 16), 255})
				}
			}
			e.update(pic, []image.Rectangle{pic.Rect})
			require.True(t, bytes.Equal(pic.Pix, e.seen.Pix), "%v, %d colours", size, colours)
		}
	}
}

func TestBrokenRectanglesAreErrors(t *testing.T) {
	pic := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for name, b := range map[string][]byte{
		"nothing":            {},
		"no such control":    {0xf0},
		"no such stream":     {tightFiltered | 3<<4, filterCopy},
		"no such filter":     {tightFiltered, 9},
		"a fill cut off":     {tightFill, 1, 2},
		"no zlib":            {tightFiltered, filterCopy, 4, 1, 2, 3, 4},
		"no JPEG":            {tightJPEG, 2, 1, 2},
		"longer than it is":  {tightJPEG, 0xff, 0xff, 0xff},
		"palette cut off":    {tightFiltered | streamIndexed<<4, filterPalette, 7, 1, 2},
		"length is cut off":  {tightJPEG, 0x80},
		"PNG where Tight is": []byte("\x89PNG"),
	} {
		err := newTightDecoder().decode(bufio.NewReader(bytes.NewReader(b)), pic, pic.Rect)
		require.Error(t, err, name)
	}
	for name, b := range map[string][]byte{
		"nothing": {}, "huge": {255, 255, 255, 255}, "no PNG": {0, 0, 0, 3, 1, 2, 3},
	} {
		require.Error(t, pngCoder{}.decode(bufio.NewReader(bytes.NewReader(b)), pic, pic.Rect), name)
	}
	_, err := readHead(bytes.NewReader(appendHead(nil, image.Rect(60, 0, 80, 10), encodingTight)), pic.Rect)
	require.ErrorContains(t, err, "not on the screen")
}

func TestDamageIsOnlyWhatDiffers(t *testing.T) {
	pic := image.NewRGBA(image.Rect(0, 0, 100, 50))
	for i := 3; i < len(pic.Pix); i += 4 {
		pic.Pix[i] = 255
	}
	d := newDamage(pic.Rect.Size())
	d.update(pic, []image.Rectangle{pic.Rect})
	require.Equal(t, []image.Rectangle{pic.Rect}, d.take(pic))

	d.update(pic, []image.Rectangle{pic.Rect})
	require.Zero(t, d.count, "painted over, unchanged")

	pic.SetRGBA(20, 5, color.RGBA{9, 9, 9, 255})
	pic.SetRGBA(20, 20, color.RGBA{9, 9, 9, 255})
	pic.SetRGBA(99, 49, color.RGBA{9, 9, 9, 255})
	d.update(pic, []image.Rectangle{pic.Rect})
	require.Equal(t, 3, d.count)
	pic.SetRGBA(20, 20, color.RGBA{0, 0, 0, 255})
	d.update(pic, []image.Rectangle{image.Rect(16, 16, 32, 32)})
	require.Equal(t, 2, d.count, "changed back before it was sent")
	require.Equal(t, []image.Rectangle{image.Rect(16, 0, 32, 16), image.Rect(96, 48, 100, 50)}, d.take(pic))
}
