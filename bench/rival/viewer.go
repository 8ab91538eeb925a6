package rival

import (
	"bufio"
	"image"
	"io"
)

// view is the viewer: it asks for an update, paints its rectangles as they arrive, and
// asks for the next one when it has the whole. It returns when the connection ends.
func view(c io.ReadWriter, dec decoder, show func(pic *image.RGBA, at image.Rectangle)) error {
	size, err := connect(c)
	if err != nil {
		return err
	}
	pic := image.NewRGBA(image.Rectangle{Max: size})
	r := bufio.NewReader(c)
	for {
		if err := request(c); err != nil {
			return err
		}
		n, err := readUpdateHead(r)
		if err != nil {
			return err
		}
		for range n {
			at, err := readHead(r, pic.Rect)
			if err != nil {
				return err
			}
			if err := dec.decode(r, pic, at); err != nil {
				return err
			}
			show(pic, at)
		}
	}
}
