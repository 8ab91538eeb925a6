package rival

import (
	"bufio"
	"image"
	"io"
)

// view is the viewer once it is connected: it asks for an update, paints its rectangles as
// they arrive, and asks for the next one when it has the whole. It returns when the
// connection ends.
func view(out io.Writer, in *bufio.Reader, size image.Point, dec decoder, show func(pic *image.RGBA, at image.Rectangle)) error {
	pic := image.NewRGBA(image.Rectangle{Max: size})
	for {
		if err := writeRequest(out); err != nil {
			return err
		}
		n, err := readUpdateHead(in)
		if err != nil {
			return err
		}
		for range n {
			at, err := readHead(in, pic.Rect)
			if err != nil {
				return err
			}
			if err := dec.decode(in, pic, at); err != nil {
				return err
			}
			show(pic, at)
		}
	}
}
