package web_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is a headless Chromium, driven through the DevTools protocol over a pair of pipes: it reads commands from
// descriptor 3 and writes answers and events to 4, as JSON that a zero byte ends.
type browser struct {
	cmd  *exec.Cmd
	dir  string
	to   *os.File
	mu   sync.Mutex
	last int
	wait map[int]chan answer
	tabs map[string]*tab // by session
	gone chan struct{}   // closed when it has ended
}

type answer struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// theBrowser is one for all tests, started when the first one wants it.
var theBrowser = sync.OnceValues(startBrowser)

// running is theBrowser once it has been started.
var running *browser

var errNoBrowser = errors.New("there is no chromium here: apt-get install chromium")

func startBrowser() (*browser, error) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		return nil, errNoBrowser
	}
	if runtime.GOOS == "windows" {
		return nil, fmt.Errorf("%w (its pipes need file descriptors)", errNoBrowser)
	}
	b := &browser{wait: map[int]chan answer{}, tabs: map[string]*tab{}, gone: make(chan struct{})}
	if b.dir, err = os.MkdirTemp("", "thinpane-chromium"); err != nil {
		return nil, err
	}
	its3, our3, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	our4, its4, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	b.to = our3
	b.cmd = exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--allow-loopback-in-peer-connection", "--remote-debugging-pipe", "--user-data-dir="+filepath.Join(b.dir, "profile"), "about:blank")
	b.cmd.ExtraFiles = []*os.File{its3, its4}
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	its3.Close()
	its4.Close()
	go b.read(our4)
	running = b
	return b, nil
}

func TestMain(m *testing.M) {
	code := m.Run()
	if b := running; b != nil {
		b.to.Close() // it ends with its pipe
		select {
		case <-b.gone:
		case <-time.After(5 * time.Second):
			b.cmd.Process.Kill()
		}
		b.cmd.Wait()
		os.RemoveAll(b.dir)
	}
	os.Exit(code)
}

func (b *browser) read(from io.Reader) {
	defer close(b.gone)
	for r := bufio.NewReaderSize(from, 1<<20); ; {
		line, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m struct {
			ID        int
			SessionID string
			Method    string
			Params    json.RawMessage
			answer
		}
		if json.Unmarshal(bytes.TrimSuffix(line, []byte{0}), &m) != nil {
			continue
		}
		b.mu.Lock()
		if c := b.wait[m.ID]; m.ID != 0 && c != nil {
			delete(b.wait, m.ID)
			c <- m.answer
		} else if t := b.tabs[m.SessionID]; t != nil {
			t.heard(m.Method, m.Params)
		}
		b.mu.Unlock()
	}
}

// call runs a command of the protocol and decodes its result.
func (b *browser) call(t *testing.T, session, method string, params, result any) {
	t.Helper()
	c := make(chan answer, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	b.wait[id] = c
	text, err := json.Marshal(map[string]any{"id": id, "sessionId": session, "method": method, "params": params})
	if session == "" {
		text, err = json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	}
	b.mu.Unlock()
	require.NoError(t, err)
	_, err = b.to.Write(append(text, 0))
	require.NoError(t, err)
	select {
	case a := <-c:
		if a.Error != nil {
			t.Fatalf("%s: %s", method, a.Error.Message)
		}
		if result != nil {
			require.NoError(t, json.Unmarshal(a.Result, result))
		}
	case <-b.gone:
		t.Fatalf("%s: the browser has ended", method)
	case <-time.After(60 * time.Second):
		t.Fatalf("%s: no answer", method)
	}
}

// tab is one page, with cookies and a cache of its own.
type tab struct {
	t       *testing.T
	b       *browser
	session string
	mu      sync.Mutex
	wrong   []string // errors on its console
}

// openTab opens a page of 1200 x 800; the test fails when anything is wrong on its console at the end.
func openTab(t *testing.T, url string) *tab {
	if testing.Short() {
		t.Skip("a browser takes long")
	}
	b, err := theBrowser()
	if errors.Is(err, errNoBrowser) {
		t.Skip(err)
	}
	require.NoError(t, err)
	var of struct{ BrowserContextID, TargetID, SessionID string }
	b.call(t, "", "Target.createBrowserContext", map[string]any{}, &of)
	b.call(t, "", "Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": of.BrowserContextID, "width": 1200, "height": 800}, &of)
	b.call(t, "", "Target.attachToTarget", map[string]any{"targetId": of.TargetID, "flatten": true}, &of)
	p := &tab{t: t, b: b, session: of.SessionID}
	b.mu.Lock()
	b.tabs[p.session] = p
	b.mu.Unlock()
	p.call("Runtime.enable", nil, nil)
	p.call("Log.enable", nil, nil)
	p.call("Page.enable", nil, nil)
	p.call("Emulation.setFocusEmulationEnabled", map[string]any{"enabled": true}, nil)
	t.Cleanup(func() {
		b.call(t, "", "Target.disposeBrowserContext", map[string]any{"browserContextId": of.BrowserContextID}, nil)
		p.mu.Lock()
		defer p.mu.Unlock()
		require.Empty(t, p.wrong, "on the console")
	})
	p.call("Page.navigate", map[string]any{"url": url}, nil)
	return p
}

