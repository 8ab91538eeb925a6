package report

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/thinpane/thinpane/bench/measure"
)

// fixture is a small report with all that one can hold.
func fixture(t *testing.T) Document {
	pic := image.NewRGBA(image.Rect(0, 0, 1600, 1000))
	for i := range pic.Pix {
		pic.Pix[i] = byte(i * i >> 7)
	}
	small, err := Thumbnail(pic)
	require.NoError(t, err)
	run := func(first measure.Millis, kB int) Figures {
		return Figures{FirstLegible: first, LegibleP50: 40, LegibleP95: measure.Never, BytesDown: kB * 1000, Staleness: 0.123}
	}
	return Document{
		Command: "go run ./bench -a <b>", Machine: "2 cores", Made: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Took: 95 * time.Second,
		Systems: []System{{"Ours", "is ours."}, {"Theirs", "is not."}},
		Notes:   []string{"One note & another."},
		Parts: []Part{{
			Name: "typing", Title: "A letter is typed", About: "A recording.", Size: image.Pt(1600, 1000),
			Lines: []Crossing{{
				Line: "thin: 256 kbit/s, 100 ms round trip", Bps: 256e3,
				Rows: []Row{
					{System: "Ours", Runs: []Figures{run(1500, 80), run(1400, 81), run(1900, 82)}},
					{System: "Theirs", Failed: "the line <broke>"},
				},
				Plots: []Series{
					{System: "Ours", Step: time.Second, Began: 1500 * time.Millisecond, Bits: []float64{256e3, 1e3, 0}, Legible: []float64{0, 0.5, 1}, Queue: []float64{40, 0, 0}},
					{System: "Theirs", Step: time.Second, Began: 2 * time.Second, Bits: []float64{256e3, 256e3, 256e3}, Legible: []float64{0, 0, 0.25}, Queue: []float64{400, 500, 500}},
				},
			}},
			Strip: Strip{
				Line: "thin: 256 kbit/s, 100 ms round trip", Frames: []string{"0.5 s", "1 s"},
				Rows: []StripRow{
					{System: "The source", Shots: []Shot{{"first screen", 1, small}, {"first screen", 1, small}}},
					{System: "Ours", Shots: []Shot{{"", 0, nil}, {"75 % legible", 0.75, small}}},
				},
			},
		}},
		Checks: Checks{Title: "Theirs beside the product", About: "As measured.", Rows: []Check{
			{Recording: "typing", Line: "thin", Rival: []Figures{run(5600, 277)}, Product: run(6100, 595)},
		}},
	}
}

func write(t *testing.T, d Document) string {
	var b strings.Builder
	require.NoError(t, Write(&b, d))
	return b.String()
}

func TestTheReportNeedsNoNetworkAndNoProgram(t *testing.T) {
	text := write(t, fixture(t))
	withoutPictures := regexp.MustCompile(`url\(data:image/jpeg;base64,[A-Za-z0-9+/=]+\)`).ReplaceAllString(text, "")
	for _, never := range []string{"http:", "https:", "//", "url(", "@import", "<script", "<link", "src=", "href="} {
		require.NotContains(t, withoutPictures, never)
	}
}

func TestEveryElementOfTheReportIsClosed(t *testing.T) {
	z := html.NewTokenizer(strings.NewReader(write(t, fixture(t))))
	var open []string
	void := map[string]bool{"meta": true, "input": true, "br": true}
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			require.Equal(t, io.EOF, z.Err())
			require.Empty(t, open)
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			require.NotEmpty(t, open, "</%s>", name)
			require.Equal(t, open[len(open)-1], string(name))
			open = open[:len(open)-1]
		}
	}
}

func TestTheReportSaysWhatItWasGiven(t *testing.T) {
	text := write(t, fixture(t))
	for _, want := range []string{
		"go run ./bench -a &lt;b&gt;", "2 January 2026, 03:04", "1m35s", "2 cores",
		"A letter is typed", "thin: 256 kbit/s, 100 ms round trip", "the line &lt;broke&gt;",
		"1.50<small>1.40 – 1.90</small>", // the median of the first screens, and the spread
		"12.3", "nothing yet", "75 % legible", "width: 75.0%", "One note &amp; another.",
		"5.60<small>6.10</small>", // the rival beside the product
		"kbit/s", "legible tiles, %", "queue, ms", "seconds after asking to connect",
		"2026",
	} {
		require.Contains(t, text, want)
	}
	for _, p := range plots {
		require.Contains(t, text, html.EscapeString(p.title))
		require.Contains(t, text, html.EscapeString(p.read))
	}
}

