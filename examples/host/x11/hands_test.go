package x11

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
)

// allLetters are fewer than the layouts have spare keycodes: how fast a client reads a mapping that is given away is a
// busy machine's matter.
const allLetters = "azAZ qwQW 0123456789 %[{@# éèçàœ€ß日本 ŁŐ éèçàœ€ß日本"

func TestXtermGetsWhatWasTyped(t *testing.T) {
	for _, layout := range []string{"us", "fr"} {
		t.Run(layout, func(t *testing.T) {
			s := startServer(t)
			s.do("setxkbmap", layout)
			_, url := s.share(s.open)
			v := watch(t, url)
			v.sees(s)
			typed, ready := filepath.Join(s.home, "typed"), filepath.Join(s.home, "ready")
			s.run(s.program("xterm", "-u8", "-geometry", "80x24+0+0", "-e", "sh", "-c",
				"stty raw -echo; touch "+ready+"; exec dd bs=1 status=none of="+typed))
			soon(t, func() bool { _, err := os.Stat(ready); return err == nil }, "xterm runs")
			v.point(100, 100)
			want := allLetters
			v.typeText(allLetters)
			v.key(symLevel3, true)
			v.typeText("e€") // e without AltGr on the viewer's side of things, € with it
			v.key(symLevel3, false)
			v.tap(symReturn)
			v.tap(0xff51) // Left
			v.tap(0xff52) // Up
			want += "e€\r\x1b[D\x1b[A"
			v.key(symControlL, true)
			v.tap('a')
			v.key(symControlL, false)
			want += "\x01"
			holds(t, typed, want)
		})
	}
}

func TestAnEditorGetsWhatWasTyped(t *testing.T) {
	for _, layout := range []string{"us", "fr"} {
		t.Run(layout, func(t *testing.T) {
			s := startServer(t)
			s.do("setxkbmap", layout)
			_, url := s.share(s.open)
			v := watch(t, url)
			v.sees(s)
			file := filepath.Join(s.home, "typed.txt")
			require.NoError(t, os.WriteFile(file, nil, 0o600))
			s.run(s.program("mousepad", "--disable-server", file))
			s.titled("typed.txt")
			v.point(400, 300)
			soon(t, func() bool { // it listens: there is something to save
				v.typeText("x")
				return s.hasTitle("*")
			}, "the editor takes what is typed")
			command := func(letter keysym) {
				v.key(symControlL, true)
				v.tap(letter)
				v.key(symControlL, false)
			}
			command('a')
			v.typeText(allLetters)
			v.tap(symReturn)
			v.typeText("bd")
			v.tap(0xff51) // Left
			v.typeText("c")
			command('s')
			holds(t, file, allLetters+"\nbcd")
		})
	}
}

// holds waits until a file holds exactly a text.
func holds(t *testing.T, file, want string) {
	t.Helper()
	var got []byte
	if !t.Run("", func(t *testing.T) {
		soon(t, func() bool { got, _ = os.ReadFile(file); return string(got) == want }, "the text")
	}) {
		require.Equal(t, want, string(got))
	}
}

func TestALayoutThatChangesIsFollowed(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	v := watch(t, url)
	v.sees(s)
	w := s.window(image.Rect(0, 0, 400, 300))
	v.point(200, 200)
	for _, layout := range []string{"fr", "us", "de", "us"} {
		s.do("setxkbmap", layout)
		w.forget()
		v.typeText("a1y€ö")
		soon(t, func() bool { return w.text() == "a1y€ö" }, "typed with "+layout+", got "+w.text())
	}
}

func TestClicksDragsAndScrollsArrive(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	v := watch(t, url)
	v.sees(s)
	w := s.window(image.Rect(100, 50, 500, 350))
	button := func(b uint8, down bool, x, y int) {
		v.do(session.Input{Kind: session.Button, Button: b, Down: down, X: x, Y: y})
	}
	expect := func(want ...string) {
		t.Helper()
		soon(t, func() bool { return len(w.seen()) >= len(want) }, fmt.Sprintf("%q", want))
		require.Equal(t, want, w.seen())
		w.forget()
	}
	button(1, true, 110, 60)
	button(1, false, 110, 60)
	button(3, true, 110, 61)
	button(3, false, 110, 61)
	expect("move 10,10", "press 1", "release 1", "move 10,11", "press 3", "release 3")
	button(1, true, 120, 70)
	button(1, false, 300, 200)
	expect("move 20,20", "press 1", "move 200,150", "release 1")
	for range 3 { // 150: a notch, and a quarter of one
		v.do(session.Input{Kind: session.Wheel, DY: 50, X: 300, Y: 200})
	}
	v.do(session.Input{Kind: session.Wheel, DX: -120, DY: -240, X: 300, Y: 200})
	expect("press 5", "release 5", "press 4", "release 4", "press 4", "release 4", "press 6", "release 6")
	button(4, true, 300, 200) // no viewer's button
	button(9, true, 301, 200)
	expect("move 201,150", "press 9")
}

