package x11

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"github.com/thinpane/thinpane/session"
)

// hands plays viewers' input through XTEST, on a connection of its own: it does not wait for pictures. One goroutine
// plays one queue, so that all happens in the order in which it came.
type hands struct {
	conn *xgb.Conn
	root xproto.Window
	log  *slog.Logger

	keys    keyboard
	wheel   wheel
	buttons map[byte]map[string]bool // by button: the viewers that hold it
	mapped  chan struct{}            // 1: the layout may be another one
	repeat  byte                     // the display's own repeating of keys, as it was

	mu     sync.Mutex
	change *sync.Cond // the queue, or closed
	queue  []job      // at most maxJobs
	closed bool
	done   chan struct{}
}

type job struct {
	viewer string
	in     session.Input
}

const (
	maxJobs = 1024
	// lookAhead is how many inputs may have their keycodes mapped early: no more than a small pool of spares has.
	lookAhead = 6
)

func newHands(name string, log *slog.Logger) (*hands, error) {
	conn, err := xgb.NewConnDisplay(name)
	if err != nil {
		return nil, err
	}
	h := &hands{
		conn: conn, root: xproto.Setup(conn).Roots[conn.DefaultScreen].Root, log: log,
		buttons: map[byte]map[string]bool{}, mapped: make(chan struct{}, 1), done: make(chan struct{}),
	}
	h.change = sync.NewCond(&h.mu)
	if err := h.prepare(); err != nil {
		conn.Close()
		return nil, err
	}
	go h.events()
	go h.play()
	return h, nil
}

// prepare makes keys repeat only when the viewer says so: a line that stalls while a key is held must not type on.
func (h *hands) prepare() error {
	if err := use(h.conn, extTest); err != nil {
		return err
	}
	xtest.GrabControl(h.conn, true)
	control, err := xproto.GetKeyboardControl(h.conn).Reply()
	if err != nil {
		return fmt.Errorf("its keyboard: %w", err)
	}
	h.repeat = control.GlobalAutoRepeat
	xproto.ChangeKeyboardControl(h.conn, xproto.KbAutoRepeatMode, []uint32{xproto.AutoRepeatModeOff})
	return h.readLayout()
}

func (h *hands) events() {
	for {
		event, err := h.conn.WaitForEvent()
		switch {
		case event == nil && err == nil:
			return
		case err != nil:
			h.log.Debug("the X server refuses an input", "err", err)
		}
		if _, is := event.(xproto.MappingNotifyEvent); is {
			poke(h.mapped)
		}
	}
}

func (h *hands) readLayout() error {
	setup := xproto.Setup(h.conn)
	n := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	reply, err := xproto.GetKeyboardMapping(h.conn, setup.MinKeycode, n).Reply()
	if err != nil {
		return fmt.Errorf("its keyboard layout: %w", err)
	}
	m := keymap{first: keycode(setup.MinKeycode), width: int(reply.KeysymsPerKeycode), syms: make([]keysym, len(reply.Keysyms))}
	for i, s := range reply.Keysyms {
		m.syms[i] = keysym(s)
	}
	h.keys.layout = m
	h.keys.spare.sync(&h.keys.layout)
	return nil
}

// add puts an input into the queue; of moves that wait together only the last one counts.
func (h *hands) add(viewer string, in session.Input) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.queue); n > 0 && in.Kind == session.Pointer && h.queue[n-1].in.Kind == session.Pointer && h.queue[n-1].viewer == viewer {
		h.queue[n-1].in = in
		return
	}
	for len(h.queue) >= maxJobs && !h.closed {
		h.change.Wait()
	}
	if !h.closed {
		h.queue = append(h.queue, job{viewer, in})
		h.change.Broadcast()
	}
}

// next waits for an input, and returns some that come after it, too; ok is false at the end.
func (h *hands) next() (j job, ahead []job, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.queue) == 0 && !h.closed {
		h.change.Wait()
	}
	if len(h.queue) == 0 {
		return job{}, nil, false
	}
	j = h.queue[0]
	h.queue = h.queue[1:]
	h.change.Broadcast()
	return j, append(ahead, h.queue[:min(len(h.queue), lookAhead)]...), true
}

