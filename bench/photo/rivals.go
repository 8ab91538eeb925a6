package photo

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Rival is another coder.
type Rival struct {
	Name     string
	programs []string
	settings []string
	code     func(ctx context.Context, dir, setting string) (size int64, img image.Image, err error)
}

// Rivals are those that are measured where their programs are installed (Debian: webp, libavif-bin).
var Rivals = []Rival{
	{"cwebp -m 4", []string{"cwebp", "dwebp"}, strings.Fields("2 10 25 45 65 80 90 96"), webpCoded},
	{"avifenc -s 6", []string{"avifenc", "avifdec"}, strings.Fields("54 48 42 36 30 24 18 12"), avifCoded},
}

// Installed tells whether the rival's programs are there.
func (r Rival) Installed() bool {
	for _, p := range r.programs {
		if _, err := exec.LookPath(p); err != nil {
			return false
		}
	}
	return true
}

// Code codes a photograph at each setting.
func (r Rival) Code(ctx context.Context, img *image.RGBA) (points []Point, err error) {
	dir, err := os.MkdirTemp("", "photo")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := writePNG(filepath.Join(dir, "in.png"), img); err != nil {
		return nil, err
	}
	for _, s := range r.settings {
		size, out, err := r.code(ctx, dir, s)
		if err != nil {
			return nil, fmt.Errorf("%s at %s: %w", r.Name, s, err)
		}
		luma, rgb := PSNR(img, flat(out))
		points = append(points, Point{8 * float64(size) / float64(img.Rect.Dx()*img.Rect.Dy()), luma, rgb})
	}
	return points, nil
}

// WebPExact is what WebP takes without loss, in bits per pixel.
func WebPExact(ctx context.Context, img *image.RGBA) (bpp float64, err error) {
	dir, err := os.MkdirTemp("", "photo")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := writePNG(filepath.Join(dir, "in.png"), img); err != nil {
		return 0, err
	}
	out := filepath.Join(dir, "out.webp")
	if err := program(ctx, "cwebp", "-quiet", "-lossless", "-m", "6", "-q", "100", filepath.Join(dir, "in.png"), "-o", out); err != nil {
		return 0, err
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return 8 * float64(info.Size()) / float64(img.Rect.Dx()*img.Rect.Dy()), nil
}

func webpCoded(ctx context.Context, dir, setting string) (int64, image.Image, error) {
	out := filepath.Join(dir, "out.webp")
	if err := program(ctx, "cwebp", "-quiet", "-m", "4", "-q", setting, filepath.Join(dir, "in.png"), "-o", out); err != nil {
		return 0, nil, err
	}
	back := filepath.Join(dir, "back.png")
	if err := program(ctx, "dwebp", "-quiet", out, "-o", back); err != nil {
		return 0, nil, err
	}
	return sizeAndPicture(out, back)
}

func sizeAndPicture(coded, decoded string) (int64, image.Image, error) {
	info, err := os.Stat(coded)
	if err != nil {
		return 0, nil, err
	}
	f, err := os.Open(decoded)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	return info.Size(), img, err
}

func avifCoded(ctx context.Context, dir, setting string) (int64, image.Image, error) {
	out, back := filepath.Join(dir, "out.avif"), filepath.Join(dir, "back.png")
	if err := program(ctx, "avifenc", "-s", "6", "-y", "420", "--min", setting, "--max", setting, filepath.Join(dir, "in.png"), out); err != nil {
		return 0, nil, err
	}
	if err := program(ctx, "avifdec", out, back); err != nil {
		return 0, nil, err
	}
	return sizeAndPicture(out, back)
}

func program(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, lastLine(string(out)))
	}
	return nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strconv.Quote(lines[len(lines)-1])
}

func writePNG(name string, img image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// flat is a picture as opaque RGBA.
func flat(img image.Image) *image.RGBA {
	m := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(m, m.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(m, m.Rect, img, img.Bounds().Min, draw.Over)
	return m
}
