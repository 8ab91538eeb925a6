package photo

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"github.com/thinpane/thinpane/bench/coding"
	"github.com/thinpane/thinpane/codec"
)

// Point is a photograph at one setting.
type Point struct {
	BPP       float64 `json:"bpp"` // bits per pixel
	Luma, RGB float64 // PSNR in dB
}

// Rates are those that pictures are compared at, in bits per pixel.
var Rates = []float64{0.15, 0.3, 0.6}

// At interpolates points at a rate, on the logarithm of rates; outside them, from the nearest two.
func At(points []Point, bpp float64) Point {
	slices.SortFunc(points, func(a, b Point) int { return int(math.Copysign(1, a.BPP-b.BPP)) })
	i := 1
	for i < len(points)-1 && points[i].BPP < bpp {
		i++
	}
	a, b := points[i-1], points[i]
	t := math.Log(bpp/a.BPP) / math.Log(b.BPP/a.BPP)
	return Point{bpp, a.Luma + t*(b.Luma-a.Luma), a.RGB + t*(b.RGB-a.RGB)}
}

// PSNR compares two pictures of one size: luma (BT.601) and the mean of R, G and B.
func PSNR(a, b *image.RGBA) (luma, rgb float64) {
	for i := 0; i < len(a.Pix); i += 4 {
		r, g, bl := float64(a.Pix[i])-float64(b.Pix[i]), float64(a.Pix[i+1])-float64(b.Pix[i+1]), float64(a.Pix[i+2])-float64(b.Pix[i+2])
		y := 0.299*r + 0.587*g + 0.114*bl
		luma += y * y
		rgb += (r*r + g*g + bl*bl) / 3
	}
	db := func(sum float64) float64 { return 10 * math.Log10(255*255*float64(len(a.Pix)/4)/max(sum, 1e-9)) }
	return db(luma), db(rgb)
}

// Sharpnesses are the settings that Ours measures.
var Sharpnesses = []codec.Sharpness{0, 15, 30, 45, 60, 75, 90, 99}

// Coded is a photograph coded by Thinpane.
type Coded struct {
	Points       []Point `json:"points"`
	Exact        float64 `json:"exact_bpp"`   // at once
	OneStep      float64 `json:"refined_bpp"` // coarsely at sharpness 30, then exactly
	EncodeMpxps  float64 `json:"encode_mpxps"`
	DecodeMpxps  float64 `json:"decode_mpxps"` // both of the coarse pass, by CPU time
	coded        int64
	encode, take time.Duration
}

var errUnequal = errors.New("the decoder's picture is not the encoder's model")

// Ours codes a photograph.
func Ours(img *image.RGBA) (c Coded, err error) {
	for _, s := range Sharpnesses {
		bits, p, err := c.pass(img, s, false)
		if err != nil {
			return c, err
		}
		luma, rgb := PSNR(img, p)
		c.Points = append(c.Points, Point{bits, luma, rgb})
	}
	c.EncodeMpxps = float64(c.coded) / 1e6 / c.encode.Seconds()
	c.DecodeMpxps = float64(c.coded) / 1e6 / c.take.Seconds()
	for s, to := range map[codec.Sharpness]*float64{codec.Exact: &c.Exact, 30: &c.OneStep} {
		bits, p, err := new(Coded).pass(img, s, true)
		if err != nil {
			return c, err
		}
		if luma, _ := PSNR(img, p); luma < 100 {
			return c, fmt.Errorf("the picture is not exact at the end: %.1f dB", luma)
		}
		*to = bits
	}
	return c, nil
}

// pass sends a whole picture to a new viewer and gives bits per pixel and what that sees.
func (c *Coded) pass(img *image.RGBA, s codec.Sharpness, refine bool) (bpp float64, seen *image.RGBA, err error) {
	screen := codec.NewScreen(codec.ScreenConfig{})
	if _, err := screen.Update(codec.PictureOf(img), codec.Hints{}); err != nil {
		return 0, nil, err
	}
	enc, err := codec.NewEncoder(screen, codec.EncoderConfig{})
	if err != nil {
		return 0, nil, err
	}
	var objects [][]byte
	bytes := 0
	watch := coding.NewStopwatch()
	defer watch.Release()
	watch.Start()
	for {
		obj, o := enc.Append(nil, codec.Limits{Bytes: 1150, Sharpness: s, Refine: refine})
		if o.State == 0 {
			break
		}
		objects = append(objects, obj)
		bytes += len(obj)
	}
	c.encode += watch.Stop()
	dec := codec.NewDecoder(codec.DecoderConfig{})
	watch.Start()
	for _, obj := range objects {
		if _, err := dec.Decode(obj); err != nil {
			return 0, nil, err
		}
	}
	c.take += watch.Stop()
	pixels := img.Rect.Dx() * img.Rect.Dy()
	c.coded += int64(pixels)
	seen = dec.Picture().Image()
	if !slices.Equal(seen.Pix, enc.Picture().Image().Pix) {
		return 0, nil, errUnequal
	}
	return 8 * float64(bytes) / float64(pixels), seen, nil
}
