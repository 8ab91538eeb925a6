package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/session/web"
	"github.com/thinpane/thinpane/transport"
)

// desk is a host with its page, and what the browser asked for and sent.
type desk struct {
	host   *session.Host
	server *httptest.Server
	mu     sync.Mutex
	asked  []string
	before func(*http.Request) // called with each request before it is answered
	inputs []session.Input
}

// openDesk serves a source on loopback.
func openDesk(t *testing.T, source session.Source) *desk {
	d := &desk{}
	host, err := session.NewHost(source, session.HostConfig{
		Transport: transport.HostConfig{Authorize: func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if token != "secret" {
				return transport.Grant{}, errors.New("wrong token")
			}
			return transport.Grant{User: "browser"}, nil
		}},
		OnInput: func(_ *session.Peer, in session.Input) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.inputs = append(d.inputs, in)
		},
	})
	require.NoError(t, err)
	d.host = host
	mux := http.NewServeMux()
	mux.Handle("GET /", web.Handler())
	mux.HandleFunc("GET /own", func(w http.ResponseWriter, _ *http.Request) { // an application's page, without a policy
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!DOCTYPE html><title>Own</title><link rel="icon" href="data:,"><body style="height: 100vh">`)
	})
	mux.Handle("/", host)
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.asked = append(d.asked, r.Method+" "+r.URL.Path)
		before := d.before
		d.mu.Unlock()
		if before != nil {
			before(r)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		d.server.Close()
		host.Close()
	})
	return d
}

// taken returns the inputs since the last call, once there are so many.
func (d *desk) taken(t *testing.T, n int) []session.Input {
	t.Helper()
	var all []session.Input
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		all = append(all, d.inputs...)
		d.inputs = nil
		return len(all) >= n
	}, 10*time.Second, 5*time.Millisecond, "%d inputs", n)
	require.Len(t, all, n)
	return all
}

// still shows pictures one after the other, as soon as some viewer has room, and rests at the last.
func still(pictures ...*image.RGBA) session.SourceFunc {
	return func(ctx context.Context, s *session.Screen) error {
		for _, p := range pictures {
			if err := s.Wanted(ctx); err != nil {
				return err
			}
			if err := s.Update(codec.PictureOf(p), codec.Hints{}); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

// desktop draws text, flat areas and a photograph (noise and gradients), each time a little different.
func desktop(width, height, step int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(p, p.Rect, image.NewUniform(color.RGBA{236, 238, 241, 255}), image.Point{}, draw.Src)
	random := rand.New(rand.NewPCG(1, 2))
	for y := range height / 3 {
		for x := range width / 3 {
			n := uint8(random.IntN(24))
			p.SetRGBA(width/2+x, height/4+y, color.RGBA{uint8(x) + n, uint8(y*2) + n, uint8(x+y) - n, 255})
		}
	}
	bar := image.Rect(step*17%width, height-40, step*17%width+60, height-10)
	draw.Draw(p, bar, image.NewUniform(color.RGBA{30, 90, 200, 255}), image.Point{}, draw.Src)
	w := font.Drawer{Dst: p, Src: image.Black, Face: basicfont.Face7x13}
	for line := range height / 16 {
		w.Dot = fixed.P(12, 20+16*line)
		w.DrawString(fmt.Sprintf("Line %d of step %d: the quick brown fox jumps", line+step/4, step))
	}
	return p
}

// canvas reads the canvas in the first viewer of the page.
const canvas = `[...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector("canvas"))?.shadowRoot.querySelector("canvas")`

// shows waits until the canvas holds exactly the pixels of a picture.
func (p *tab) shows(want *image.RGBA) {
	p.t.Helper()
	p.until(`!!` + canvas)
	var got []byte
	for end := time.Now().Add(60 * time.Second); ; {
		var text string
		p.eval(`(async () => {
			const from = `+canvas+`, to = new OffscreenCanvas(from.width, from.height), c = to.getContext("2d");
			c.drawImage(from, 0, 0);
			const size = new Uint32Array([from.width, from.height]);
			const blob = new Blob([size, c.getImageData(0, 0, from.width, from.height).data]);
			return await new Promise((done) => { const r = new FileReader(); r.onload = () => done(r.result.split(",")[1]); r.readAsDataURL(blob); });
		})()`, &text)
		var err error
		got, err = base64.StdEncoding.DecodeString(text)
		require.NoError(p.t, err)
		size := image.Pt(int(got[0])|int(got[1])<<8, int(got[4])|int(got[5])<<8)
		got = got[8:]
		if size == want.Rect.Size() && bytes.Equal(got, want.Pix) {
			return
		}
		if time.Now().After(end) {
			var where image.Rectangle
			for i := range min(len(got), len(want.Pix)) {
				if got[i] != want.Pix[i] {
					at := image.Pt(i/4%size.X, i/4/size.X)
					where = where.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
				}
			}
			var said string
			p.eval(says, &said)
			p.t.Fatalf("the canvas of %v differs within %v from the picture of %v; the viewer says %q", size, where, want.Rect.Size(), said)
		}
		p.eval(`new Promise((r) => setTimeout(r, 100))`, nil)
	}
}

// says is the text of the viewer's line.
const says = `(` + canvas + `?.getRootNode().querySelector("[role=status]").textContent ?? "")`

func TestAtRestTheCanvasIsTheSourcePixelForPixel(t *testing.T) {
	var pictures []*image.RGBA
	for step := range 40 {
		pictures = append(pictures, desktop(1000, 600, step))
	}
	pictures = append(pictures, desktop(733, 411, 40)) // and another size
	d := openDesk(t, still(pictures...))
	offered := make(chan struct{}, 1)
	var late atomic.Bool
	d.before = func(r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			offered <- struct{}{}
		case r.URL.Path == "/thinpane.js": // does not come before the offer has
			select {
			case <-offered:
			case <-time.After(20 * time.Second):
				late.Store(true)
			}
		}
	}
	p := openTab(t, d.server.URL+"/#token=secret")
	p.until(says + `=== "Connected"`)
	p.shows(pictures[len(pictures)-1])
	p.until(canvas + `.getRootNode().querySelector(".figures").textContent.includes("round trip")`)
	p.screenshot("connected")
	d.mu.Lock()
	defer d.mu.Unlock()
	require.ElementsMatch(t, []string{"GET /", "POST /", "GET /thinpane.js"}, d.asked, "the worker's file is the page's")
	require.False(t, late.Load(), "the offer waited for the viewer's file")
}

func TestKeysPointerAndWheelArriveAsInputs(t *testing.T) {
	screen := desktop(1000, 600, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	p.screenshot("desktop")

	key := func(keysym uint32, code uint16, text string) []session.Input {
		return []session.Input{{Kind: session.Key, Keysym: keysym, Code: code, Text: text, Down: true}, {Kind: session.Key, Keysym: keysym, Code: code}}
	}
	for _, c := range []struct {
		code, key string
		modifiers int
		want      []session.Input
	}{
		{"KeyQ", "a", 0, key('a', 0x14, "a")}, // AZERTY
		{"Digit2", "é", 0, key(0xe9, 0x1f, "é")},
		{"KeyE", "€", 0, key(0x20ac, 0x08, "€")},
		{"KeyO", "œ", 0, key(0x13bd, 0x12, "œ")},
		{"Enter", "Enter", 0, key(0xff0d, 0x28, "")},
		{"ArrowLeft", "ArrowLeft", 0, key(0xff51, 0x50, "")},
		{"Tab", "Tab", 0, key(0xff09, 0x2b, "")},
		{"KeyQ", "a", 2, key('a', 0x14, "")}, // with Ctrl: a command
		{"F5", "F5", 0, key(0xffc2, 0x3e, "")},
	} {
		p.key(c.code, c.key, c.modifiers)
		require.Equal(t, c.want, d.taken(t, 2), c.key)
	}

	p.call("Input.insertText", map[string]any{"text": "ê"}, nil) // as input methods do
	require.Equal(t, key(0xea, 0, "ê"), d.taken(t, 2))

	// A picture pixel for each 1.2 of the page: 1000 x 600 fits 1200 x 720, and more is not there.
	var box struct{ X, Y, Width, Height float64 }
	p.eval(`(({ x, y, width, height }) => ({ x, y, width, height }))(`+canvas+`.getBoundingClientRect())`, &box)
	at := func(x, y int) (int, int) {
		return int(box.X + (float64(x)+0.5)*box.Width/1000), int(box.Y + (float64(y)+0.5)*box.Height/600)
	}
	x, y := at(500, 300)
	p.mouse("mouseMoved", x, y, nil)
	moved := d.taken(t, 1)[0]
	require.Equal(t, session.Pointer, moved.Kind)
	require.InDelta(t, 500, moved.X, 1)
	require.InDelta(t, 300, moved.Y, 1)
	p.mouse("mousePressed", x, y, map[string]any{"button": "left", "buttons": 1, "clickCount": 1})
	p.mouse("mouseReleased", x, y, map[string]any{"button": "left", "clickCount": 1})
	p.mouse("mousePressed", x, y, map[string]any{"button": "right", "buttons": 2, "clickCount": 1})
	p.mouse("mouseReleased", x, y, map[string]any{"button": "right", "clickCount": 1})
	var buttons []string
	for _, in := range d.taken(t, 4) {
		buttons = append(buttons, fmt.Sprint(in.Kind == session.Button, in.Button, in.Down, in.X == moved.X))
	}
	require.Equal(t, []string{"true 1 true true", "true 1 false true", "true 3 true true", "true 3 false true"}, buttons)
	p.mouse("mouseWheel", x, y, map[string]any{"deltaX": 0, "deltaY": 120})
	wheel := d.taken(t, 1)[0]
	require.Equal(t, session.Wheel, wheel.Kind)
	require.Equal(t, []int{0, 120}, []int{wheel.DX, wheel.DY})

	// What is down when the focus goes is let go: Shift, a key, a button.
	p.call("Input.dispatchKeyEvent", map[string]any{"type": "rawKeyDown", "code": "ShiftLeft", "key": "Shift", "location": 1}, nil)
	p.mouse("mousePressed", x, y, map[string]any{"button": "left", "buttons": 1, "clickCount": 1})
	d.taken(t, 2)
	p.eval(canvas+`.getRootNode().querySelector("input").focus()`, nil)
	released := d.taken(t, 2)
	require.Equal(t, session.Input{Kind: session.Key, Keysym: 0xffe1, Code: 0xe1}, released[0])
	require.Equal(t, []any{session.Button, uint8(1), false}, []any{released[1].Kind, released[1].Button, released[1].Down})
	p.mouse("mouseReleased", x, y, map[string]any{"button": "left"})
}

func TestTheKeyboardLeavesTheScreenAndChangesItsSize(t *testing.T) {
	screen := desktop(1600, 900, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	var width float64
	p.eval(canvas+`.getBoundingClientRect().width`, &width)
	require.LessOrEqual(t, width, 1200.0)
	for _, k := range []string{"Control", "Alt", "Shift"} {
		p.call("Input.dispatchKeyEvent", map[string]any{"type": "rawKeyDown", "code": k + "Left", "key": k, "location": 1, "modifiers": map[string]int{"Control": 2, "Alt": 3, "Shift": 11}[k]}, nil)
	}
	d.taken(t, 6) // pressed, and let go
	p.until(canvas + `.getRootNode().activeElement.type === "checkbox"`)
	p.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "code": "Space", "key": " ", "text": " ", "windowsVirtualKeyCode": 32}, nil)
	p.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "code": "Space", "key": " ", "windowsVirtualKeyCode": 32}, nil)
	p.until(canvas + `.getBoundingClientRect().width * devicePixelRatio === 1600`)
	p.until(`(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(` + canvas + `.getRootNode().querySelector(".port"))`)
	p.screenshot("one-to-one")
}

func TestTheViewerComesBackWhenTheConnectionIsLost(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	peers := d.host.Peers()
	require.Len(t, peers, 1)
	require.NoError(t, peers[0].Close())
	p.until(says + `.startsWith("Connection lost")`)
	p.screenshot("reconnecting")
	p.until(says + `=== "Connected"`)
	require.NotEqual(t, peers[0].ID(), d.host.Peers()[0].ID())
	p.shows(screen)
}

func TestTheHostsGoodbyeIsFinalAndShown(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	require.NoError(t, d.host.Peers()[0].SendAway("The office closes."))
	p.until(says + `=== "The host has ended the session: The office closes."`)
}

func TestAPageThatGoesGivesItsPlaceBack(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	require.Len(t, d.host.Peers(), 1)
	p.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	require.Eventually(t, func() bool { return len(d.host.Peers()) == 0 }, 5*time.Second, 10*time.Millisecond)
}

func TestAWrongTokenIsSaidAndNotTriedAgain(t *testing.T) {
	d := openDesk(t, still(desktop(200, 100, 0)))
	p := openTab(t, d.server.URL+"/#token=guess")
	p.until(says + `.startsWith("Refused")`)
	p.screenshot("refused")
	p.forgive("401")
}

// embedding starts examples/embed and returns the address that it prints.
func embedding(t *testing.T) string {
	program := filepath.Join(t.TempDir(), "embed")
	out, err := exec.Command("go", "build", "-o", program, "../../examples/embed").CombinedOutput()
	require.NoError(t, err, string(out))
	c := exec.Command(program, "-listen", "127.0.0.1:0")
	pipe, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	line, err := bufio.NewReader(pipe).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(strings.TrimPrefix(line, "Open "))
}

func TestTheEmbeddingExamplesBoardIsDrawnOnInOnePageAndSeenInAnother(t *testing.T) {
	url := embedding(t)
	p, q := openTab(t, url), openTab(t, url)
	empty := image.NewRGBA(image.Rect(0, 0, 640, 400))
	draw.Draw(empty, empty.Rect, image.NewUniform(color.RGBA{250, 248, 240, 255}), image.Point{}, draw.Src)
	p.shows(empty)
	q.shows(empty)

	var box struct{ X, Y, Width, Height float64 }
	p.eval(`(({ x, y, width, height }) => ({ x, y, width, height }))(`+canvas+`.getBoundingClientRect())`, &box)
	x, y := int(box.X), int(box.Y)
	p.mouse("mouseMoved", x+100, y+100, nil)
	p.mouse("mousePressed", x+100, y+100, map[string]any{"button": "left", "buttons": 1, "clickCount": 1})
	for i := range 20 {
		p.mouse("mouseMoved", x+100+i*15, y+100+i*i/2, map[string]any{"button": "left", "buttons": 1})
	}
	p.mouse("mouseReleased", x+385, y+280, map[string]any{"button": "left", "clickCount": 1})
	inked := `(() => {
		const from = ` + canvas + `, c = new OffscreenCanvas(from.width, from.height).getContext("2d");
		c.drawImage(from, 0, 0);
		const d = c.getImageData(0, 0, from.width, from.height).data;
		let n = 0;
		for (let i = 0; i < d.length; i += 4) if (d[i] === 20) n++;
		return n;
	})()`
	var mine, theirs int
	require.Eventually(t, func() bool {
		p.eval(inked, &mine)
		q.eval(inked, &theirs)
		return mine > 1000 && mine == theirs
	}, 20*time.Second, 50*time.Millisecond, "the line is seen here in %d pixels, there in %d", mine, theirs)
	p.screenshot("embed")
	q.eval(`document.getElementById("clear").click()`, nil)
	p.shows(empty)

	p.eval(`import("/thinpane.js").then((m) => m.connect(document.createElement("div"), { url: "/board", token: "guess" })).then(
		() => { throw new Error("let in") }, (e) => { if (!(e instanceof Error) || e.reason !== "refused") throw e })`, nil)
	p.forgive("401")
}

// TestDecodingInTheBrowserKeepsUp measures what text costs the browser; README has the figures of an idle machine.
func TestDecodingInTheBrowserKeepsUp(t *testing.T) {
	var pages []*image.RGBA
	random := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		p := image.NewRGBA(image.Rect(0, 0, 1280, 800))
		draw.Draw(p, p.Rect, image.White, image.Point{}, draw.Src)
		w := font.Drawer{Dst: p, Src: image.Black, Face: basicfont.Face7x13}
		for y := 20; y < 790; y += 16 {
			for w.Dot = fixed.P(10, y); w.Dot.X.Round() < 1200; {
				w.DrawString([]string{"lorem ", "ipsum ", "dolor ", "sit ", "amet ", "consectetur ", "adipiscing ", "elit "}[random.IntN(8)])
			}
		}
		pages = append(pages, p)
	}
	d := openDesk(t, still(pages...))
	p := openTab(t, d.server.URL+"/own")
	p.until(`document.title === "Own"`)
	p.eval(`import("/thinpane.js").then((m) => m.connect(document.body, { url: "/", token: "secret" })).then((v) => { window.viewer = v; })`, nil)
	p.shows(pages[len(pages)-1])
	var stats struct {
		CodedPixels, DecodeMs float64
		Received, Objects     int
	}
	p.eval(`viewer.stats()`, &stats)
	t.Logf("%.1f million pixels of text from %d kB in %.0f ms: %.1f Mpx/s", stats.CodedPixels/1e6, stats.Received/1000, stats.DecodeMs, stats.CodedPixels/stats.DecodeMs/1000)
	require.Greater(t, stats.CodedPixels, 4e6)
	require.Greater(t, stats.CodedPixels/stats.DecodeMs/1000, 0.5, "million pixels a second")
}

func TestThePagesPassAxe(t *testing.T) {
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no axe-core here: run npm ci in session/web")
	}
	require.NoError(t, err)
	screen := desktop(400, 300, 0)
	for name, url := range map[string]string{
		"page":    openDesk(t, still(screen)).server.URL + "/#token=secret",
		"refused": openDesk(t, still(screen)).server.URL + "/#token=guess",
		"embed":   embedding(t),
	} {
		p := openTab(t, url)
		if name == "refused" {
			p.until(says + `.startsWith("Refused")`)
			p.forgive("401")
		} else {
			p.until(says + `=== "Connected"`)
		}
		p.eval(string(axe)+"; 0", nil)
		var violations []string
		p.eval(`axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.html).join(" ")))`, &violations)
		require.Empty(t, violations, name)
	}
}

func TestFrenchBrowsersAreSpokenToInFrench(t *testing.T) {
	screen := desktop(400, 300, 0)
	p := openTab(t, "about:blank")
	p.call("Emulation.setLocaleOverride", map[string]any{"locale": "fr-FR"}, nil)
	p.call("Network.setUserAgentOverride", map[string]any{"userAgent": "test", "acceptLanguage": "fr-FR"}, nil)
	p.call("Page.navigate", map[string]any{"url": openDesk(t, still(screen)).server.URL + "/#token=secret"}, nil)
	p.until(says + `=== "Connecté"`)
	p.shows(screen)
	p.until(canvas + `.getRootNode().querySelector(".figures").textContent.includes("aller-retour")`)
	p.screenshot("french")
}
