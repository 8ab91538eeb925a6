package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/draw"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// canvas reads the canvas in the first viewer of the page.
const canvas = `[...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector("canvas"))?.shadowRoot.querySelector("canvas")`

// says is the text of the viewer's line.
const says = `(` + canvas + `?.getRootNode().querySelector("[role=status]").textContent ?? "")`

// seen is what the canvas holds.
func (p *tab) seen() *image.RGBA {
	p.t.Helper()
	var text string
	p.eval(`(async () => {
		const from = `+canvas+`, to = new OffscreenCanvas(from.width, from.height), c = to.getContext("2d");
		c.drawImage(from, 0, 0);
		const size = new Uint32Array([from.width, from.height]);
		const blob = new Blob([size, c.getImageData(0, 0, from.width, from.height).data]);
		return await new Promise((done) => { const r = new FileReader(); r.onload = () => done(r.result.split(",")[1]); r.readAsDataURL(blob); });
	})()`, &text)
	b, err := base64.StdEncoding.DecodeString(text)
	require.NoError(p.t, err)
	width, height := int(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint32(b[4:]))
	return &image.RGBA{Pix: b[8:], Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}
}

// shows waits until the canvas holds exactly the pixels of a picture.
func (p *tab) shows(want *image.RGBA) {
	p.t.Helper()
	p.until(`!!` + canvas)
	for end := time.Now().Add(150 * time.Second); ; {
		got := p.seen()
		if got.Rect == want.Rect && bytes.Equal(got.Pix, want.Pix) {
			return
		}
		if time.Now().After(end) {
			var where image.Rectangle
			for y := range want.Rect.Dy() {
				for x := range want.Rect.Dx() {
					if got.RGBAAt(x, y) != want.RGBAAt(x, y) {
						where = where.Union(image.Rect(x, y, x+1, y+1))
					}
				}
			}
			var said string
			p.eval(canvas+`.getRootNode().querySelector(".bar").textContent`, &said)
			p.t.Fatalf("the canvas of %v differs within %v from the picture of %v; the viewer says %q", got.Rect.Size(), where, want.Rect.Size(), said)
		}
		p.eval(`new Promise((r) => setTimeout(r, 100))`, nil)
	}
}

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
	var isolated bool
	p.eval(`crossOriginIsolated`, &isolated)
	require.True(t, isolated, "the clock is exact")
	require.False(t, late.Load(), "the offer waited for the viewer's file")
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
	require.Greater(t, stats.CodedPixels, 1e6) // at least the last page: others may be overtaken
	require.Greater(t, stats.CodedPixels/stats.DecodeMs/1000, 0.5, "million pixels a second")
}
