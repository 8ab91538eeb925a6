package crossing

import (
	"image"
	"strings"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/session"
)

// sentInputs turns a recording's inputs into a session's, and tells when they have
// arrived. Its zero value is ready.
type sentInputs struct {
	at    image.Point // of the pointer
	queue []sentInput // on their way, in order
}

// sentInput is one of the session's inputs; the last one of the recording's n-th input
// completes it.
type sentInput struct {
	session.Input
	n    int
	last bool
}

// add gives what to send for the recording's n-th input: for a stroke the modifiers and
// the key, down and up again.
func (s *sentInputs) add(n int, in trace.Input) []session.Input {
	var all []session.Input
	completes := 0 // which of them the application acts upon
	switch in.Kind {
	case trace.Key:
		names := strokeNames(in.Keysym)
		for _, name := range names {
			sym, text := keysym(name)
			if len(names) > 1 { // a short cut types nothing
				text = ""
			}
			all = append(all, session.Input{Kind: session.Key, Keysym: sym, Text: text, Down: true})
		}
		completes = len(all) - 1
		for i := completes; i >= 0; i-- {
			all = append(all, session.Input{Kind: session.Key, Keysym: all[i].Keysym})
		}
	case trace.Pointer:
		s.at = image.Pt(clamp(in.X, 8191), clamp(in.Y, 8191))
		all = append(all, session.Input{Kind: session.Pointer, X: s.at.X, Y: s.at.Y})
	case trace.Button:
		all = append(all, session.Input{Kind: session.Button, Button: uint8(in.Button), Down: in.Down, X: s.at.X, Y: s.at.Y})
	case trace.Wheel:
		const notch, most = 120, 100
		all = append(all, session.Input{
			Kind: session.Wheel, X: s.at.X, Y: s.at.Y,
			DX: notch * max(-most, min(most, in.DX)), DY: notch * max(-most, min(most, in.DY)),
		})
	}
	for i, v := range all {
		s.queue = append(s.queue, sentInput{v, n, i == completes})
	}
	return all
}

func clamp(v, most int) int { return max(0, min(most, v)) }

// arrived takes what the host's application got and returns the recording's inputs that
// it completes. Pointer moves before it that were overtaken by newer ones are completed
// with it; anything else before it was lost.
func (s *sentInputs) arrived(in session.Input) (done []int) {
	for i, v := range s.queue {
		if v.Input != in {
			continue
		}
		for k, w := range s.queue[:i+1] {
			if w.last && (k == i || w.Kind == session.Pointer) {
				done = append(done, w.n)
			}
		}
		s.queue = s.queue[i+1:]
		break
	}
	return done
}

// strokeNames are the modifiers' and the key's names, in the order in which they go down.
func strokeNames(stroke string) []string {
	names := strings.Split(stroke, "+")
	if strings.HasSuffix(stroke, "+") { // the key "+" itself
		names = append(names[:len(names)-2], "plus")
	}
	for i, name := range names[:len(names)-1] {
		if m, ok := modifiers[name]; ok {
			names[i] = m
		}
	}
	return names
}
