package codec

import "image"

// EncoderConfig has no settings yet.
type EncoderConfig struct{}

// Encoder is one viewer's stream.
type Encoder struct {
	screen *Screen
	view   *frame
	number uint64
	rc     rangeCoder
	pic    []byte
}

func NewEncoder(s *Screen, _ EncoderConfig) (*Encoder, error) {
	if s == nil {
		return nil, errNoScreen
	}
	return &Encoder{screen: s}, nil
}

// Append appends at most one object to dst.
func (e *Encoder) Append(dst []byte, l Limits) ([]byte, Object) {
	o := Object{Version: e.screen.version}
	s := e.screen.pic
	if s == nil {
		return dst, o
	}
	resize := e.view == nil || e.view.size != s.size
	if resize && l.Bytes >= MinObject {
		e.view = e.view.resized(s.size)
	}
	send := resize
	for ty := range s.ty {
		for tx := range s.tx {
			if e.differs(tx, ty) {
				o.Stale++
				send = true
			}
		}
	}
	if !send || l.Bytes < MinObject {
		return dst, o
	}
	head := len(dst)
	e.rc.startEncoding(dst)
	if e.rc.bit(b2u(resize), 1<<15) == 1 {
		e.rc.raw(uint32(s.size.X), 14)
		e.rc.raw(uint32(s.size.Y), 14)
	}
	o.Resized = resize
	for ty := range s.ty {
		for tx := range s.tx {
			for y := 0; e.differs(tx, ty) && y < tileSide; y++ {
				i, w, h := s.tile(tx, ty)
				if y >= h {
					break
				}
				if e.rc.shifts+70 > l.Bytes {
					goto full
				}
				e.rc.bit(1, 60000)
				e.rc.raw(uint32(tx), 10)
				e.rc.raw(uint32(ty), 10)
				e.rc.raw(uint32(y), 4)
				for x := range w {
					v := s.pix[i+y*s.stride+x]
					e.rc.raw(v>>12, 12)
					e.rc.raw(v&0xfff, 12)
					e.view.pix[i+y*s.stride+x] = v
				}
				o.Damage = o.Damage.Union(image.Rect(tx*16, ty*16+y, tx*16+w, ty*16+y+1))
				o.Work.Exact += w
				if !e.differs(tx, ty) {
					o.Stale--
				}
			}
		}
	}
full:
	e.rc.bit(0, 60000)
	dst = e.rc.finish()
	_ = head
	e.number++
	o.State = e.number
	return dst, o
}

func (e *Encoder) differs(tx, ty int) bool {
	s := e.screen.pic
	if e.view == nil || e.view.size != s.size {
		return true
	}
	i, w, h := s.tile(tx, ty)
	for y := range h {
		for x := range w {
			if s.pix[i+y*s.stride+x] != e.view.pix[i+y*s.stride+x] {
				return true
			}
		}
	}
	return false
}

// Ack says that the viewer has decoded all objects up to state.
func (e *Encoder) Ack(state uint64) {}

// Picture is the model of the viewer's picture, valid until the next Append.
func (e *Encoder) Picture() Picture { return e.view.picture(&e.pic) }

func (f *frame) picture(pix *[]byte) Picture {
	if f == nil {
		return Picture{}
	}
	p := Picture{Stride: 4 * f.size.X, Size: f.size}
	if n := p.Stride * f.size.Y; len(*pix) != n {
		*pix = make([]byte, n)
	}
	f.bytes(*pix, p.Stride, image.Rectangle{Max: f.size})
	p.Pix = *pix
	return p
}

func b2u(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
