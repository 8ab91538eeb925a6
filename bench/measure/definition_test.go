package measure

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// moment is all that there is to know at one time, for the definition written out: the
// source's and the user's pictures, and the update that happened, if one did.
type moment struct {
	at           time.Duration
	source, user *image.RGBA
	update       *Update
}

func clone(pic *image.RGBA) *image.RGBA {
	c := *pic
	c.Pix = append([]byte(nil), pic.Pix...)
	return &c
}

func cut(pic *image.RGBA, at image.Rectangle) tilePixels {
	t := newTile(at)
	t.read(pic, t.source)
	return t.source
}

// latency is the definition, as it is written: for each tile of T_u the first time at which
// the user's looks like a version that the source has shown since t_u; of these the last.
func latency(all []moment, u int, tiles []image.Rectangle, alike func(a, b tilePixels, width int) bool) (last time.Duration, ok bool) {
	for _, at := range tiles {
		found := false
		for now := u; now < len(all) && !found; now++ {
			for k := u; k <= now && !found; k++ {
				if found = alike(cut(all[now].user, at), cut(all[k].source, at), at.Dx()); found {
					last = max(last, all[now].at-all[u].at)
				}
			}
		}
		if !found {
			return 0, false
		}
	}
	return last, true
}

// really are the tiles in which an update's pixels differ from before.
func really(all []moment, u int) (tiles []image.Rectangle) {
	size := all[u].source.Rect
	for y := 0; y < size.Max.Y; y += TileSize {
		for x := 0; x < size.Max.X; x += TileSize {
			at := image.Rect(x, y, x+TileSize, y+TileSize).Intersect(size)
			before, after := cut(all[u-1].source, at), cut(all[u].source, at)
			if !equal(before, after, 0) {
				tiles = append(tiles, at)
			}
		}
	}
	return tiles
}

func equal(a, b tilePixels, _ int) bool { return string(bytesOf(a)) == string(bytesOf(b)) }

func bytesOf(px tilePixels) (b []byte) {
	for _, v := range px {
		b = append(b, byte(v), byte(v>>8), byte(v>>16))
	}
	return b
}

func TestTrackerKeepsToTheDefinition(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 0))
		size := image.Rect(0, 0, 20+random.IntN(25), 10+random.IntN(20))
		source, user := image.NewRGBA(size), image.NewRGBA(size)
		tracker := NewTracker(size.Max)
		tracker.First(0, source)
		tracker.Show(0, user, []image.Rectangle{size})
		all := []moment{{0, clone(source), clone(user), nil}}
		for at := time.Duration(1); at < 40; at++ {
			r := image.Rect(random.IntN(size.Max.X), random.IntN(size.Max.Y), size.Max.X, size.Max.Y)
			r.Max.X, r.Max.Y = min(r.Min.X+1+random.IntN(30), size.Max.X), min(r.Min.Y+1+random.IntN(20), size.Max.Y)
			m := moment{at: at}
			switch random.IntN(3) {
			case 0: // few greys, so that pictures come back
				grey := uint8(random.IntN(4) * 3)
				for y := r.Min.Y; y < r.Max.Y; y++ {
					for x := r.Min.X; x < r.Max.X; x++ {
						source.SetRGBA(x, y, color.RGBA{grey, 2 * grey, grey, 255})
					}
				}
				m.update = tracker.Change(at, source, []image.Rectangle{r})
			default: // an old picture of the source, or the newest, exactly or nearly
				from := all[max(0, len(all)-1-random.IntN(5))].source
				if random.IntN(3) == 0 {
					from = source
				}
				off := uint8(max(0, random.IntN(4)-2))
				for y := r.Min.Y; y < r.Max.Y; y++ {
					for x := r.Min.X; x < r.Max.X; x++ {
						c := from.RGBAAt(x, y)
						user.SetRGBA(x, y, color.RGBA{c.R + off, c.G, c.B, 255})
					}
				}
				tracker.Show(at, user, []image.Rectangle{r})
			}
			m.source, m.user = clone(source), clone(user)
			all = append(all, m)
		}
		for u, m := range all {
			if m.update == nil {
				continue
			}
			tiles := really(all, u)
			require.Equal(t, len(tiles), m.update.Tiles, "seed %d, update at %d", seed, u)
			want, ok := latency(all, u, tiles, legible)
			got, seen := m.update.Legible()
			require.Equal(t, ok, seen, "seed %d, update at %d", seed, u)
			require.Equal(t, want, got, "seed %d, update at %d", seed, u)
			require.Equal(t, ok && want == 0, m.update.Free, "seed %d, update at %d", seed, u)
			want, ok = latency(all, u, tiles, equal)
			got, seen = m.update.Exact()
			require.Equal(t, ok, seen, "seed %d, update at %d", seed, u)
			require.Equal(t, want, got, "seed %d, update at %d", seed, u)
		}
	}
}
