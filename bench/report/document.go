package report

import (
	"image"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
)

// Document is all that a report shows. Names are shown as they are.
type Document struct {
	Command string        // that made it
	Machine string        // it ran on
	Made    time.Time     // when
	Took    time.Duration // for all of it
	Systems []System      // ours first; the order of rows and of legends
	Notes   []string      // on what the figures leave out, a sentence or two each
	Parts   []Part
	Checks  Checks
}

// System is one of those compared.
type System struct {
	Name  string // "Thinpane"
	About string // in one sentence
}

// Part is a recording, over each of the lines.
type Part struct {
	Name  string // "typing"
	Title string // "A letter is typed"
	About string // in one sentence
	Size  image.Point
	Lines []Crossing
	Strip Strip // over one of the lines
}

// Crossing is a recording over one line.
type Crossing struct {
	Line  string  // "thin-256k: 256 kbit/s, 100 ms round trip"
	Bps   float64 // of the line down, bits/s on average
	Rows  []Row   // of the table
	Plots []Series
}

// Row is what a system's runs came to.
type Row struct {
	System string
	Runs   []Figures // one of each seed
	Failed string    // why there are none
}

// Figures of one run; bench/README.md defines them.
type Figures struct {
	FirstLegible, FirstExact measure.Millis
	LegibleP50, LegibleP95   measure.Millis
	PageP50, PageP95         measure.Millis
	LegibleNever             int
	EchoP50, EchoP95         measure.Millis // Never: not measured
	BytesFirst, BytesDown    int
	Split                    Split // of BytesDown
	QueueP95                 measure.Millis
	Staleness                float64 // 0 to 1
}

// Series are the course of one run, from the moment when the viewer asks to connect.
type Series struct {
	System  string
	Step    time.Duration // between points; the first stands for 0 to Step
	Began   time.Duration // when the recording's clock started
	Bits    []float64     // per second, that entered the line down
	Legible []float64     // share of tiles, 0 to 1, at the end of each step
	Queue   []float64     // ms that what entered in this step waited, at most
}

// Strip is the filmstrip of a recording over a line.
type Strip struct {
	Line   string
	Frames []string // heads of the columns: "0.5 s", "a scroll, 0.3 s later"
	Rows   []StripRow
}

// StripRow is what one system showed, or the source.
type StripRow struct {
	System string
	About  string // beside it, in a few words
	Shots  []Shot // one of each column
}

// Shot is one picture of a filmstrip.
type Shot struct {
	Caption string
	Legible float64 // share of the screen, 0 to 1
	JPEG    []byte  // from Thumbnail; nil: nothing was to be seen yet
}

// Checks compares a rival with the product that it stands for.
type Checks struct {
	Title string
	About string
	Rows  []Check
}

// Check is one of them.
type Check struct {
	Recording, Line string
	Rival           []Figures // one of each seed
	Product         Figures
}