func (h *hands) play() {
	defer close(h.done)
	for {
		j, ahead, ok := h.next()
		if !ok {
			return
		}
		switch j.in.Kind {
		case session.Key:
			h.key(j, ahead)
		case session.Pointer:
			h.move(j.in)
		case session.Button:
			h.move(j.in)
			h.button(j)
		case session.Wheel:
			h.move(j.in)
			for _, b := range h.wheel.turn(j.viewer, j.in.DX, j.in.DY) {
				h.fake(xproto.ButtonPress, b)
				h.fake(xproto.ButtonRelease, b)
			}
		}
	}
}

// key plays a key. Where it must wait for a mapping, those that the inputs behind it need are made at once.
func (h *hands) key(j job, ahead []job) {
	strokes := split(j.in)
	for i, in := range strokes {
		var l locks
		if in.Down {
			var err error
			if l, err = h.state(); err != nil {
				return // the display is gone; its picture says so
			}
		}
		steps := h.keys.input(time.Now(), j.viewer, in, l)
		if len(steps) > 0 && steps[0].remap != 0 {
			for _, next := range strokes[i+1:] {
				h.do(h.keys.foresee(time.Now(), next, l))
			}
			for _, next := range ahead {
				h.do(h.keys.foresee(time.Now(), next.in, l))
			}
		}
		h.do(steps)
	}
}

// state is what changes the meaning of keys at the moment; a layout that has changed is read anew.
func (h *hands) state() (locks, error) {
	pointer, err := xproto.QueryPointer(h.conn, h.root).Reply()
	if err != nil {
		return locks{}, err
	}
	select {
	case <-h.mapped:
		err = h.readLayout()
	default:
	}
	return locks{group: int(pointer.Mask >> 13 & 3), caps: pointer.Mask&xproto.ModMaskLock != 0}, err
}

func (h *hands) do(steps []step) {
	for _, s := range steps {
		if wait := time.Until(s.ready); wait > 0 {
			time.Sleep(wait)
		}
		switch {
		case s.remap != 0:
			h.remap(s.code, s.remap)
		case s.down:
			h.fake(xproto.KeyPress, s.code)
		default:
			h.fake(xproto.KeyRelease, s.code)
		}
	}
}

// remap gives a keycode one keysym, whatever is held.
func (h *hands) remap(code keycode, s keysym) {
	sym := xproto.Keysym(s)
	xproto.ChangeKeyboardMapping(h.conn, 1, xproto.Keycode(code), 2, []xproto.Keysym{sym, sym})
}

func (h *hands) move(in session.Input) {
	xtest.FakeInput(h.conn, xproto.MotionNotify, 0, 0, h.root, int16(in.X), int16(in.Y), 0)
}

// button presses a button for the first viewer that does, and lets it go for the last.
func (h *hands) button(j job) {
	b := j.in.Button
	if b == 0 || b > 9 || b >= 4 && b <= 7 {
		return // the wheel's, and what no mouse has
	}
	holders := h.buttons[b]
	switch {
	case j.in.Down && !holders[j.viewer]:
		if holders == nil {
			holders = map[string]bool{}
			h.buttons[b] = holders
		}
		holders[j.viewer] = true
		if len(holders) == 1 {
			h.fake(xproto.ButtonPress, b)
		}
	case !j.in.Down && holders[j.viewer]:
		delete(holders, j.viewer)
		if len(holders) == 0 {
			h.fake(xproto.ButtonRelease, b)
		}
	}
}

func (h *hands) fake(kind, detail byte) {
	xtest.FakeInput(h.conn, kind, detail, 0, 0, 0, 0, 0)
}

// close plays what waits and leaves the keyboard as it was.
func (h *hands) close() {
	h.mu.Lock()
	h.closed = true
	h.change.Broadcast()
	h.mu.Unlock()
	<-h.done
	for _, code := range h.keys.spare.given() {
		h.remap(code, 0)
	}
	xproto.ChangeKeyboardControl(h.conn, xproto.KbAutoRepeatMode, []uint32{uint32(h.repeat)})
	h.conn.Sync()
	h.conn.Close()
}
