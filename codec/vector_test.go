package codec

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/*.txt and *.png anew")

// vectors are streams whose bytes and pictures are kept in testdata: NAME.txt has for each object its bytes in hex and
// what it does in words, NAME.png the picture after the last.
var vectors = []struct {
	name string
	make func(draw func(func(*scene)), send func(Limits))
	size image.Point
}{
	{"pixels", func(draw func(func(*scene)), send func(Limits)) { // 4 x 4, to be read by eye
		draw(func(s *scene) {
			s.fill(s.Rect, color.RGBA{255, 255, 255, 255})
			s.fill(image.Rect(1, 1, 3, 3), color.RGBA{255, 0, 0, 255})
		})
		send(Limits{Bytes: 300, Sharpness: Exact})
		draw(func(s *scene) { s.fill(image.Rect(3, 3, 4, 4), color.RGBA{0, 0, 255, 255}) })
		send(Limits{Bytes: 300, Sharpness: Exact})
	}, image.Pt(4, 4)},
	{"page", func(draw func(func(*scene)), send func(Limits)) { // text, a letter, a scroll
		draw(func(s *scene) { s.page(s.Rect) })
		for range 30 {
			send(Limits{Bytes: 400, Sharpness: Exact})
		}
		draw(func(s *scene) { s.write(100, 60, "e", color.RGBA{0, 0, 0, 255}) })
		send(Limits{Bytes: 400, Sharpness: Exact})
		draw(func(s *scene) { s.move(image.Rect(0, 30, 220, 150), image.Pt(0, -17)) })
		for range 10 {
			send(Limits{Bytes: 400, Sharpness: Exact})
		}
	}, image.Pt(220, 150)},
	{"fast", func(draw func(func(*scene)), send func(Limits)) { // text and grain, then some of it strongly and fast by turns
		draw(func(s *scene) { s.page(s.Rect); s.shade(image.Rect(0, 0, 40, 40), 30) })
		for range 30 {
			send(Limits{Bytes: 400, Sharpness: Exact, Mode: Fast})
		}
		for n := range 4 {
			draw(func(s *scene) { s.write(10+40*n, 60, "again", color.RGBA{20, 60, 160, 255}) })
			send(Limits{Bytes: 400, Sharpness: Exact, Mode: Mode(n % 2)})
			send(Limits{Bytes: 400, Sharpness: Exact, Mode: Mode(n % 2)})
		}
	}, image.Pt(220, 150)},
	{"photo", func(draw func(func(*scene)), send func(Limits)) { // coarse, then half refined, then noise
		draw(func(s *scene) { s.photo(s.Rect); s.write(20, 40, "Photo", color.RGBA{255, 255, 255, 255}) })
		for range 12 {
			send(Limits{Bytes: 500, Sharpness: 30})
		}
		for range 20 {
			send(Limits{Bytes: MinObject, Sharpness: 30, Refine: true})
		}
		draw(func(s *scene) { s.noise(image.Rect(40, 40, 75, 75)) })
		for range 8 {
			send(Limits{Bytes: 900, Sharpness: 90})
		}
	}, image.Pt(130, 100)},
	{"grain", func(draw func(func(*scene)), send func(Limits)) { // a photograph exactly at once, then coarsely and refined
		draw(func(s *scene) { s.photo(s.Rect) })
		for range 26 {
			send(Limits{Bytes: 400, Sharpness: Exact})
		}
		draw(func(s *scene) { s.shade(image.Rect(10, 10, 60, 40), 40) })
		for range 12 {
			send(Limits{Bytes: 600, Sharpness: 20, Refine: true})
		}
	}, image.Pt(90, 75)},
	{"coarse", func(draw func(func(*scene)), send func(Limits)) { // each form of a coarse tile
		draw(func(s *scene) {
			s.photo(s.Rect)
			for i := range 60 { // thin coloured lines
				c := color.RGBA{uint8(255 - 3*i), uint8(i * 4), 255, 255}
				s.fill(image.Rect(80+2*i%64, 2*i, 140, 2*i+1), c)
			}
		})
		for _, sharp := range []Sharpness{0, 99, 60} {
			for range 9 {
				send(Limits{Bytes: 1150, Sharpness: sharp})
			}
			draw(func(s *scene) { // a little darker, and grain
				s.shade(image.Rect(0, 0, 200, 60), 5)
				s.grain(image.Rect(30, 60, 120, 120))
			})
		}
		for range 12 {
			send(Limits{Bytes: 1150, Sharpness: 99})
		}
	}, image.Pt(200, 121)},
	{"former", func(draw func(func(*scene)), send func(Limits)) { // two windows over a page by turns, some of it moved, more than can be kept
		lim := Limits{Bytes: 700, Sharpness: 40}
		one, other := image.Rect(10, 10, 100, 70), image.Rect(50, 40, 130, 90)
		windows := map[image.Rectangle]*image.RGBA{one: nil, other: nil}
		draw(func(s *scene) { s.page(s.Rect); s.photo(image.Rect(96, 0, 150, 40)) })
		for n := range 9 {
			for range 6 {
				send(lim)
			}
			r := []image.Rectangle{one, other}[n%2]
			draw(func(s *scene) {
				if windows[r] == nil {
					s.page(r)
					windows[r] = s.copy()
				}
				s.show(windows[r], r)
				if n > 5 {
					s.shade(image.Rect(20, 20, 24, 30), 60)
				}
				if n > 2 && n < 6 {
					s.move(image.Rect(0, 48, 150, 96), image.Pt(0, -5))
				}
			})
		}
		for range 10 {
			send(Limits{Bytes: 700, Sharpness: 40, Refine: true})
		}
	}, image.Pt(150, 100)},
	{"resize", func(draw func(func(*scene)), send func(Limits)) {
		draw(func(s *scene) { s.gradient(s.Rect) })
		for range 4 {
			send(Limits{Bytes: 200, Sharpness: Exact})
		}
		draw(func(s *scene) {
			m := image.NewRGBA(image.Rect(0, 0, 90, 33))
			s.RGBA = m
			s.page(s.Rect)
		})
		for range 12 {
			send(Limits{Bytes: 300, Sharpness: Exact})
		}
	}, image.Pt(50, 70)},
}

func TestVectors(t *testing.T) {
	met := map[string]int{}
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			text := filepath.Join("testdata", v.name+".txt")
			if *update {
				writeVector(t, text, v.size, v.make)
			}
			b, err := os.ReadFile(text)
			require.NoError(t, err)
			d, p := NewDecoder(DecoderConfig{}), newPlain()
			objects := 0
			for line := range strings.Lines(string(b)) {
				if line[0] == '#' || line[0] == ' ' {
					continue
				}
				obj, err := hex.DecodeString(strings.TrimSpace(line))
				require.NoError(t, err)
				_, err = d.Decode(obj)
				require.NoError(t, err)
				require.NoError(t, p.decode(obj), "object %d", d.number)
				require.True(t, bytes.Equal(p.picture().Pix, d.Picture().Pix))
				objects++
			}
			require.Positive(t, objects)
			for form, n := range p.met {
				met[form] += n
			}
			f, err := os.Open(filepath.Join("testdata", v.name+".png"))
			require.NoError(t, err)
			defer f.Close()
			want, err := png.Decode(f)
			require.NoError(t, err)
			require.True(t, bytes.Equal(PictureOf(want).Image().Pix, d.Picture().Pix))
			if v.size.X <= 16 {
				require.Contains(t, string(b), readable(d.Picture()))
			}
		})
	}
	for _, form := range []string{"view", "full", "long", "split", "whole", "recalled", "whole former", "forget"} {
		require.Positive(t, met[form], form)
	}
	t.Log("forms met:", met)
}

// TestEncoderStillWritesTheVectors says that a change of the encoder's choices is meant: run with -update.
func TestEncoderStillWritesTheVectors(t *testing.T) {
	for _, v := range vectors {
		want, err := os.ReadFile(filepath.Join("testdata", v.name+".txt"))
		require.NoError(t, err)
		path := filepath.Join(t.TempDir(), "v.txt")
		writeVector(t, path, v.size, v.make)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), v.name)
	}
}

func writeVector(t *testing.T, path string, size image.Point, make func(func(func(*scene)), func(Limits))) {
	sc := newScene(7, size.X, size.Y)
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	out := &strings.Builder{}
	fmt.Fprintf(out, "# One object a line, in hex. What it does follows; the picture at the end is in the PNG beside this file.\n")
	make(func(f func(*scene)) {
		f(sc)
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
	}, func(lim Limits) {
		b, o := l.send(t, lim)
		if o.State == 0 {
			return
		}
		fmt.Fprintf(out, "%x\n  object %d: %d bytes, resized %v, damage %v, %d pixels strong, %d fast, %d photographic, %d coarse, %d copied or flat; left %d stale, %d coarse\n",
			b, o.State, len(b), o.Resized, o.Damage, o.Work.Strong, o.Work.Exact, o.Work.Photo, o.Work.Coarse, o.Work.Copied, o.Stale, o.Coarse)
		if size.X <= 16 {
			out.WriteString(readable(l.d.Picture()))
		}
	})
	require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o644))
	f, err := os.Create(strings.TrimSuffix(path, ".txt") + ".png")
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, l.d.Picture().Image()))
	require.NoError(t, f.Close())
}

// readable gives a picture's pixels as RRGGBB, a row a line.
func readable(p Picture) string {
	b := &strings.Builder{}
	for y := range p.Size.Y {
		for x := range p.Size.X {
			fmt.Fprintf(b, " %x", p.Pix[y*p.Stride+4*x:][:3])
		}
		b.WriteString("\n")
	}
	return b.String()
}
