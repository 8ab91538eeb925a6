package codec_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/thinpane/thinpane/codec"
)

// A host's screen reaches a viewer in objects of at most 500 bytes.
func Example() {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(40, 40, 90, 80), image.NewUniform(color.RGBA{200, 30, 30, 255}), image.Point{}, draw.Src)

	screen := codec.NewScreen(codec.ScreenConfig{})
	encoder, err := codec.NewEncoder(screen, codec.EncoderConfig{})
	if err != nil {
		panic(err)
	}
	viewer := codec.NewDecoder(codec.DecoderConfig{})

	if _, err := screen.Update(codec.PictureOf(img), codec.Hints{}); err != nil {
		panic(err)
	}
	for {
		object, o := encoder.Append(nil, codec.Limits{Bytes: 500, Sharpness: 50, Refine: true})
		if o.State == 0 {
			break // the viewer's picture is the screen's
		}
		if _, err := viewer.Decode(object); err != nil {
			panic(err)
		}
	}
	fmt.Println(viewer.Picture().Size, viewer.Picture().Image().At(50, 50))
	// Output: (320,200) {200 30 30 255}
}
