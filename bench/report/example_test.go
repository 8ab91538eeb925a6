package report_test

import (
	"fmt"
	"strings"

	"github.com/thinpane/thinpane/bench/report"
)

func ExampleWrite() {
	var page strings.Builder
	err := report.Write(&page, report.Document{
		Command: "go run ./bench",
		Systems: []report.System{{Name: "Ours", About: "is ours."}},
		Parts: []report.Part{{Title: "A letter is typed", Lines: []report.Crossing{{
			Line: "thin: 256 kbit/s, 100 ms round trip",
			Rows: []report.Row{{System: "Ours", Runs: []report.Figures{{FirstLegible: 1800, BytesDown: 53000}}}},
		}}}},
	})
	fmt.Println(err, strings.Contains(page.String(), "1.80"))
	// Output: <nil> true
}
