package trace_test

import (
	"fmt"
	"image"
	"image/color"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
)

// A scene of two seconds is drawn, and its second half played.
func Example() {
	dot := func(x int) func(*image.RGBA) []image.Rectangle {
		return func(pic *image.RGBA) []image.Rectangle {
			pic.Set(x, 0, color.White)
			return []image.Rectangle{image.Rect(x, 0, x+1, 1)}
		}
	}
	scene := &trace.Drawn{
		Title: "dots", Screen: image.Pt(4, 1), Length: 2 * time.Second,
		Steps: []trace.Step{{At: 0, Draw: dot(0)}, {At: 500 * time.Millisecond, Draw: dot(1)}, {At: 1500 * time.Millisecond, Draw: dot(2)}},
	}
	for u, err := range trace.Cut(scene, time.Second, 0).Updates() {
		if err != nil {
			panic(err)
		}
		fmt.Println(u.At, u.Patches, u.Picture.Pix[:16:16])
	}
	// Output:
	// 0s [(0,0)-(4,1)] [255 255 255 255 255 255 255 255 0 0 0 255 0 0 0 255]
	// 500ms [(2,0)-(3,1)] [255 255 255 255 255 255 255 255 255 255 255 255 0 0 0 255]
}
