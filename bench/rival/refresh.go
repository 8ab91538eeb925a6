package rival

import (
	"image"
	"time"
)

// Of a refresh, as TigerVNC does it in its idle time.
const (
	restBefore  = 500 * time.Millisecond // without any change on the screen
	refreshSize = 4096                   // pixels at a time, so that something new never waits long
)

// refresh sends exactly, when nothing else is to be sent, what went as JPEG.
type refresh struct {
	enc    *tightEncoder
	grid   grid
	coarse []bool // tiles that went as JPEG
	from   time.Time
}

func newRefresh(enc *tightEncoder) *refresh {
	g := newGrid(enc.grid.size)
	return &refresh{enc: enc, grid: g, coarse: make([]bool, len(g.keys))}
}

// sent notes what the encoder's last update did to these rectangles.
func (r *refresh) sent(rects []image.Rectangle, now time.Time) {
	mark := func(rects []image.Rectangle, coarse bool) {
		for _, a := range rects {
			r.grid.each(a, func(i int) { r.coarse[i] = coarse })
		}
	}
	mark(rects, false)
	mark(r.enc.coarse, true)
	r.from = now.Add(restBefore)
}

// next is the next piece, of n rectangles. n is 0 when it is not yet time, then wait says
// when; or, with wait 0, when all is exact.
func (r *refresh) next(pic *image.RGBA, now time.Time) (body []byte, n int, wait time.Duration, err error) {
	clear(r.grid.keys)
	taken := 0
	for i, coarse := range r.coarse {
		if coarse && taken < refreshSize {
			r.grid.keys[i] = mixed
			taken += tileSize * tileSize
		}
	}
	if taken == 0 {
		return nil, 0, 0, nil
	}
	if wait = r.from.Sub(now); wait > 0 {
		return nil, 0, wait, nil
	}
	r.enc.lossy = false
	defer func() { r.enc.lossy = true }()
	for _, a := range r.grid.areas() {
		r.grid.each(a.Rectangle, func(i int) { r.coarse[i] = false })
		body = appendHead(body, a.Rectangle, encodingTight)
		if body, err = r.enc.rect(body, pic, a.Rectangle); err != nil {
			return nil, 0, 0, err
		}
		n++
	}
	return body, n, 0, nil
}
