package rival

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
)

// pngCoder sends each damaged rectangle as a PNG of its own: with a palette up to 256
// colours, else in 24 bits. It remembers nothing between rectangles.
type pngCoder struct{}

// maxPNG bounds what a decoder believes, in bytes: more than any screen's rectangle takes.
const maxPNG = 1 << 28

func (pngCoder) encode(dst []byte, pic *image.RGBA, rects []image.Rectangle) ([]byte, int, error) {
	var parts []image.Rectangle
	for _, r := range rects {
		parts = appendParts(parts, r)
	}
	for _, r := range parts {
		var img image.Image = pic.SubImage(r)
		if p, ok := paletteOf(pic, r, 256); ok {
			img = &image.Paletted{Pix: p.pixels(pic, r), Stride: r.Dx(), Rect: r, Palette: p.standard()}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return dst, 0, err
		}
		dst = appendHead(dst, r, encodingPNG)
		dst = binary.BigEndian.AppendUint32(dst, uint32(b.Len()))
		dst = append(dst, b.Bytes()...)
	}
	return dst, len(parts), nil
}

func (pngCoder) decode(r *bufio.Reader, pic *image.RGBA, at image.Rectangle) error {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(b[:])
	if n > maxPNG {
		return fmt.Errorf("rival: a PNG of %d bytes, at most %d", n, maxPNG)
	}
	var file bytes.Buffer
	if _, err := io.CopyN(&file, r, int64(n)); err != nil {
		return err
	}
	img, err := png.Decode(&file)
	if err != nil {
		return fmt.Errorf("rival: %w", err)
	}
	if img.Bounds().Size() != at.Size() {
		return fmt.Errorf("rival: a PNG of %v for a rectangle of %v", img.Bounds().Size(), at.Size())
	}
	draw.Draw(pic, at, img, img.Bounds().Min, draw.Src)
	return nil
}
