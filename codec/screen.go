package codec

import (
	"errors"
	"image"
)

// Move says that the content of From now stands at To (its top left corner).
type Move struct {
	From image.Rectangle
	To   image.Point
}

// Hints are what the capture knows about an update.
type Hints struct {
	Damage []image.Rectangle // everything outside is unchanged; nil: the whole picture is compared
	Moves  []Move
}

// ScreenConfig has no settings yet.
type ScreenConfig struct{}

// Screen is the newest picture, shared by any number of Encoders. Update must not run at the same time as anything else
// of this Screen or its Encoders.
type Screen struct {
	pic     *frame
	version uint64
}

func NewScreen(ScreenConfig) *Screen { return &Screen{} }

// Size is zero before the first Update.
func (s *Screen) Size() image.Point {
	if s.pic == nil {
		return image.Point{}
	}
	return s.pic.size
}

// Version grows by one with every Update that changed a pixel or the size.
func (s *Screen) Version() uint64 { return s.version }

// Update takes over what has changed in p; p.Pix is the caller's again when it returns.
func (s *Screen) Update(p Picture, h Hints) (Work, error) {
	if err := p.validate(); err != nil {
		return Work{}, err
	}
	changed := false
	if s.pic == nil || s.pic.size != p.Size {
		s.pic = s.pic.resized(p.Size)
		changed = true
	}
	img := p.Image()
	for y := range p.Size.Y {
		row := s.pic.pix[s.pic.at(0, y):][:p.Size.X]
		for x := range row {
			c := img.RGBAAt(x, y)
			v := uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
			changed = changed || row[x] != v
			row[x] = v
		}
	}
	if changed {
		s.version++
	}
	return Work{Scanned: p.Size.X * p.Size.Y}, nil
}

var errNoScreen = errors.New("codec: NewEncoder: no Screen")