func (p *tab) call(method string, params, result any) {
	p.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	p.b.call(p.t, p.session, method, params, result)
}

func (p *tab) heard(method string, params json.RawMessage) {
	var e struct {
		Type             string
		Entry            struct{ Level, Text, URL string }
		ExceptionDetails json.RawMessage
	}
	_ = json.Unmarshal(params, &e)
	bad := method == "Runtime.exceptionThrown" || method == "Runtime.consoleAPICalled" && (e.Type == "error" || e.Type == "warning" || e.Type == "assert") ||
		method == "Log.entryAdded" && (e.Entry.Level == "error" || e.Entry.Level == "warning")
	if bad {
		p.mu.Lock()
		p.wrong = append(p.wrong, string(params))
		p.mu.Unlock()
	}
}

// forgive takes from the console what is expected there.
func (p *tab) forgive(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var rest []string
	for _, w := range p.wrong {
		if !strings.Contains(w, part) {
			rest = append(rest, w)
		}
	}
	p.wrong = rest
}

// eval runs an expression on the page, waits for it if it is a promise, and decodes its value.
func (p *tab) eval(expression string, value any) {
	p.t.Helper()
	var of struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &of)
	if of.ExceptionDetails != nil {
		p.t.Fatalf("%s: %s %s", expression, of.ExceptionDetails.Text, of.ExceptionDetails.Exception.Description)
	}
	if value != nil && len(of.Result.Value) > 0 {
		require.NoError(p.t, json.Unmarshal(of.Result.Value, value))
	}
}

// until waits for an expression to be true.
func (p *tab) until(expression string) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		var yes bool
		p.eval(expression, &yes)
		if yes {
			return
		}
		if time.Now().After(end) {
			var said string
			p.eval(`document.body.innerText`, &said)
			p.t.Fatalf("never true: %s; the page says %q; its console %q", expression, said, p.wrong)
		}
		p.eval(`new Promise((r) => setTimeout(r, 50))`, nil)
	}
}

// screenshot is kept where $THINPANE_SCREENSHOTS says, to be looked at.
func (p *tab) screenshot(name string) {
	dir := os.Getenv("THINPANE_SCREENSHOTS")
	if dir == "" {
		return
	}
	var of struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &of)
	b, err := base64.StdEncoding.DecodeString(of.Data)
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644))
}

// key presses a key and lets it go: its physical name, what it is called under the layout, and its modifiers (1 Alt, 2
// Ctrl, 8 Shift).
func (p *tab) key(code, key string, modifiers int) {
	p.t.Helper()
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		e := map[string]any{"type": kind, "code": code, "key": key, "modifiers": modifiers}
		if kind == "rawKeyDown" && len([]rune(key)) == 1 && modifiers&3 == 0 {
			e["type"], e["text"] = "keyDown", key
		}
		p.call("Input.dispatchKeyEvent", e, nil)
	}
}

// mouse sends one event of the mouse; extra are further parameters.
func (p *tab) mouse(kind string, x, y int, extra map[string]any) {
	p.t.Helper()
	e := map[string]any{"type": kind, "x": x, "y": y}
	for k, v := range extra {
		e[k] = v
	}
	p.call("Input.dispatchMouseEvent", e, nil)
}
