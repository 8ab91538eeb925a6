package x11

import (
	"bytes"
	"fmt"
	"image"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
)

func TestAtRestTheViewerSeesExactlyWhatRealProgramsShow(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	v := watch(t, url)
	v.sees(s)
	s.run(s.program("openbox"))
	text := filepath.Join(s.home, "letter.txt")
	require.NoError(t, os.WriteFile(text, bytes.Repeat([]byte("A line of a letter, typed here.\n"), 60), 0o600))
	s.run(s.program("mousepad", "--disable-server", text))
	s.titled("letter.txt")
	v.sees(s)
	scrolled := filepath.Join(s.home, "scrolled")
	s.run(s.program("xterm", "-T", "scrolling", "-e", "sh", "-c", "i=0; while [ $i -lt 400 ]; do echo line $i of what scrolls by; i=$((i+1)); done; touch "+scrolled+"; exec cat"))
	soon(t, func() bool { _, err := os.Stat(scrolled); return err == nil }, "xterm has scrolled")
	v.sees(s)
	late := watch(t, url)
	late.sees(s)
	v.sees(s)
}

func TestADisplayOfAnotherSizeIsFollowed(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	v := watch(t, url)
	v.sees(s)
	for _, size := range []image.Point{{640, 480}, {333, 77}, {800, 600}} {
		s.program("xrandr", "--fb", fmt.Sprintf("%dx%d", size.X, size.Y)).Run() // says that the output does not fit; it need not
		require.Equal(t, size, s.picture().Rect.Max)
		v.sees(s)
	}
}

func TestWithoutSharedMemoryThePictureIsTheSame(t *testing.T) {
	s := startServer(t, "-extension", "MIT-SHM")
	var log bytes.Buffer
	_, url := s.share(func() (*Display, error) { return Open(s.display, slog.New(slog.NewTextHandler(&log, nil))) })
	require.Contains(t, log.String(), "no memory can be shared with the X server")
	v := watch(t, url)
	v.sees(s)
	s.run(s.program("xterm", "-e", "sh", "-c", "ls -l /; exec cat"))
	s.titled("sh")
	v.sees(s)
}

func TestThePointersShapeIsTheDisplays(t *testing.T) {
	s := startServer(t)
	_, url := s.share(s.open)
	v := watch(t, url)
	v.sees(s)
	shape := func() session.Cursor {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.cursor == nil {
			return session.Cursor{}
		}
		return *v.cursor
	}
	soon(t, func() bool { return shape().Size.X > 0 }, "the first shape")
	first := shape()
	require.True(t, first.Hot.In(image.Rectangle{Max: first.Size}))
	w := s.window(image.Rect(100, 100, 300, 300))
	font, err := xproto.NewFontId(s.conn)
	require.NoError(t, err)
	xproto.OpenFont(s.conn, font, 6, "cursor")
	cross, err := xproto.NewCursorId(s.conn)
	require.NoError(t, err)
	xproto.CreateGlyphCursor(s.conn, cross, font, font, 34, 35, 0xffff, 0, 0, 0, 0, 0xffff) // a cross, red on blue
	require.NoError(t, xproto.ChangeWindowAttributesChecked(s.conn, w.id, xproto.CwCursor, []uint32{uint32(cross)}).Check())
	v.point(200, 200)
	soon(t, func() bool {
		return bytes.Contains(shape().Pix, []byte{255, 0, 0, 255}) && bytes.Contains(shape().Pix, []byte{0, 0, 255, 255})
	}, "the window's shape")
	v.point(10, 10)
	soon(t, func() bool { return bytes.Equal(shape().Pix, first.Pix) }, "the first shape again")
}

func TestADisplayThatCannotBeOpenedIsNamed(t *testing.T) {
	for _, name := range []string{":4711", "nonsense", ":"} {
		_, err := Open(name, slog.New(slog.DiscardHandler))
		require.ErrorContains(t, err, "the X11 display "+name+" cannot be shown: ")
	}
}

func TestADisplayOfAnotherFormIsRefused(t *testing.T) {
	s := startServer(t, "-screen", "0", "320x240x16")
	_, err := s.open()
	require.ErrorContains(t, err, "its pixels of 16 bits have a form that is not supported")
}

func TestADisplayThatGoesAwayEndsTheHostWithOneSentence(t *testing.T) {
	for _, watched := range []bool{false, true} {
		s := startServer(t)
		host, url := s.share(s.open)
		if watched {
			watch(t, url).sees(s)
		}
		s.process.Process.Kill()
		<-host.Done()
		require.EqualError(t, host.Err(), "the X11 display "+s.display+" has gone away")
	}
}
