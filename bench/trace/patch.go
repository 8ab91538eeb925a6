package trace

import (
	"archive/zip"
	"fmt"
	"image"
	"image/draw"
	"image/png"
)

// drawPatch decodes a PNG into its rectangle of pic. Its size was checked with its head.
func drawPatch(pic *image.RGBA, at image.Rectangle, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	defer r.Close()
	img, err := png.Decode(r)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		return fmt.Errorf("%s: not opaque", f.Name)
	}
	switch img := img.(type) {
	case *image.RGBA: // 8-bit RGB
		copyRows(pic, at, img.Pix, img.Stride)
	case *image.NRGBA:
		copyRows(pic, at, img.Pix, img.Stride)
	case *image.Paletted:
		drawPaletted(pic, at, img)
	default:
		draw.Draw(pic, at, img, img.Bounds().Min, draw.Src)
	}
	return nil
}

func copyRows(pic *image.RGBA, at image.Rectangle, pix []byte, stride int) {
	for y := range at.Dy() {
		copy(pic.Pix[pic.PixOffset(at.Min.X, at.Min.Y+y):][:4*at.Dx()], pix[y*stride:])
	}
}

func drawPaletted(pic *image.RGBA, at image.Rectangle, img *image.Paletted) {
	var colours [256][4]byte
	for i, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		colours[i] = [4]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), 255}
	}
	for y := range at.Dy() {
		row := pic.Pix[pic.PixOffset(at.Min.X, at.Min.Y+y):]
		for x, i := range img.Pix[y*img.Stride:][:at.Dx()] {
			copy(row[4*x:], colours[i][:])
		}
	}
}
