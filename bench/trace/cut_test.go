package trace

import (
	"image"
	"image/color"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// ticks is a recording of 1 s that lights a pixel each 100 ms, with a key at each.
func ticks() *Drawn {
	d := &Drawn{Title: "ticks", Screen: image.Pt(11, 1), Length: 1000 * ms}
	for i := range 11 {
		d.Steps = append(d.Steps, Step{At: time.Duration(i) * 100 * ms, Draw: func(pic *image.RGBA) []image.Rectangle {
			if i == 0 {
				for x := range 11 {
					pic.SetRGBA(x, 0, color.RGBA{A: 255})
				}
			}
			pic.SetRGBA(i, 0, color.RGBA{255, 255, 255, 255})
			return []image.Rectangle{image.Rect(i, 0, i+1, 1)}
		}})
		d.User = append(d.User, Input{At: time.Duration(i) * 100 * ms, Kind: Key, Keysym: "a"})
	}
	return d
}

func lit(pic *image.RGBA) (n int) {
	for x := range pic.Rect.Dx() {
		if pic.RGBAAt(x, 0).R == 255 {
			n++
		}
	}
	return n
}

func TestCutBeginsWithThePictureOfThatMoment(t *testing.T) {
	for _, c := range []struct {
		name                   string
		from, length, duration time.Duration
		updates                []time.Duration
		first, last            int // pixels lit
		inputs                 []time.Duration
	}{
		{"between updates", 350 * ms, 300 * ms, 300 * ms, []time.Duration{0, 50 * ms, 150 * ms, 250 * ms}, 4, 7,
			[]time.Duration{50 * ms, 150 * ms, 250 * ms}},
		{"at an update", 300 * ms, 200 * ms, 200 * ms, []time.Duration{0, 100 * ms}, 4, 5, []time.Duration{0, 100 * ms}},
		{"to the end", 800 * ms, 0, 200 * ms, []time.Duration{0, 100 * ms, 200 * ms}, 9, 11, []time.Duration{0, 100 * ms}},
		{"beyond the end", 800 * ms, time.Hour, 200 * ms, []time.Duration{0, 100 * ms, 200 * ms}, 9, 11, []time.Duration{0, 100 * ms}},
		{"after the end", time.Hour, 0, 0, []time.Duration{0}, 11, 11, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Cut(ticks(), c.from, c.length)
			require.Equal(t, c.duration, r.Duration())
			u := played(t, r)
			var at, inputs []time.Duration
			for _, u := range u {
				at = append(at, u.At)
			}
			for _, in := range r.Inputs() {
				inputs = append(inputs, in.At)
			}
			require.Equal(t, c.updates, at)
			require.Equal(t, c.inputs, inputs)
			require.Equal(t, []image.Rectangle{image.Rect(0, 0, 11, 1)}, u[0].Patches)
			require.Equal(t, c.first, lit(u[0].Picture))
			require.Equal(t, c.last, lit(u[len(u)-1].Picture))
		})
	}
}

func TestCutOfEverythingIsTheRecordingItself(t *testing.T) {
	r := ticks()
	require.Same(t, r, Cut(r, 0, 0))
	require.Same(t, r, Cut(r, 0, time.Second))
}

func TestPlayEndsWhenItsListenerLeaves(t *testing.T) {
	for _, r := range []Recording{ticks(), Cut(ticks(), 250*ms, 500*ms), open(t, good(t))} {
		for stop := range 3 {
			n := 0
			for range r.Updates() {
				if n++; n > stop {
					break
				}
			}
			require.Equal(t, stop+1, n)
		}
	}
}
