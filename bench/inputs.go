package main

import (
	"embed"
	"io/fs"
	"time"

	"github.com/thinpane/thinpane/bench/scene"
	"github.com/thinpane/thinpane/bench/trace"
)

//go:embed testdata/typing.trace.zip testdata/table.trace.zip testdata/photos/*.jpg
var testdata embed.FS

// exhibit is a recording inside this program, and what of it a report shows.
type exhibit struct {
	name, title, about string
	moments            []moment
}

// moment is a time of the recording's clock, for a column of the filmstrip.
type moment struct {
	at    time.Duration
	title string
}

// exhibits are all recordings inside this program.
var exhibits = []exhibit{
	{
		"typing", "A report is typed", "LibreOffice Writer, a real recording of 11.5 s: a person types and corrects French text.",
		[]moment{{5899*ms + 300*ms, "new layout, 0.3 s later"}},
	},
	{
		"table", "A table is scrolled, a window opens", "LibreOffice Calc, a real recording of 12.2 s: the wheel turned four notches down and four up, cells selected, the chart assistant opened.",
		[]moment{{704*ms + 300*ms, "a scroll, 0.3 s later"}, {10813*ms + 300*ms, "a window, 0.3 s later"}},
	},
	{
		"page", "A web page with photographs is scrolled", "A scene of 14 s, drawn by program: antialiased text and three photographs, the wheel turned a few notches at a time, then four seconds of rest.",
		[]moment{{5260*ms + 300*ms, "a scroll, 0.3 s later"}, {13900 * ms, "after 4 s of rest"}},
	},
}

const ms = time.Millisecond

// webPage is the exhibit "page".
func webPage() (trace.Recording, error) {
	photos, err := fs.Sub(testdata, "testdata/photos")
	if err != nil {
		return nil, err
	}
	return scene.WebPage(photos)
}
