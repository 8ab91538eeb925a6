package rival

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"io"
)

// errTight is what a Tight decoder says of bytes that no encoder of ours makes.
var errTight = errors.New("rival: broken Tight rectangle")

// tightDecoder is the other end of tightEncoder.
type tightDecoder struct {
	streams [streams]inflater
}

// inflater is a zlib stream that is fed piece by piece. A piece ends with a flush, so its
// pixels are whole when it has been read.
type inflater struct {
	in bytes.Buffer
	z  io.Reader
}

func newTightDecoder() *tightDecoder { return &tightDecoder{} }

func (d *tightDecoder) decode(r *bufio.Reader, pic *image.RGBA, at image.Rectangle) error {
	control, err := r.ReadByte()
	if err != nil {
		return err
	}
	switch {
	case control == tightFill:
		c, err := readColour(r)
		if err != nil {
			return err
		}
		paint(pic, at, func(int) uint32 { return c })
		return nil
	case control == tightJPEG:
		return readJPEG(r, pic, at)
	case control&^0x30 != tightFiltered || control>>4&3 >= streams:
		return fmt.Errorf("%w: control byte %#x", errTight, control)
	}
	return d.basic(r, pic, at, &d.streams[control>>4&3])
}

func (d *tightDecoder) basic(r *bufio.Reader, pic *image.RGBA, at image.Rectangle, s *inflater) error {
	filter, err := r.ReadByte()
	if err != nil {
		return err
	}
	switch filter {
	case filterCopy:
		data, err := s.read(r, 3*at.Dx()*at.Dy())
		if err != nil {
			return err
		}
		paint(pic, at, func(i int) uint32 { return rgb(data[3*i:]) })
		return nil
	case filterPalette:
		return d.indexed(r, pic, at, s)
	}
	return fmt.Errorf("%w: filter %d", errTight, filter)
}

func (d *tightDecoder) indexed(r *bufio.Reader, pic *image.RGBA, at image.Rectangle, s *inflater) error {
	n, err := r.ReadByte()
	if err != nil {
		return err
	}
	colours := make([]uint32, int(n)+1)
	for i := range colours {
		if colours[i], err = readColour(r); err != nil {
			return err
		}
	}
	w := at.Dx()
	size, index := w*at.Dy(), func(data []byte, i int) int { return int(data[i]) }
	if len(colours) == 2 {
		bytesPerRow := (w + 7) / 8
		size = bytesPerRow * at.Dy()
		index = func(data []byte, i int) int { return int(data[i/w*bytesPerRow+i%w/8]>>(7-i%w%8)) & 1 }
	}
	data, err := s.read(r, size)
	if err != nil {
		return err
	}
	outside := false
	paint(pic, at, func(i int) uint32 {
		k := index(data, i)
		if k >= len(colours) {
			outside = true
			return 0
		}
		return colours[k]
	})
	if outside {
		return fmt.Errorf("%w: a colour outside the palette", errTight)
	}
	return nil
}

// read takes the next piece of the stream from r and returns its n bytes.
func (s *inflater) read(r *bufio.Reader, n int) ([]byte, error) {
	data := make([]byte, n)
	if n < minToCompress {
		_, err := io.ReadFull(r, data)
		return data, err
	}
	length, err := readLength(r)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(&s.in, r, int64(length)); err != nil {
		return nil, err
	}
	if s.z == nil {
		if s.z, err = zlib.NewReader(&s.in); err != nil {
			return nil, fmt.Errorf("%w: %w", errTight, err)
		}
	}
	if _, err := io.ReadFull(s.z, data); err != nil {
		return nil, fmt.Errorf("%w: %w", errTight, err)
	}
	return data, nil
}

func readColour(r io.Reader) (uint32, error) {
	var b [3]byte
	_, err := io.ReadFull(r, b[:])
	return rgb(b[:]), err
}

func readLength(r io.ByteReader) (int, error) {
	n := 0
	for _, shift := range []int{0, 7, 14} {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if shift == 14 {
			return n | int(b)<<14, nil
		}
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return n, nil
}

// paint sets the pixels of a rectangle; colour is asked for each, counted row by row.
func paint(pic *image.RGBA, at image.Rectangle, colour func(i int) uint32) {
	i := 0
	for y := at.Min.Y; y < at.Max.Y; y++ {
		line := row(pic, at, y)
		for x := 0; x < len(line); x += 4 {
			setRGB(line[x:], colour(i))
			i++
		}
	}
}