func TestWhoGoesLetsEverythingGo(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	stays, goes := watch(t, url), watch(t, url)
	stays.sees(s)
	goes.sees(s)
	w := s.window(image.Rect(0, 0, 400, 300))
	at := session.Input{Kind: session.Button, Button: 1, X: 50, Y: 50, Down: true}
	stays.do(at)
	soon(t, func() bool { return slices.Contains(w.seen(), "press 1") }, "the one holds a button")
	goes.do(at)
	goes.key(symShiftL, true)
	goes.typeText("q")
	goes.do(session.Input{Kind: session.Key, Keysym: 'e', Text: "e", Down: true})
	soon(t, func() bool { return w.text() == "qe" }, "the other types while it holds Shift")
	require.True(t, s.holds())
	goes.Close()
	soon(t, func() bool { return !s.holds() }, "its keys are let go")
	require.NotContains(t, w.seen(), "release 1")
	at.Down = false
	stays.do(at)
	soon(t, func() bool { return slices.Contains(w.seen(), "release 1") }, "the last one lets the button go")
}

func TestTheKeyboardIsLeftAsItWas(t *testing.T) {
	s := startServer(t)
	before := s.keyboard()
	d, err := s.open()
	require.NoError(t, err)
	d.Input("ann", session.Input{Kind: session.Key, Text: "œ", Down: true})
	d.Input("ann", session.Input{Kind: session.Key})
	soon(t, func() bool { return !slices.Equal(s.keyboard(), before) }, "œ has a key, and keys do not repeat by themselves")
	d.Close()
	require.Equal(t, before, s.keyboard())
}

// keyboard is the layout, and whether keys repeat.
func (s *server) keyboard() []xproto.Keysym {
	m, err := xproto.GetKeyboardMapping(s.conn, 8, 248).Reply()
	require.NoError(s.t, err)
	c, err := xproto.GetKeyboardControl(s.conn).Reply()
	require.NoError(s.t, err)
	return append(m.Keysyms, xproto.Keysym(c.GlobalAutoRepeat))
}

// holds tells whether a key is down.
func (s *server) holds() bool {
	m, err := xproto.QueryKeymap(s.conn).Reply()
	require.NoError(s.t, err)
	return slices.ContainsFunc(m.Keys, func(b byte) bool { return b != 0 })
}

// window is a program of the test's own that notes what it gets.
type window struct {
	id     xproto.Window
	conn   *xgb.Conn
	mu     sync.Mutex
	events []string
	at     image.Point
	typed  string
}

func (s *server) window(r image.Rectangle) *window {
	conn, err := xgb.NewConnDisplay(s.display)
	require.NoError(s.t, err)
	s.t.Cleanup(conn.Close)
	w := &window{conn: conn}
	w.id, err = xproto.NewWindowId(conn)
	require.NoError(s.t, err)
	const mask = xproto.EventMaskKeyPress | xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskPointerMotion | xproto.EventMaskExposure
	xproto.CreateWindow(conn, 0, w.id, s.root, int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0,
		xproto.WindowClassInputOutput, 0, xproto.CwBackPixel|xproto.CwEventMask, []uint32{0xffffff, mask})
	require.NoError(s.t, xproto.MapWindowChecked(conn, w.id).Check())
	shown := make(chan struct{})
	go w.listen(sync.OnceFunc(func() { close(shown) }))
	<-shown
	return w
}

func (w *window) listen(shown func()) {
	for {
		event, err := w.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		w.mu.Lock()
		switch e := event.(type) {
		case xproto.ExposeEvent:
			shown()
		case xproto.ButtonPressEvent:
			w.events = append(w.events, fmt.Sprintf("press %d", e.Detail))
		case xproto.ButtonReleaseEvent:
			w.events = append(w.events, fmt.Sprintf("release %d", e.Detail))
		case xproto.MotionNotifyEvent:
			if at := image.Pt(int(e.EventX), int(e.EventY)); at != w.at { // told again where it is, it tells again
				w.at = at
				w.events = append(w.events, fmt.Sprintf("move %d,%d", at.X, at.Y))
			}
		case xproto.KeyPressEvent:
			w.key(e)
		}
		w.mu.Unlock()
	}
}

// key reads the key as the simplest of programs do.
func (w *window) key(e xproto.KeyPressEvent) {
	m, err := xproto.GetKeyboardMapping(w.conn, e.Detail, 1).Reply()
	if err != nil {
		return
	}
	column := 0
	if e.State&xproto.ModMask5 != 0 && len(m.Keysyms) > 4 {
		column = 4
	}
	if e.State&xproto.ModMaskShift != 0 {
		column++
	}
	if r := keysym(m.Keysyms[column]).rune(); r != 0 {
		w.typed += string(r)
	}
}

func (w *window) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

func (w *window) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.typed
}

func (w *window) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events, w.typed = nil, ""
}
