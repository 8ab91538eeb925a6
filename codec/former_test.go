package codec

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// show makes the screen m and sends it until it is exact. It gives the bytes that this took.
func (l *link) show(t *testing.T, screen *Screen, m *image.RGBA) (bytes int) {
	_, err := screen.Update(PictureOf(m), Hints{})
	require.NoError(t, err)
	for range 2000 {
		b, o := l.send(t, Limits{Bytes: 1100, Sharpness: 40, Refine: true})
		bytes += len(b)
		if o.Stale+o.Coarse == 0 {
			return bytes
		}
	}
	require.Fail(t, "it does not end")
	return 0
}

// TestWindowsByTurns shows two maximised windows, text and photographs, by turns: from the second time on each is known.
func TestWindowsByTurns(t *testing.T) {
	windows := [2]*scene{newScene(1, 1280, 800), newScene(2, 1280, 800)}
	for _, w := range windows {
		w.page(w.Rect)
		w.photo(image.Rect(700, 300, 1000, 500))
	}
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	for n := range 8 {
		took := l.show(t, screen, windows[n%2].RGBA)
		if n > 1 {
			require.LessOrEqual(t, took, 600, "switch %d", n)
		}
	}
}

// TestWhatStoodLongIsKeptLongest drags a window over a photograph: what it covered comes back, however far it went.
func TestWhatStoodLongIsKeptLongest(t *testing.T) {
	desktop := newScene(3, 640, 400)
	desktop.photo(desktop.Rect)
	window := newScene(4, 200, 120)
	window.page(window.Rect)
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	first := l.show(t, screen, desktop.RGBA)
	for x := 0; x < 400; x += 13 {
		m := desktop.copy()
		at := image.Pt(20+x, 10+x/2)
		for y := range 120 {
			copy(m.Pix[m.PixOffset(at.X, at.Y+y):][:4*200], window.Pix[window.PixOffset(0, y):])
		}
		l.show(t, screen, m)
	}
	require.Less(t, l.show(t, screen, desktop.RGBA), first/100)
}

// TestFormersAreBounded shows more than can be kept: contents are forgotten, and none is kept twice.
func TestFormersAreBounded(t *testing.T) {
	sc := newScene(5, 320, 320)
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	for range 5 {
		sc.noise(sc.Rect)
		sc.fill(image.Rect(0, 0, 64, 64), black)
		l.show(t, screen, sc.RGBA)
	}
	m := &l.former
	seen := map[content]bool{}
	entries := 0
	for id, n := range m.contents.nodes {
		if n.uses > 0 {
			require.False(t, seen[*m.contents.at(int32(id))])
			seen[*m.contents.at(int32(id))] = true
		}
		entries += int(n.uses)
	}
	kept := 0
	for _, p := range m.tiles {
		kept += p.n
	}
	require.Equal(t, kept, entries)
	require.Len(t, seen, m.contents.used)
	require.Equal(t, 2*20*20, m.contents.used)
}

// TestWhatIsAlmostKnownEnds shows a photograph with another few pixels different each time: every picture becomes exact.
func TestWhatIsAlmostKnownEnds(t *testing.T) {
	sc := newScene(6, 96, 96)
	sc.photo(sc.Rect)
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	l.show(t, screen, sc.RGBA)
	for n := range 12 {
		m := sc.copy()
		for y := 0; y < 96; y += 4 {
			for x := n % 3; x < 96; x += 5 {
				m.Pix[m.PixOffset(x, y)+1] ^= 9
			}
		}
		l.show(t, screen, m)
	}
}
