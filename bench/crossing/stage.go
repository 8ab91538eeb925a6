package crossing

import (
	"context"
	"image"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport/netsim"
)

// System is a way to carry a screen across a line.
type System interface {
	// Open sets up both ends. Nothing crosses the line before Connect.
	Open(*Stage) (Carrier, error)
}

// Carrier is a System at work on one line, with one viewer.
type Carrier interface {
	// Update tells the near end the screen's picture and where it has changed since the
	// last call; damage may overlap. The picture is the caller's again when it returns.
	// It may take its time: what changes meanwhile is told with the next call. Calls do
	// not overlap.
	Update(pic *image.RGBA, damage []image.Rectangle) error
	// Connect makes the viewer ask for the screen, and returns when it is connected.
	Connect(ctx context.Context) error
	// Input sends up the n-th thing that the user did (from 0). A system without input
	// ignores it.
	Input(n int, in trace.Input) error
	// Effort is what the run has cost so far.
	Effort() Effort
	// Close ends both ends. Goroutines may take a minute of virtual time to end after it.
	Close() error
}

// Effort is what a Carrier knows about its run.
type Effort struct {
	Encode, Decode time.Duration // CPU time charged to the host, to the viewer
	Goodput        int           // bytes of picture data decoded for the first time
	Bytes          codec.Bytes   // that the host's objects took, where it is Thinpane's
	Repair         int           // bytes that the host's transport sent again, where it is Thinpane's
}

// Stage is what a Carrier works with. Its methods are safe for concurrent use.
type Stage struct {
	Line      *netsim.Net
	Size      image.Point // of the screen, pixels
	ViewerCPU float64     // how much slower than codec's table the viewer's core is

	run *run
}

// Show tells what the user sees from now on, and where it has changed.
func (s *Stage) Show(pic *image.RGBA, damage []image.Rectangle) { s.run.show(pic, damage) }

// Arrived tells that the host's application has got the n-th input.
func (s *Stage) Arrived(n int) { s.run.arrived(n) }
