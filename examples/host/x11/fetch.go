package x11

import (
	"fmt"
	"image"
	"log/slog"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// fetcher fetches rectangles of the root window into a picture with rows of stride bytes.
type fetcher interface {
	fetch(pix []byte, stride int, rects []image.Rectangle) error
	close()
}

// newFetcher is the fastest fetcher that works here.
func newFetcher(conn *xgb.Conn, root xproto.Window, log *slog.Logger) fetcher {
	f, err := newShared(conn, root)
	if err != nil {
		log.Warn("no memory can be shared with the X server; pictures come through its socket, more slowly", "why", err)
		return &plain{conn, root}
	}
	return f
}

const (
	allPlanes = 0xffffffff
	// maxStrip is the most that one GetImage fetches, in bytes.
	maxStrip = 1 << 20
)

// plain fetches through the connection, in strips.
type plain struct {
	conn *xgb.Conn
	root xproto.Window
}

func (f *plain) fetch(pix []byte, stride int, rects []image.Rectangle) error {
	for _, r := range rects {
		for strip := r; strip.Min.Y < r.Max.Y; strip.Min.Y = strip.Max.Y {
			strip.Max.Y = min(strip.Min.Y+max(1, maxStrip/(4*r.Dx())), r.Max.Y)
			img, err := xproto.GetImage(f.conn, xproto.ImageFormatZPixmap, xproto.Drawable(f.root),
				int16(strip.Min.X), int16(strip.Min.Y), uint16(strip.Dx()), uint16(strip.Dy()), allPlanes).Reply()
			if err != nil {
				return err
			}
			if len(img.Data) < 4*strip.Dx()*strip.Dy() {
				return fmt.Errorf("%d bytes for %d x %d pixels", len(img.Data), strip.Dx(), strip.Dy())
			}
			place(pix, stride, strip, img.Data)
		}
	}
	return nil
}

func (f *plain) close() {}

// place copies a rectangle that came without gaps to where it belongs.
func place(pix []byte, stride int, r image.Rectangle, data []byte) {
	row := 4 * r.Dx()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := y*stride + 4*r.Min.X
		copy(pix[at:at+row], data)
		data = data[row:]
	}
}
