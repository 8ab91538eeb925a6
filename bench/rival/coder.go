package rival

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// Kind is a coder.
type Kind string

// The rivals.
const (
	Tight Kind = "tight"
	PNG   Kind = "png"
)

// Kinds are all rivals, the better one first.
var Kinds = []Kind{Tight, PNG}

// encoder appends rectangles of a picture to an update, in the order in which the decoder
// of the other end gets them.
type encoder interface {
	// encode appends rectangles that cover those given, each with its head, and returns
	// how many.
	encode(dst []byte, pic *image.RGBA, rects []image.Rectangle) ([]byte, int, error)
}

// decoder reads a rectangle's body and paints it.
type decoder interface {
	decode(r *bufio.Reader, pic *image.RGBA, at image.Rectangle) error
}

func (k Kind) coders(size image.Point) (encoder, decoder, error) {
	switch k {
	case Tight:
		return newTightEncoder(size), newTightDecoder(), nil
	case PNG:
		return pngCoder{}, pngCoder{}, nil
	}
	return nil, nil, fmt.Errorf("rival: no coder %q", k)
}

// Encodings on the wire: RFB's number of Tight; PNG's own is registered as -260 for
// TightPNG, whose rectangles are framed in another way, so a private one stands here.
const (
	encodingTight = 7
	encodingPNG   = 0x54504e47
)

// maxArea is the most pixels of a rectangle, as TigerVNC has it: a viewer then shows a large
// change piece by piece.
const maxArea = 65536

// appendParts appends a rectangle in parts of at most maxArea.
func appendParts(dst []image.Rectangle, r image.Rectangle) []image.Rectangle {
	step := max(1, maxArea/r.Dx())
	for y := r.Min.Y; y < r.Max.Y; y += step {
		dst = append(dst, image.Rect(r.Min.X, y, r.Max.X, min(y+step, r.Max.Y)))
	}
	return dst
}

// appendHead appends a rectangle's head: x, y, width, height, encoding (RFC 6143, 7.6.1).
func appendHead(dst []byte, r image.Rectangle, encoding uint32) []byte {
	for _, v := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		dst = binary.BigEndian.AppendUint16(dst, uint16(v))
	}
	return binary.BigEndian.AppendUint32(dst, encoding)
}

// readHead reads a rectangle's head and checks it against the screen.
func readHead(r io.Reader, screen image.Rectangle) (image.Rectangle, error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return image.Rectangle{}, err
	}
	at := func(i int) int { return int(binary.BigEndian.Uint16(b[i:])) }
	rect := image.Rect(at(0), at(2), at(0)+at(4), at(2)+at(6))
	if rect.Empty() || !rect.In(screen) {
		return image.Rectangle{}, fmt.Errorf("rival: rectangle %v is not on the screen", rect)
	}
	return rect, nil
}
