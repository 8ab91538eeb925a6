package coding

import (
	"context"
	"errors"
	"image"
	"image/color"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
)

// scribbles is a recording of noise and flat parts.
func scribbles() *trace.Drawn {
	d := &trace.Drawn{Title: "scribbles", Screen: image.Pt(100, 70), Length: time.Second}
	for i := range 12 {
		d.Steps = append(d.Steps, trace.Step{At: time.Duration(i) * 50 * time.Millisecond, Draw: func(pic *image.RGBA) []image.Rectangle {
			r := image.Rect(0, 0, 100, 70)
			if i > 0 {
				r = image.Rect(5*i, 3*i, 5*i+30, 3*i+20)
			}
			if i == 7 {
				return []image.Rectangle{r.Add(image.Pt(1, 1)).Intersect(pic.Rect)} // changes nothing
			}
			random := rand.New(rand.NewPCG(uint64(i), 0))
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					v := uint8(i * 20)
					if x%40 > 20 {
						v = uint8(random.IntN(256))
					}
					pic.SetRGBA(x, y, color.RGBA{v, v / 2, uint8(x), 255})
				}
			}
			return []image.Rectangle{r}
		}})
	}
	return d
}

func TestEveryUpdateIsCodedToExact(t *testing.T) {
	c, err := Exactly(scribbles(), codec.Strong, true)
	require.NoError(t, err)
	require.True(t, c.Exact)
	require.Len(t, c.Updates, 11)
	require.Positive(t, c.First)
	for i, n := range c.Updates {
		if i == 6 {
			require.Zero(t, n)
		} else {
			require.Positive(t, n)
		}
	}
	require.Positive(t, c.EncodeCPU)
	require.Positive(t, c.DecodeCPU)
	require.Positive(t, c.EncodedPixels)
	require.Equal(t, c.EncodedPixels, c.DecodedPixels)

	unchecked, err := Exactly(scribbles(), codec.Strong, false)
	require.NoError(t, err)
	require.Equal(t, c.Updates, unchecked.Updates)
	require.Zero(t, unchecked.DecodeCPU)
	require.False(t, unchecked.Exact)
}

func TestYardsticksCountPatches(t *testing.T) {
	raw, err := Raw(scribbles())
	require.NoError(t, err)
	require.Equal(t, 4*100*70, raw.First)
	require.Equal(t, 4*30*20, raw.Updates[0])
	compressed, err := PNG(scribbles())
	require.NoError(t, err)
	require.Less(t, compressed.First, raw.First)
	require.Equal(t, raw.EncodedPixels, compressed.EncodedPixels)
	require.Len(t, compressed.Updates, 11)
}

// broken is a recording that ends with an error.
type broken struct{ *trace.Drawn }

var errBroken = errors.New("broken pixels")

func (b broken) Updates() iter.Seq2[trace.Update, error] {
	return func(yield func(trace.Update, error) bool) {
		for u, err := range b.Drawn.Updates() {
			if u.At > 100*time.Millisecond {
				u, err = trace.Update{}, errBroken
			}
			if !yield(u, err) || err != nil {
				return
			}
		}
	}
}

func TestBrokenRecordingIsAnError(t *testing.T) {
	_, err := Exactly(broken{scribbles()}, codec.Strong, true)
	require.ErrorIs(t, err, errBroken)
	_, err = Randomly(t.Context(), broken{scribbles()}, 1, time.Hour)
	require.ErrorIs(t, err, errBroken)
}

func TestRandomLimitsAndPicturesLeaveBothEndsEqual(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	passes := 0
	c, err := Randomly(ctx, counting{scribbles(), func() {
		if passes++; passes > 40 {
			cancel()
		}
	}}, 1, time.Hour)
	require.NoError(t, err)
	require.Equal(t, 41, c.Passes)
	require.Greater(t, c.Objects, 800)
}

// counting tells when it begins to be played.
type counting struct {
	*trace.Drawn
	begun func()
}

func (c counting) Updates() iter.Seq2[trace.Update, error] {
	return func(yield func(trace.Update, error) bool) {
		c.begun()
		c.Drawn.Updates()(yield)
	}
}

func TestPartOfARecordingEndsWithItsOwnPicture(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	passes := 0
	part := trace.Cut(counting{scribbles(), func() {
		if passes++; passes > 10 {
			cancel()
		}
	}}, 100*time.Millisecond, 220*time.Millisecond)
	c, err := Randomly(ctx, part, 1, time.Hour)
	require.NoError(t, err)
	require.Equal(t, 11, c.Passes)
}

func TestDifferencesAreFound(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(0, 0, 9, 5)), image.NewRGBA(image.Rect(0, 0, 9, 5))
	require.True(t, same(codec.PictureOf(a), codec.PictureOf(b)))
	b.Pix[b.PixOffset(7, 3)+2]++
	require.False(t, same(codec.PictureOf(a), codec.PictureOf(b)))
	require.Equal(t, image.Pt(7, 3), firstDifference(codec.PictureOf(a), codec.PictureOf(b)))
	require.False(t, same(codec.PictureOf(a), codec.PictureOf(b.SubImage(image.Rect(0, 0, 8, 5)))))
}

// The decoder misses an object.
func TestLostObjectIsFound(t *testing.T) {
	rec := scribbles()
	p, err := newPass(rec, 3)
	require.NoError(t, err)
	next, stop := iter.Pull2(rec.Updates())
	defer stop()
	u, err, _ := next()
	require.NoError(t, err)
	require.NoError(t, p.update(u))
	exactly := codec.Limits{Bytes: 400, Sharpness: codec.Exact}
	_, err = p.append(exactly)
	require.NoError(t, err)
	_, o := p.enc.Append(nil, exactly)
	require.NotZero(t, o.State)
	_, err = p.append(exactly)
	require.Error(t, err)
}