func TestAPictureShownTwiceIsInTheFileOnce(t *testing.T) {
	d := fixture(t)
	text := write(t, d)
	require.Equal(t, 1, strings.Count(text, base64.StdEncoding.EncodeToString(d.Parts[0].Strip.Rows[0].Shots[0].JPEG)))
}

func TestAThumbnailIsNoWiderThanItMayBe(t *testing.T) {
	for size, want := range map[image.Point]image.Point{
		{1600, 1000}: {800, 500}, {800, 400}: {800, 400}, {64, 64}: {64, 64}, {5000, 1}: {800, 1},
	} {
		pic := image.NewRGBA(image.Rectangle{Max: size})
		pic.SetRGBA(0, 0, color.RGBA{255, 255, 255, 255})
		b, err := Thumbnail(pic)
		require.NoError(t, err)
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		require.NoError(t, err)
		require.Equal(t, want, image.Pt(c.Width, c.Height))
	}
}

func TestAnAxisEndsAtARoundValue(t *testing.T) {
	for _, c := range []struct {
		most float64
		top  float64
		last string
	}{{100, 100, "100"}, {256, 300, "300"}, {33, 40, "40"}, {0.7, 0.8, "0.8"}, {0, 1, "1.0"}, {math.Inf(1), 1, "1.0"}, {512, 600, "600"}} {
		a := newAxis(c.most, 4, 10, 100)
		require.InDelta(t, c.top, a.top, 1e-9, "%v", c.most)
		marks := a.marks()
		require.InDelta(t, a.top, marks[len(marks)-1], 1e-9)
		require.Equal(t, c.last, a.label(a.top))
		require.InDelta(t, 10, a.at(-5), 1e-9, "kept within")
		require.InDelta(t, 110, a.at(a.top*2), 1e-9)
	}
}

func TestAStaircaseHoldsEachValueForAStep(t *testing.T) {
	x, y := newAxis(4, 4, 0, 400), newAxis(10, 4, 100, -100)
	require.Equal(t, "M0.0 100.0H100.0V50.0H300.0V0.0H400.0", staircase([]float64{0, 5, 5, 10}, time.Second, 1, x, y))
	require.Equal(t, "", staircase(nil, time.Second, 1, x, y))
	require.Equal(t, "M0.0 100.0H400.0", staircase([]float64{0, 0, 0, 0, 0, 0, 7}, time.Second, 1, x, y), "the axis ends before")
}

func TestTheBestIsMarkedWhereThereIsOne(t *testing.T) {
	cells := func(v ...string) (all []*cell) {
		for i, s := range v {
			all = append(all, &cell{Text: s, median: float64(i)})
		}
		return all
	}
	marked := func(all []*cell) (best []bool) {
		markBest(all)
		for _, c := range all {
			best = append(best, c.Best)
		}
		return best
	}
	require.Equal(t, []bool{true, false, false}, marked(cells("1", "2", "3")))
	require.Equal(t, []bool{true, true, false}, marked(cells("1", "1", "3")), "as good, as it is shown")
	require.Equal(t, []bool{false, false}, marked(cells("1", "1")), "all the same")
	require.Equal(t, []bool{false}, marked(cells("1")))
}

func TestNumbersAreGroupedByThousands(t *testing.T) {
	require.Equal(t, "999", grouped(999.4))
	require.Equal(t, "1\u202f000", grouped(999.6))
	require.Equal(t, "12\u202f345\u202f678", grouped(12345678))
	require.Equal(t, "never", show(columns[0], math.Inf(1)))
}

func TestASplitAddsUpToAllBytes(t *testing.T) {
	run := Figures{BytesDown: 100_000, Split: Split{Exact: 20_000, Coarse: 10_000, Refined: 40_000, Other: 1000, Repair: 4000, Overwritten: 7000}}
	v := splitOf(Row{System: "Ours", Runs: []Figures{run}})
	var texts []string
	for _, p := range v.Parts {
		texts = append(texts, p.Text+" "+string(p.Width))
	}
	require.Equal(t, []string{"20.0 kB 20.00%", "10.0 kB 10.00%", "40.0 kB 40.00%", "1.0 kB 1.00%", "4.0 kB 4.00%", "25.0 kB 25.00%"}, texts)
	require.Contains(t, v.Read, "7.0 kB (7 %)")
	require.Nil(t, splitOf(Row{System: "Theirs", Runs: []Figures{{BytesDown: 9}}}))
}
