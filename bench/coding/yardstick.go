package coding

import (
	"image/png"

	"github.com/thinpane/thinpane/bench/trace"
)

// Raw is what a recording takes as plain pixels, 4 bytes for each in its patches; its
// speed is that of copying them.
func Raw(rec trace.Recording) (Coded, error) {
	buffer := make([]byte, 4*rec.Size().X*rec.Size().Y)
	return patchwise(rec, func(u trace.Update) (n int, err error) {
		for _, p := range u.Patches {
			for y := p.Min.Y; y < p.Max.Y; y++ {
				n += copy(buffer[n:], u.Picture.Pix[u.Picture.PixOffset(p.Min.X, y):][:4*p.Dx()])
			}
		}
		return n, nil
	})
}

// PNG is what a recording takes with each patch as a PNG file.
func PNG(rec trace.Recording) (Coded, error) {
	return patchwise(rec, func(u trace.Update) (int, error) {
		var n counter
		for _, p := range u.Patches {
			if err := png.Encode(&n, u.Picture.SubImage(p)); err != nil {
				return 0, err
			}
		}
		return int(n), nil
	})
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

func patchwise(rec trace.Recording, size func(trace.Update) (int, error)) (c Coded, err error) {
	watch := NewStopwatch()
	defer watch.Release()
	first := true
	for u, err := range rec.Updates() {
		if err != nil {
			return c, err
		}
		watch.Start()
		n, err := size(u)
		c.EncodeCPU += watch.Stop()
		if err != nil {
			return c, err
		}
		for _, p := range u.Patches {
			c.EncodedPixels += int64(p.Dx() * p.Dy())
		}
		if first {
			c.First, first = n, false
		} else {
			c.Updates = append(c.Updates, n)
		}
	}
	c.Exact = true
	return c, nil
}
