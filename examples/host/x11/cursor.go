package x11

import (
	"context"
	"errors"
	"image"

	"github.com/jezek/xgb/xfixes"

	"github.com/thinpane/thinpane/session"
)

// showPointer passes on the pointer's shape whenever it changes.
func (d *Display) showPointer(ctx context.Context, s *session.Screen) {
	for {
		select {
		case <-d.pointer:
		case <-ctx.Done():
			return
		}
		img, err := xfixes.GetCursorImage(d.conn).Reply()
		if err != nil {
			d.log.Debug("no shape of the pointer", "err", err)
			continue
		}
		shape := image.Pt(int(img.Width), int(img.Height))
		hot := image.Pt(int(img.Xhot), int(img.Yhot))
		for every := 1; ; every++ {
			c := cursor(img.CursorImage, shape, hot, every)
			if err = s.SetCursor(c); !errors.Is(err, session.ErrCursor) || c.Size == (image.Point{}) {
				break
			}
		}
	}
}

// cursor makes a session's cursor of XFIXES' one (a word of alpha, red, green, blue, multiplied by alpha, for each
// pixel), of every n-th pixel: a larger one than a session carries becomes smaller. What is all clear is no cursor.
func cursor(argb []uint32, size, hot image.Point, every int) session.Cursor {
	small := image.Pt((size.X+every-1)/every, (size.Y+every-1)/every)
	c := session.Cursor{Size: small, Hot: hot.Div(every)}
	seen := false
	for y := range small.Y {
		for x := range small.X {
			v := argb[y*every*size.X+x*every]
			seen = seen || v>>24 != 0
			c.Pix = append(c.Pix, byte(v>>16), byte(v>>8), byte(v), byte(v>>24))
		}
	}
	if !seen {
		return session.Cursor{}
	}
	c.Hot.X = min(max(c.Hot.X, 0), small.X-1)
	c.Hot.Y = min(max(c.Hot.Y, 0), small.Y-1)
	return c
}
