package web_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// xServer is an X server of the test's own, with a window manager that makes every window as large as the screen.
type xServer struct {
	t           *testing.T
	display     string
	home        string
	framebuffer string
}

const xWidth, xHeight = 800, 560

// everyWindowFills is openbox's configuration: there is nothing on the screen but the program in front, which has the focus.
// No button is bound: openbox would hold each press back until it had looked at it, and keys pressed later pass that.
const everyWindowFills = `<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><applications>
<application class="*"><decor>no</decor><maximized>yes</maximized><focus>yes</focus></application>
</applications><mouse></mouse></openbox_config>`

// startX skips the test where a program that it needs is not installed; .ci/run installs them all.
func startX(t *testing.T, layout string) *xServer {
	if testing.Short() {
		t.Skip("real programs on a real X display take long")
	}
	for _, p := range []string{"Xvfb", "openbox", "xterm", "mousepad", "setxkbmap", "chromium"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed: real programs are not tested (Debian: apt-get install xvfb xterm mousepad openbox x11-xkb-utils chromium)", p)
		}
	}
	x := &xServer{t: t, home: t.TempDir()}
	r, w, err := os.Pipe()
	require.NoError(t, err)
	server := exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset", "-nocursor", "-fbdir", x.home,
		"-screen", "0", fmt.Sprintf("%dx%dx24", xWidth, xHeight))
	server.ExtraFiles = []*os.File{w}
	x.start(server)
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err, "Xvfb names its display")
	x.display = ":" + strings.TrimSpace(number)
	x.framebuffer = filepath.Join(x.home, "Xvfb_screen0")
	out, err := x.program("setxkbmap", layout).CombinedOutput()
	require.NoError(t, err, string(out))
	rc := filepath.Join(x.home, "rc.xml")
	require.NoError(t, os.WriteFile(rc, []byte(everyWindowFills), 0o600))
	x.start(x.program("openbox", "--config-file", rc))
	return x
}

func (x *xServer) program(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = []string{"DISPLAY=" + x.display, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + x.home, "XDG_RUNTIME_DIR=" + x.home,
		"GSETTINGS_BACKEND=memory", "NO_AT_BRIDGE=1", "GTK_CSD=0"}
	return c
}

// start lets a program run until the test ends, or until what it returns is called.
func (x *xServer) start(c *exec.Cmd) (end func()) {
	require.NoError(x.t, c.Start())
	end = func() {
		c.Process.Kill()
		c.Wait()
	}
	x.t.Cleanup(end)
	return end
}

// picture is what the server shows, by the file that it keeps its framebuffer in (the format of xwd).
func (x *xServer) picture() *image.RGBA {
	b, err := os.ReadFile(x.framebuffer)
	require.NoError(x.t, err)
	field := func(i int) int { return int(binary.BigEndian.Uint32(b[4*i:])) }
	const headerSize, bytesPerLine, colours, colourSize = 0, 12, 19, 12
	pixels := b[field(headerSize)+field(colours)*colourSize:]
	pic := image.NewRGBA(image.Rect(0, 0, xWidth, xHeight))
	for y := range xHeight {
		for i := range xWidth {
			from, to := pixels[y*field(bytesPerLine)+4*i:], pic.Pix[pic.PixOffset(i, y):]
			to[0], to[1], to[2], to[3] = from[2], from[1], from[0], 255
		}
	}
	return pic
}

// holds waits until a file has the content.
func (x *xServer) holds(file, want string) {
	x.t.Helper()
	var got []byte
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got, _ = os.ReadFile(file); string(got) == want {
			return
		}
	}
	require.Equal(x.t, want, string(got))
}

// settles waits until the picture is another than before and has been the same for a while: a program may still be
// scrolling when the first line has moved, and a click then marks what moves under it.
func (x *xServer) settles(before *image.RGBA) {
	x.t.Helper()
	still, last := 0, before
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && still < 10; time.Sleep(20 * time.Millisecond) {
		now := x.picture()
		if bytes.Equal(now.Pix, last.Pix) && !bytes.Equal(now.Pix, before.Pix) {
			still++
		} else {
			still = 0
		}
		last = now
	}
	require.Equal(x.t, 10, still, "looks at the same new picture in a row")
}

