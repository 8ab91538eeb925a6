package session

import (
	"fmt"
	"time"

	"github.com/thinpane/thinpane/codec"
)

// Detail says how far a picture is carried.
type Detail uint8

const (
	CoarseFirst Detail = iota // photographs coarsely at once, exactly when the line is idle; text always exactly
	ExactAlways               // every tile exactly the first time: slower, never blurred
	CoarseOnly                // photographs stay coarse: for a line that is paid by the byte
)

// Policy says what one viewer may cost and do. It can be changed while the viewer is connected. The zero value lets
// the line decide.
type Policy struct {
	Detail Detail
	// Smoothest and Sharpest bound the coarse pass, codec.Sharpness 0 to 99. Sharpest 0 stands for 99.
	Smoothest, Sharpest codec.Sharpness
	// Colours: fewer take fewer bytes. What is exact then is exact in these.
	Colours codec.Colours
	// RateCap is the most that objects may take of the line, in bit/s; 0 is no cap, else at least 8,000.
	RateCap int
	// FrameCap is how many newer pictures a second are begun, 0 to 240; 0 is no cap. What follows the viewer's own
	// input is never held back by it.
	FrameCap int
	// ViewOnly drops the viewer's input. A Grant that is ViewOnly has the same effect and cannot be lifted here.
	ViewOnly bool
}

func (p Policy) withDefaults() Policy {
	if p.Sharpest == 0 {
		p.Sharpest = codec.Exact - 1
	}
	return p
}

func (p Policy) validate() error {
	p = p.withDefaults()
	switch {
	case p.Detail > CoarseOnly:
		return fmt.Errorf("session: Policy.Detail is %d, want CoarseFirst, ExactAlways or CoarseOnly", p.Detail)
	case p.Colours > codec.Grey:
		return fmt.Errorf("session: Policy.Colours is %d, want AllColours, FewColours or Grey", p.Colours)
	case p.Sharpest >= codec.Exact:
		return fmt.Errorf("session: Policy.Sharpest is %d, want 0 to %d", p.Sharpest, codec.Exact-1)
	case p.Smoothest > p.Sharpest:
		return fmt.Errorf("session: Policy.Smoothest is %d, above Sharpest %d", p.Smoothest, p.Sharpest)
	case p.RateCap < 0 || p.RateCap > 0 && p.RateCap < 8000:
		return fmt.Errorf("session: Policy.RateCap is %d bit/s, want 0 or at least 8000", p.RateCap)
	case p.FrameCap < 0 || p.FrameCap > 240:
		return fmt.Errorf("session: Policy.FrameCap is %d a second, want 0 to 240", p.FrameCap)
	}
	return nil
}

// framePause is the least time between the beginnings of two newer pictures.
func (p Policy) framePause() time.Duration {
	if p.FrameCap == 0 {
		return 0
	}
	return time.Second / time.Duration(p.FrameCap)
}
