package trace

import (
	"image"
	"iter"
	"time"
)

// Drawn is a recording that is drawn anew each time it is played: a generated scene.
type Drawn struct {
	Title  string
	Screen image.Point
	Length time.Duration
	Steps  []Step // the first at time 0; in time order
	User   []Input
}

// Step is an update of a Drawn recording.
type Step struct {
	At time.Duration
	// Draw paints onto the picture as the step before left it (black and opaque at
	// first) and returns what it painted: rectangles inside the picture that do not
	// overlap. Those of the first step are ignored: it is the whole screen. It must paint
	// the same each time.
	Draw func(pic *image.RGBA) []image.Rectangle
}

// Name implements Recording.
func (d *Drawn) Name() string { return d.Title }

// Size implements Recording.
func (d *Drawn) Size() image.Point { return d.Screen }

// Duration implements Recording.
func (d *Drawn) Duration() time.Duration { return d.Length }

// Inputs implements Recording.
func (d *Drawn) Inputs() []Input { return d.User }

// Updates implements Recording.
func (d *Drawn) Updates() iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		screen := image.Rectangle{Max: d.Screen}
		pic := image.NewRGBA(screen)
		for i := 3; i < len(pic.Pix); i += 4 {
			pic.Pix[i] = 255
		}
		for i, s := range d.Steps {
			u := Update{At: s.At, Patches: s.Draw(pic), Picture: pic}
			if i == 0 {
				u.Patches = []image.Rectangle{screen}
			}
			if !yield(u, nil) {
				return
			}
		}
	}
}
