package rival

import (
	"image"
	"time"
)

// Of a refresh, as TigerVNC does it in its idle time.
const (
	restBefore  = 500 * time.Millisecond // since a tile was sent last
	refreshSize = 2048                   // pixels at a time, so that something new never waits long
)

// refresh sends exactly, when nothing else is to be sent, what went as JPEG.
type refresh struct {
	enc  *tightEncoder
	due  []time.Time // of each tile; zero: it is exact
	grid grid
}

func newRefresh(enc *tightEncoder) *refresh {
	r := &refresh{enc: enc, grid: newGrid(enc.grid.size)}
	r.due = make([]time.Time, len(r.grid.keys))
	return r
}

// sent notes what the encoder's last update did to the tiles of these rectangles.
func (r *refresh) sent(rects []image.Rectangle, now time.Time) {
	at := func(rects []image.Rectangle, t time.Time) {
		for _, a := range rects {
			r.grid.each(a, func(i int) { r.due[i] = t })
		}
	}
	at(rects, time.Time{})
	at(r.enc.coarse, now.Add(restBefore))
}

// next is the next piece; n is 0 when none is due, for as long as wait (0: for ever).
func (r *refresh) next(pic *image.RGBA, now time.Time) (body []byte, n int, wait time.Duration, err error) {
	clear(r.grid.keys)
	taken, first := 0, time.Time{}
	for i, due := range r.due {
		switch {
		case due.IsZero():
		case due.After(now):
			if first.IsZero() || due.Before(first) {
				first = due
			}
		case taken < refreshSize:
			r.grid.keys[i], r.due[i] = mixed, time.Time{}
			taken += tileSize * tileSize
		}
	}
	if taken == 0 {
		if !first.IsZero() {
			wait = first.Sub(now)
		}
		return nil, 0, wait, nil
	}
	r.enc.lossy = false
	defer func() { r.enc.lossy = true }()
	for _, a := range r.grid.areas() {
		body = appendHead(body, a.Rectangle, encodingTight)
		if body, err = r.enc.rect(body, pic, a.Rectangle); err != nil {
			return nil, 0, 0, err
		}
		n++
	}
	return body, n, 0, nil
}
