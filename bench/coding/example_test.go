package coding_test

import (
	"fmt"
	"image"
	"time"

	"github.com/thinpane/thinpane/bench/coding"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
)

// A black screen on which nothing happens but an update that changes nothing.
func Example() {
	nothing := func(*image.RGBA) []image.Rectangle { return []image.Rectangle{image.Rect(0, 0, 640, 480)} }
	still := &trace.Drawn{
		Title: "still", Screen: image.Pt(640, 480), Length: time.Second,
		Steps: []trace.Step{{Draw: nothing}, {At: 500 * time.Millisecond, Draw: nothing}},
	}
	c, err := coding.Exactly(still, codec.Strong, true)
	fmt.Println(c.First < 1000, c.Updates, c.Exact, err)
	// Output: true [0] true <nil>
}