// user is someone at the browser who looks at a display.
type user struct {
	*tab
	x   *xServer
	box struct{ X, Y, Width, Height float64 }
}

func (x *xServer) watch() *user {
	u := &user{tab: openTab(x.t, example(x.t, "host", "Open in a browser: ", "-display", x.display)), x: x}
	u.rests()
	u.eval(`(({ x, y, width, height }) => ({ x, y, width, height }))(`+canvas+`.getBoundingClientRect())`, &u.box)
	return u
}

// rests waits until the canvas and the server's framebuffer are the same picture.
func (u *user) rests() {
	u.t.Helper()
	u.until(`!!` + canvas)
	for end := time.Now().Add(60 * time.Second); ; {
		want := u.x.picture()
		if got := u.seen(); got.Rect == want.Rect && string(got.Pix) == string(want.Pix) {
			return
		}
		require.True(u.t, time.Now().Before(end), "the canvas is not what the X server shows")
	}
}

// at is the place in the window of a pixel of the display.
func (u *user) at(x, y int) (int, int) {
	return int(u.box.X + (float64(x)+0.5)*u.box.Width/xWidth), int(u.box.Y + (float64(y)+0.5)*u.box.Height/xHeight)
}

func (u *user) button(kind string, x, y int) {
	x, y = u.at(x, y)
	held := map[string]int{"mousePressed": 1, "mouseMoved": 1}[kind]
	u.mouse(kind, x, y, map[string]any{"button": "left", "buttons": held, "clickCount": 1})
}

func (u *user) click(x, y int) {
	u.button("mousePressed", x, y)
	u.button("mouseReleased", x, y)
}

func (u *user) drag(from, to image.Point) {
	u.button("mousePressed", from.X, from.Y)
	for i := 1; i <= 8; i++ {
		u.button("mouseMoved", from.X+(to.X-from.X)*i/8, from.Y+(to.Y-from.Y)*i/8)
	}
	u.button("mouseReleased", to.X, to.Y)
}

func (u *user) wheel(x, y, notches int) {
	x, y = u.at(x, y)
	for range notches {
		u.mouse("mouseWheel", x, y, map[string]any{"deltaX": 0, "deltaY": 120})
	}
}

// with holds a modifier while other keys are pressed.
func (u *user) with(code, key string, modifiers int, pressed func()) {
	u.call("Input.dispatchKeyEvent", map[string]any{"type": "rawKeyDown", "code": code, "key": key, "location": 1, "modifiers": modifiers}, nil)
	pressed()
	u.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "code": code, "key": key, "location": 1}, nil)
}

func (u *user) control(key string) {
	u.with("ControlLeft", "Control", 2, func() { u.key("Key"+strings.ToUpper(key), key, 2) })
}

// azerty is where a French keyboard has what is not a letter of its own place.
var azerty = map[rune]string{
	'é': "Digit2", 'è': "Digit7", 'ç': "Digit9", 'à': "Digit0", 'a': "KeyQ", 'q': "KeyA", 'z': "KeyW", 'w': "KeyZ", 'm': "Semicolon", ' ': "Space",
}

// types presses the keys of a French keyboard for a text.
func (u *user) types(text string) {
	for _, r := range text {
		code, found := azerty[r]
		switch {
		case r >= '0' && r <= '9':
			u.with("ShiftLeft", "Shift", 8, func() { u.key("Digit"+string(r), string(r), 8) })
		case r >= 'A' && r <= 'Z':
			u.with("ShiftLeft", "Shift", 8, func() { u.key("Key"+string(r), string(r), 8) })
		case r == '€':
			u.with("AltRight", "AltGraph", 0, func() { u.key("KeyE", "€", 0) })
		case r == 'œ': // as a compose key or an input method gives it
			u.call("Input.insertText", map[string]any{"text": "œ"}, nil)
		case r == '\n':
			u.key("Enter", "Enter", 0)
		case found:
			u.key(code, string(r), 0)
		default:
			u.key("Key"+strings.ToUpper(string(r)), string(r), 0)
		}
	}
}

