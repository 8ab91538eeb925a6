package session

import (
	"fmt"
	"time"

	"github.com/thinpane/thinpane/codec"
)

// EventKind says what an Event tells.
type EventKind uint8

const (
	Connected    EventKind = iota + 1 // a viewer, or to the host
	Disconnected                      // Err says why, nil after an ordinary close
	Reconnecting                      // the viewer will try again after Wait, Err says why
	Quality                           // at a host: a whole screen's Sharpness has changed by Cause, at Rate
	Resized                           // the picture's size, in Width and Height
)

// String is the kind in a word.
func (k EventKind) String() string {
	switch k {
	case Connected:
		return "connected"
	case Disconnected:
		return "disconnected"
	case Reconnecting:
		return "reconnecting"
	case Quality:
		return "quality"
	case Resized:
		return "resized"
	}
	return fmt.Sprintf("EventKind(%d)", uint8(k))
}

// Cause says why the quality changed.
type Cause uint8

const (
	ByLine   Cause = iota + 1 // the measured rate
	ByPolicy                  // the program, or its user
)

// String is the cause in a word.
func (c Cause) String() string {
	switch c {
	case ByLine:
		return "line"
	case ByPolicy:
		return "policy"
	}
	return "none"
}

// Event is something that a program may want to show or to log. Beside At, Kind and Peer only the fields that Kind names
// hold something.
type Event struct {
	At        time.Time
	Kind      EventKind
	Peer      string // at a host: the viewer's id
	Sharpness codec.Sharpness
	Cause     Cause
	Rate      float64 // bit/s that the cause rests on, 0 unknown
	Width     int
	Height    int
	Wait      time.Duration
	Err       error
}
