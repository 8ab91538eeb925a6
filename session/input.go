package session

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// InputKind says which fields of an Input count.
type InputKind uint8

const (
	Key     InputKind = iota + 1 // Keysym, Code, Text, Down
	Pointer                      // X, Y
	Button                       // Button, Down, X, Y
	Wheel                        // DX, DY, X, Y
)

// Input is one thing that a viewer's user did.
type Input struct {
	Kind   InputKind
	Keysym uint32 // X11 keysym that the viewer's layout gives, 0 unknown
	Code   uint16 // physical key: USB HID usage of page 7, 0 unknown
	Text   string // what the key types; at most 64 bytes of UTF-8
	Down   bool   // pressed, or let go
	X, Y   int    // pixels of the host's picture, 0 to 8191
	Button uint8  // 1 left, 2 middle, 3 right, 8 back, 9 forward
	DX, DY int    // wheel: 120 a notch, positive to the right and down; -32768 to 32767
}

// ErrInput says that an Input, or bytes that should hold some, are not valid.
var ErrInput = errors.New("invalid input")

const (
	maxInputText = 64
	maxCoord     = 8191
	maxWheel     = 1 << 15
)

func (in Input) validate() error {
	switch {
	case in.Kind < Key || in.Kind > Wheel:
		return fmt.Errorf("%w: kind %d", ErrInput, in.Kind)
	case len(in.Text) > maxInputText || !utf8.ValidString(in.Text):
		return fmt.Errorf("%w: text of %d bytes, at most %d of UTF-8", ErrInput, len(in.Text), maxInputText)
	case in.X < 0 || in.Y < 0 || in.X > maxCoord || in.Y > maxCoord:
		return fmt.Errorf("%w: position %d,%d, 0 to %d", ErrInput, in.X, in.Y, maxCoord)
	case in.DX < -maxWheel || in.DY < -maxWheel || in.DX >= maxWheel || in.DY >= maxWheel:
		return fmt.Errorf("%w: wheel %d,%d, 16 bits each", ErrInput, in.DX, in.DY)
	case in.Kind == Button && in.Button == 0:
		return fmt.Errorf("%w: button 0, they count from 1", ErrInput)
	}
	return nil
}

// appendInput appends in as SPEC.md's section "Input" has it:
//
//	 7 6 5 4 3 2 1 0
//	+-+-+-+-+-+-+-+-+
//	|D| 0 0 0 | kind|      D: down
//	+-+-+-+-+-+-+-+-+
//	key:     keysym, code: varint; length of text: varint; text
//	pointer: x, y: varint
//	button:  button: byte; x, y: varint
//	wheel:   dx, dy: signed varint; x, y: varint
func appendInput(b []byte, in Input) []byte {
	head := byte(in.Kind)
	if in.Down {
		head |= 0x80
	}
	b = append(b, head)
	switch in.Kind {
	case Key:
		b = binary.AppendUvarint(b, uint64(in.Keysym))
		b = binary.AppendUvarint(b, uint64(in.Code))
		b = binary.AppendUvarint(b, uint64(len(in.Text)))
		return append(b, in.Text...)
	case Button:
		b = append(b, in.Button)
	case Wheel:
		b = binary.AppendVarint(b, int64(in.DX))
		b = binary.AppendVarint(b, int64(in.DY))
	}
	b = binary.AppendUvarint(b, uint64(in.X))
	return binary.AppendUvarint(b, uint64(in.Y))
}

// parseInput reads one Input from the head of b and returns the rest.
func parseInput(b []byte) (in Input, rest []byte, err error) {
	r := reader{b: b}
	head := r.byte()
	in = Input{Kind: InputKind(head &^ 0x80), Down: head&0x80 != 0}
	switch in.Kind {
	case Key:
		in.Keysym = uint32(r.uvarint(1<<32 - 1))
		in.Code = uint16(r.uvarint(1<<16 - 1))
		in.Text = string(r.bytes(int(r.uvarint(maxInputText))))
	case Pointer:
		in.X, in.Y = r.coord(), r.coord()
	case Button:
		in.Button = r.byte()
		in.X, in.Y = r.coord(), r.coord()
	case Wheel:
		in.DX, in.DY = r.wheel(), r.wheel()
		in.X, in.Y = r.coord(), r.coord()
	}
	if r.bad {
		return Input{}, nil, fmt.Errorf("%w: cut short or out of range", ErrInput)
	}
	if err := in.validate(); err != nil {
		return Input{}, nil, err
	}
	return in, r.b, nil
}

// reader takes fields from the head of b; once one does not fit, all that follow are zero.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) bytes(n int) []byte {
	if r.bad || n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) byte() byte {
	if v := r.bytes(1); v != nil {
		return v[0]
	}
	return 0
}

func (r *reader) uvarint(most uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > most {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) coord() int { return int(r.uvarint(maxCoord)) }

func (r *reader) wheel() int {
	v, n := binary.Varint(r.b)
	if n <= 0 || v < -maxWheel || v >= maxWheel {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}
