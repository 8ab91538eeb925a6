package web_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
)

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
