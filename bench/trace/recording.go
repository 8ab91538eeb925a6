package trace

import (
	"image"
	"iter"
	"time"
)

// MaxSide is the largest width and height of a recording, in pixels.
const MaxSide = 8192

// Recording is what a desktop showed and what its user did. Any number of goroutines may
// use one at the same time.
type Recording interface {
	// Name is what tables call it, in a word.
	Name() string
	// Size is the screen's, 1x1 to 8192x8192 pixels. It never changes.
	Size() image.Point
	// Duration is the length of the recording's clock. No update comes after it.
	Duration() time.Duration
	// Updates plays the recording: the first update is the whole screen at time 0, the
	// others follow in time order. An error ends the sequence; the update beside it is
	// empty then. Each range starts anew.
	Updates() iter.Seq2[Update, error]
	// Inputs is what the user did, in time order. The caller does not change it.
	Inputs() []Input
}

// Update is a change of the screen: all of its patches become visible at once.
type Update struct {
	At      time.Duration
	Patches []image.Rectangle // what may have changed; they do not overlap
	Picture *image.RGBA       // the whole screen after the update, opaque; valid, and the recording's, until the next one
}

// InputKind says what the user did.
type InputKind string

// The kinds of input.
const (
	Key     InputKind = "key"     // one stroke, with its modifiers: Keysym
	Pointer InputKind = "pointer" // moved to X, Y
	Button  InputKind = "button"  // Button pressed (Down) or released
	Wheel   InputKind = "wheel"   // turned by DX, DY notches; down is positive
)

// Input is one act of the user.
type Input struct {
	At     time.Duration
	Kind   InputKind
	Keysym string // X11's name of it, modifiers before: "a", "eacute", "Return", "ctrl+shift+Left"
	X, Y   int
	Button int
	Down   bool
	DX, DY int
}