// TestRealProgramsHoldWhatIsTypedAndClickedInTheBrowser works on a real desktop from a French keyboard, whatever layout
// the desktop has.
func TestRealProgramsHoldWhatIsTypedAndClickedInTheBrowser(t *testing.T) {
	for _, layout := range []string{"us", "fr"} {
		t.Run(layout, func(t *testing.T) {
			x := startX(t, layout)
			u := x.watch()
			x.inTerminal(u)
			x.inEditor(u)
			u.screenshot("programs-" + layout)
		})
	}
}

func (x *xServer) inTerminal(u *user) {
	file := filepath.Join(x.home, "typed")
	end := x.start(x.program("xterm", "-fa", "Monospace", "-e", "sh", "-c", "cat > "+file))
	x.paper(true)
	u.click(300, 200)
	u.types("Le prix de 1234567890 zq\n")
	x.holds(file, "Le prix de 1234567890 zq\n")
	u.types("éèçàœ€ E\n")
	x.holds(file, "Le prix de 1234567890 zq\néèçàœ€ E\n")
	u.rests()
	u.screenshot("terminal")
	end()
	x.paper(false)
}

func (x *xServer) inEditor(u *user) {
	file := filepath.Join(x.home, "letter.txt")
	var letter strings.Builder
	for i := range 200 {
		fmt.Fprintf(&letter, "line %d of a letter\n", i)
	}
	require.NoError(x.t, os.WriteFile(file, []byte(letter.String()), 0o600))
	x.start(x.program("mousepad", "--disable-server", file))
	inText := image.Pt(400, 300)
	x.paper(true)
	u.rests()

	// Turns of the wheel scroll: what stands at a place is a later line then.
	before, found := 0, false
	for range 5 { // a window may be seen before it takes the first click
		u.click(inText.X, inText.Y)
		u.types("X")
		u.control("s")
		if before, found = x.lineWith(file, "X", 4*time.Second); found {
			break
		}
	}
	require.True(x.t, found, "a line that ends in X")
	written, err := os.ReadFile(file)
	require.NoError(x.t, err)
	lines := strings.Split(string(written), "\n")
	scrolled := x.picture()
	u.wheel(inText.X, inText.Y, 6)
	x.settles(scrolled)
	u.rests()
	u.click(inText.X, inText.Y)
	u.types("Y")
	u.control("s")
	line, found := x.lineWith(file, "Y", 20*time.Second)
	require.True(x.t, found, "a line that ends in Y")
	require.GreaterOrEqual(x.t, line, before+6)

	// A drag along a line marks it, and what is typed replaces it.
	u.drag(image.Pt(3, inText.Y), image.Pt(700, inText.Y))
	u.types("Z")
	u.control("s")
	lines[line] = "Z"
	x.holds(file, strings.Join(lines, "\n"))

	u.control("a")
	u.types("un deux\nab")
	u.key("ArrowLeft", "ArrowLeft", 0)
	u.types("é€")
	u.key("ArrowUp", "ArrowUp", 0)
	u.key("End", "End", 0)
	u.types(" trois")
	u.control("s")
	x.holds(file, "un deux trois\naé€b")
	u.rests()
	u.screenshot("editor")
}

// paper waits until a program's white page covers the middle of the screen, or no longer does.
func (x *xServer) paper(there bool) {
	x.t.Helper()
	require.Eventually(x.t, func() bool { return (x.picture().RGBAAt(xWidth/2, xHeight/2).R == 255) == there }, 20*time.Second, 20*time.Millisecond,
		"a page on the screen: %v", there)
}

// lineWith waits until a line of a file ends in a mark, and returns its number.
func (x *xServer) lineWith(file, mark string, patience time.Duration) (number int, found bool) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		b, _ := os.ReadFile(file)
		for i, line := range strings.Split(string(b), "\n") {
			if strings.HasSuffix(line, mark) {
				return i, true
			}
		}
	}
	return 0, false
}
