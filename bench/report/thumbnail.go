package report

import (
	"bytes"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// Of a filmstrip's pictures. At 800 pixels a letter of a usual desktop can still be read.
const (
	thumbnailWidth   = 800
	thumbnailQuality = 72
)

// Thumbnail makes a picture small enough for a filmstrip, as JPEG.
func Thumbnail(pic image.Image) ([]byte, error) {
	b := pic.Bounds()
	if b.Dx() > thumbnailWidth {
		small := image.NewRGBA(image.Rect(0, 0, thumbnailWidth, max(1, b.Dy()*thumbnailWidth/b.Dx())))
		draw.ApproxBiLinear.Scale(small, small.Rect, pic, b, draw.Src, nil)
		pic = small
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, pic, &jpeg.Options{Quality: thumbnailQuality})
	return out.Bytes(), err
}
