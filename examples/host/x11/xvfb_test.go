package x11

import (
	"bufio"
	"context"
	"image"
	"image/draw"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

// needs skips the test where a program is not installed, and where time is short; .ci/run installs them all.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("real programs on a real X display take long")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed: a real X display is not tested (Debian: apt-get install xvfb xterm mousepad openbox x11-xkb-utils x11-xserver-utils)", p)
		}
	}
}

// server is an X server of the test's own, and a connection to it.
type server struct {
	t       *testing.T
	display string
	process *exec.Cmd
	conn    *xgb.Conn
	root    xproto.Window
	home    string
}

func startServer(t *testing.T, options ...string) *server {
	needs(t, "Xvfb")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	s := &server{t: t, home: t.TempDir()}
	s.process = exec.Command("Xvfb", append([]string{"-displayfd", "3", "-nolisten", "tcp", "-noreset", "-screen", "0", "800x600x24"}, options...)...)
	s.process.ExtraFiles = []*os.File{w}
	s.run(s.process)
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err, "Xvfb names its display")
	s.display = ":" + strings.TrimSpace(number)
	s.conn, err = xgb.NewConnDisplay(s.display)
	require.NoError(t, err)
	t.Cleanup(s.conn.Close)
	s.root = xproto.Setup(s.conn).DefaultScreen(s.conn).Root
	return s
}

// run lets a program run until the test ends.
func (s *server) run(c *exec.Cmd) {
	require.NoError(s.t, c.Start())
	s.t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
}

// program is one of X's programs, on this server, with a home of its own.
func (s *server) program(name string, args ...string) *exec.Cmd {
	needs(s.t, name)
	c := exec.Command(name, args...)
	c.Env = []string{"DISPLAY=" + s.display, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + s.home, "XDG_RUNTIME_DIR=" + s.home,
		"GSETTINGS_BACKEND=memory", "NO_AT_BRIDGE=1", "GTK_CSD=0"}
	return c
}

// do runs a program to its end.
func (s *server) do(name string, args ...string) {
	out, err := s.program(name, args...).CombinedOutput()
	require.NoError(s.t, err, "%s: %s", name, out)
}

// picture is what the server shows.
func (s *server) picture() *image.RGBA {
	g, err := xproto.GetGeometry(s.conn, xproto.Drawable(s.root)).Reply()
	require.NoError(s.t, err)
	img, err := xproto.GetImage(s.conn, xproto.ImageFormatZPixmap, xproto.Drawable(s.root), 0, 0, g.Width, g.Height, allPlanes).Reply()
	require.NoError(s.t, err)
	pic := image.NewRGBA(image.Rect(0, 0, int(g.Width), int(g.Height)))
	for i := 0; i < len(pic.Pix); i += 4 {
		pic.Pix[i], pic.Pix[i+1], pic.Pix[i+2], pic.Pix[i+3] = img.Data[i+2], img.Data[i+1], img.Data[i], 255
	}
	return pic
}

// titled waits for a window whose title contains a word.
func (s *server) titled(word string) {
	s.t.Helper()
	soon(s.t, func() bool { return s.hasTitle(word) }, "a window called "+word)
}

func (s *server) hasTitle(word string) bool {
	var find func(w xproto.Window) bool
	find = func(w xproto.Window) bool {
		name, err := xproto.GetProperty(s.conn, false, w, xproto.AtomWmName, xproto.GetPropertyTypeAny, 0, 100).Reply()
		if attributes, wrong := xproto.GetWindowAttributes(s.conn, w).Reply(); err == nil && wrong == nil &&
			attributes.MapState == xproto.MapStateViewable && strings.Contains(string(name.Value), word) {
			return true
		}
		tree, err := xproto.QueryTree(s.conn, w).Reply()
		return err == nil && slices.ContainsFunc(tree.Children, find)
	}
	return find(s.root)
}

