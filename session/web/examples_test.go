package web_test

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// example starts a program of the examples on a port of its choice and returns the address that it prints first, behind
// the words given.
func example(t *testing.T, name, words string, args ...string) string {
	program := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("go", "build", "-o", program, "../../examples/"+name).CombinedOutput()
	require.NoError(t, err, string(out))
	c := exec.Command(program, append([]string{"-listen", "127.0.0.1:0"}, args...)...)
	pipe, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	line, err := bufio.NewReader(pipe).ReadString('\n')
	require.NoError(t, err)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), words)
	require.True(t, ok, "it says %q", line)
	return url
}

// TestTheHostExamplesDesktopMovesAndTakesKeys is what a newcomer does first.
func TestTheHostExamplesDesktopMovesAndTakesKeys(t *testing.T) {
	p := openTab(t, example(t, "host", "Open in a browser: "))
	// pixels are the sums of the colours in a part of the canvas: the wandering window's way, and the editor's last line.
	pixels := func(x, y, w, h int) (sum int) {
		p.eval(fmt.Sprintf(`(() => {
			const from = %s, c = new OffscreenCanvas(from.width, from.height).getContext("2d");
			c.drawImage(from, 0, 0);
			return c.getImageData(%d, %d, %d, %d).data.reduce((a, b) => a + b, 0);
		})()`, canvas, x, y, w, h), &sum)
		return sum
	}
	p.until(canvas + `?.width === 1024`)
	const paper = 250 + 250 + 247 + 255
	require.Eventually(t, func() bool { return pixels(70, 170, 200, 20) == paper*200*20 }, 60*time.Second, 100*time.Millisecond, "the editor's third line is empty")
	before := pixels(640, 100, 380, 520)
	require.Eventually(t, func() bool { return pixels(640, 100, 380, 520) != before }, 10*time.Second, 100*time.Millisecond, "the window wanders")
	p.eval(canvas+`.getRootNode().host.focus()`, nil)
	for _, k := range []string{"t", "h", "i", "n"} {
		p.key("Key"+strings.ToUpper(k), k, 0)
	}
	require.Eventually(t, func() bool { return pixels(70, 170, 200, 20) < paper*200*20 }, 10*time.Second, 100*time.Millisecond, "what is typed is seen")
	p.screenshot("host")
}

func TestTheEmbeddingExamplesBoardIsDrawnOnInOnePageAndSeenInAnother(t *testing.T) {
	url := example(t, "embed", "Open ")
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
