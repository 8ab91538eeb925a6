package rival

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
)

// TigerVNC's JPEG does not subsample colour, image/jpeg always does, and subsampled text is
// not legible in colour. So brightness and the two colour differences go as three grey
// JPEGs, at about the same size: their heads weigh less than one in colour has, and the
// table for brightness is a little finer for the colours than their own would be.
const planes = 3

// appendJPEG appends a rectangle as planes, each with its length before it.
func appendJPEG(dst []byte, pic *image.RGBA, r image.Rectangle) ([]byte, error) {
	var plane [planes]*image.Gray
	for i := range plane {
		plane[i] = image.NewGray(image.Rectangle{Max: r.Size()})
	}
	i := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := row(pic, r, y)
		for x := 0; x < len(line); x += 4 {
			plane[0].Pix[i], plane[1].Pix[i], plane[2].Pix[i] = color.RGBToYCbCr(line[x], line[x+1], line[x+2])
			i++
		}
	}
	for _, p := range plane {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: jpegQuality}); err != nil {
			return dst, err
		}
		dst = append(appendLength(dst, b.Len()), b.Bytes()...)
	}
	return dst, nil
}

func readJPEG(r *bufio.Reader, pic *image.RGBA, at image.Rectangle) error {
	var plane [planes]*image.Gray
	for i := range plane {
		n, err := readLength(r)
		if err != nil {
			return err
		}
		var file bytes.Buffer
		if _, err := io.CopyN(&file, r, int64(n)); err != nil {
			return err
		}
		img, err := jpeg.Decode(&file)
		if err != nil {
			return fmt.Errorf("%w: %w", errTight, err)
		}
		grey, ok := img.(*image.Gray)
		if !ok || grey.Rect.Size() != at.Size() {
			return fmt.Errorf("%w: not a grey JPEG of %v", errTight, at.Size())
		}
		plane[i] = grey
	}
	w := at.Dx()
	paint(pic, at, func(i int) uint32 {
		k := i/w*plane[0].Stride + i%w
		red, green, blue := color.YCbCrToRGB(plane[0].Pix[k], plane[1].Pix[k], plane[2].Pix[k])
		return uint32(red)<<16 | uint32(green)<<8 | uint32(blue)
	})
	return nil
}