const (
	patience = 30 * time.Second // the machine may be busy
	poll     = 20 * time.Millisecond
)

// soon waits until ok.
func soon(t *testing.T, ok func() bool, what string) {
	t.Helper()
	require.Eventually(t, ok, patience, poll, "not in time: %s", what)
}

// share shows the server's display by a host of its own and returns the host's address.
func (s *server) share(open func() (*Display, error)) (host *session.Host, url string) {
	d, err := open()
	require.NoError(s.t, err)
	s.t.Cleanup(d.Close)
	host, err = session.NewHost(d, session.HostConfig{
		Transport: transport.HostConfig{Authorize: func(context.Context, *http.Request, string) (transport.Grant, error) {
			return transport.Grant{}, nil
		}},
		OnInput: func(p *session.Peer, in session.Input) { d.Input(p.ID(), in) },
	})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { host.Close() })
	web := httptest.NewServer(host)
	s.t.Cleanup(web.Close)
	return host, web.URL
}

func (s *server) open() (*Display, error) { return Open(s.display, slog.New(slog.DiscardHandler)) }

// viewer is a viewer, and what it shows.
type viewer struct {
	t *testing.T
	*session.Viewer

	mu     sync.Mutex
	pic    *image.RGBA
	cursor *session.Cursor
}

func watch(t *testing.T, url string) *viewer {
	v := &viewer{t: t}
	var err error
	v.Viewer, err = session.Dial(t.Context(), url, v, session.ViewerConfig{OnCursor: func(c session.Cursor) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.cursor = &c
	}})
	require.NoError(t, err)
	t.Cleanup(func() { v.Close() })
	return v
}

// Show keeps the picture by its damage alone.
func (v *viewer) Show(f session.Frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := image.Rectangle{Max: f.Picture.Size}
	if f.Resized {
		v.pic = image.NewRGBA(all)
	}
	for _, r := range f.Damage {
		draw.Draw(v.pic, r, &image.RGBA{Pix: f.Picture.Pix, Stride: f.Picture.Stride, Rect: all}, r.Min, draw.Src)
	}
}

// sees waits until the viewer's picture is the server's, pixel for pixel.
func (v *viewer) sees(s *server) {
	v.t.Helper()
	var wrong image.Rectangle
	for end := time.Now().Add(patience); ; time.Sleep(poll) {
		want := s.picture()
		v.mu.Lock()
		wrong = differ(v.pic, want)
		v.mu.Unlock()
		if wrong.Empty() {
			return
		}
		require.True(v.t, time.Now().Before(end), "the viewer does not see the display's picture in %v; %d objects came", wrong, v.Stats().Objects)
	}
}

// differ is where two pictures differ.
func differ(got, want *image.RGBA) (r image.Rectangle) {
	if got == nil || got.Rect != want.Rect {
		return want.Rect
	}
	for y := range want.Rect.Max.Y {
		for x := range want.Rect.Max.X {
			if got.RGBAAt(x, y) != want.RGBAAt(x, y) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// do sends what a user does.
func (v *viewer) do(inputs ...session.Input) {
	for _, in := range inputs {
		require.NoError(v.t, v.SendInput(in))
	}
}

// typeText types characters one by one.
func (v *viewer) typeText(text string) {
	for i, r := range []rune(text) {
		in := session.Input{Kind: session.Key, Code: uint16(4 + i%20), Keysym: uint32(symOf(r)), Text: string(r), Down: true}
		v.do(in)
		in.Down = false
		v.do(in)
	}
}

func (v *viewer) key(sym keysym, down bool) {
	v.do(session.Input{Kind: session.Key, Keysym: uint32(sym), Down: down})
}

func (v *viewer) tap(sym keysym) {
	v.key(sym, true)
	v.key(sym, false)
}

func (v *viewer) point(x, y int) { v.do(session.Input{Kind: session.Pointer, X: x, Y: y}) }
