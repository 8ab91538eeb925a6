package codec

import (
	"errors"
	"image"
	"time"
)

// MinObject is the smallest Limits.Bytes, in bytes, with which an Append always makes progress.
const MinObject = 176

// Sharpness sets the coarse first pass: from 0, smoothest and shortest, to 99. Exact leaves it out.
type Sharpness uint8

// Exact codes every tile exactly at once.
const Exact Sharpness = 100

// Mode says how text is coded exactly.
type Mode uint8

const (
	Strong Mode = iota // in the fewest bytes
	Fast               // in half as many again or twice as many, in a quarter of the time
)

// Limits bound one Append and say what it is for.
type Limits struct {
	Bytes     int             // most bytes appended; at least MinObject or nothing is
	Work      int64           // Work.Cost at which no further tile or row is begun, see Append. 0: MaxWork
	Sharpness Sharpness       // of tiles that are not text
	Mode      Mode            // of tiles that are
	Refine    bool            // coarse tiles may be made exact, once nothing is stale
	Focus     image.Rectangle // pixels that come first: around the pointer, the caret
	Now       time.Duration   // any clock that only goes forward
}

// Object says what an Append has appended and what is left to do.
type Object struct {
	State   uint64          // its number, from 1; 0: nothing was appended
	Version uint64          // the Screen's version that it shows a part of
	Damage  image.Rectangle // where it changed the viewer's picture
	Resized bool            // it changed the picture's size
	Stale   int             // tiles left that are older than the Screen's
	Coarse  int             // tiles left that are legible but not exact. Both 0: the viewer's picture is the Screen's
	Left    Left            // what the stale ones would take
	Bytes   Bytes           // what its bytes went into
	Work    Work            // done, also when nothing was appended
}

// Bytes says what bytes went into; a tile's share is rounded to whole ones.
type Bytes struct {
	Exact   int // tiles coded exactly
	Coarse  int // coarse forms
	Refined int // differences of coarse forms from what is exact
	Other   int // sizes, copies, ends
}

// Add gives the sum.
func (b Bytes) Add(c Bytes) Bytes {
	return Bytes{b.Exact + c.Exact, b.Coarse + c.Coarse, b.Refined + c.Refined, b.Other + c.Other}
}

// Left estimates what a viewer's stale tiles would take.
type Left struct {
	Texts, Photos       int // tiles that are coded exactly in any case; others
	TextBits, PhotoBits int // to code them exactly
}

// Change says what a decoded object has changed.
type Change struct {
	Damage  []image.Rectangle // valid until the next Decode
	Resized bool
	Work    Work
	State   uint64 // the object's number, from 1
}

var (
	// ErrCorrupt: the bytes are no object, or not the next one of this stream.
	ErrCorrupt = errors.New("corrupt object")
	// ErrLimit: the object asks for a picture above DecoderConfig.MaxSize.
	ErrLimit = errors.New("limit exceeded")
	// ErrBroken: an earlier object failed, so that nothing later can be decoded.
	ErrBroken = errors.New("decoder is broken by an earlier error")
)
