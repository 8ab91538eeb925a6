// Package examples_test runs the examples as a user would: built, as processes, over this machine's loopback.
package examples_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
)

// dir is where TestMain has built the two programs.
var dir string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	var err error
	if dir, err = os.MkdirTemp("", "thinpane-examples"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./host", "./viewer").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s%v\n", out, err)
		return 1
	}
	return m.Run()
}

// startHost starts host on a port of its choice and returns the address that it prints.
func startHost(t *testing.T, args ...string) (url string) {
	host := program("host", append([]string{"-listen", "127.0.0.1:0", "-token", "secret"}, args...)...)
	out, err := host.StdoutPipe()
	require.NoError(t, err)
	start(t, host)
	lines := bufio.NewReader(out)
	browser, err := lines.ReadString('\n')
	require.NoError(t, err)
	viewer, err := lines.ReadString('\n')
	require.NoError(t, err)
	found := regexp.MustCompile(`-url (http://\S+) -token secret`).FindStringSubmatch(viewer)
	require.NotNil(t, found, "%q names no address", viewer)
	require.Equal(t, "Open in a browser: "+found[1]+"/#token=secret\n", browser)
	return found[1]
}

func program(name string, args ...string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	c := exec.Command(filepath.Join(dir, name), args...)
	c.Stderr = os.Stderr
	return c
}

// start runs c until the test ends.
func start(t *testing.T, c *exec.Cmd) {
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
}

// holds waits until the file holds exactly the pixels of pic.
func holds(t *testing.T, file string, pic *image.RGBA) {
	t.Helper()
	require.Eventually(t, func() bool {
		seen, err := os.ReadFile(file)
		return err == nil && bytes.Equal(seen, pic.Pix)
	}, 20*time.Second, 20*time.Millisecond, "%s never held the picture of %v", file, pic.Rect)
}

func TestTheFramebufferHoldsTheRecordingsPictureAlsoAfterAResize(t *testing.T) {
	small, first := record(t, 200, 120)
	large, second := record(t, 333, 77)
	framebuffer := filepath.Join(t.TempDir(), "framebuffer")
	url := startHost(t, "-once", "-trace", small+","+large)
	start(t, program("viewer", "-url", url, "-token", "secret", "-framebuffer", framebuffer))
	holds(t, framebuffer, first)
	holds(t, framebuffer, second)
}

func TestTheDemoDesktopIsSeenAsPNG(t *testing.T) {
	url := startHost(t)
	file := filepath.Join(t.TempDir(), "seen.png")
	viewer := program("viewer", "-url", url, "-token", "secret", "-for", "2500ms", "-png", file, "-stats")
	out, err := viewer.Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "round trip")
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	pic, err := png.Decode(f)
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 1024, 640), pic.Bounds())
	require.Equal(t, color.RGBA{250, 250, 247, 255}, color.RGBAModel.Convert(pic.At(600, 470)), "the editor's paper")
}

func TestTheHostServesThePage(t *testing.T) {
	answer, err := http.Get(startHost(t))
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
}

func TestAWrongTokenIsOneSentence(t *testing.T) {
	url := startHost(t)
	viewer := program("viewer", "-url", url, "-token", "guess")
	viewer.Stderr = nil
	_, err := viewer.Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 1, exit.ExitCode())
	require.Regexp(t, `^viewer: .*refused.*\n$`, string(exit.Stderr))
}

// record writes a recording of so many pixels, a gradient over which a bar wanders for a second, and returns its file
// and its last picture, which stands for four seconds more.
func record(t *testing.T, width, height int) (file string, last *image.RGBA) {
	const steps = 10
	bar := func(i int) image.Rectangle { return image.Rect(i*10, height/3, i*10+8, height/2) }
	r := &trace.Drawn{Title: "bar", Screen: image.Pt(width, height), Length: 5 * time.Second}
	for i := range steps {
		r.Steps = append(r.Steps, trace.Step{At: time.Duration(i) * time.Second / steps, Draw: func(pic *image.RGBA) []image.Rectangle {
			if i == 0 {
				gradient(pic, pic.Rect)
				return nil
			}
			gradient(pic, bar(i-1))
			draw.Draw(pic, bar(i), image.White, image.Point{}, draw.Src)
			return []image.Rectangle{bar(i - 1), bar(i)}
		}})
	}
	for u, err := range r.Updates() {
		require.NoError(t, err)
		last = image.NewRGBA(u.Picture.Rect)
		copy(last.Pix, u.Picture.Pix)
	}
	file = filepath.Join(t.TempDir(), "bar.trace.zip")
	out, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, trace.Write(out, r, "a bar over a gradient"))
	require.NoError(t, out.Close())
	return file, last
}

func gradient(pic *image.RGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			pic.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y / 7), 255})
		}
	}
}
