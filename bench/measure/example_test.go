package measure_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
)

// A screen of one tile turns white; the user sees nearly white first, then white.
func Example() {
	tile := image.Rect(0, 0, 16, 16)
	grey := func(v uint8) *image.RGBA {
		pic := image.NewRGBA(tile)
		draw.Draw(pic, tile, image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
		return pic
	}
	t := measure.NewTracker(tile.Max)
	t.First(0, grey(0))
	t.Show(100*time.Millisecond, grey(0), []image.Rectangle{tile})

	u := t.Change(200*time.Millisecond, grey(255), []image.Rectangle{tile})
	t.Show(240*time.Millisecond, grey(252), []image.Rectangle{tile})
	t.Show(300*time.Millisecond, grey(255), []image.Rectangle{tile})
	fmt.Println(u.Legible())
	fmt.Println(u.Exact())
	// Output:
	// 40ms true
	// 100ms true
}
