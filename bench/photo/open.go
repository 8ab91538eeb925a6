package photo

import (
	"fmt"
	"image"
	_ "image/jpeg" // registers the format
	_ "image/png"  // likewise
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // likewise
)

// Size is what photographs are scaled and cut to, in pixels.
var Size = image.Pt(800, 500)

// Open reads a photograph (JPEG, PNG or WebP), scaled and cut to Size.
func Open(name string) (*image.RGBA, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	// the largest part in the middle that has Size's proportions
	b := img.Bounds()
	w, h := b.Dx(), b.Dx()*Size.Y/Size.X
	if h > b.Dy() {
		w, h = b.Dy()*Size.X/Size.Y, b.Dy()
	}
	if w == 0 || h == 0 {
		return nil, fmt.Errorf("%s: %v is too small to be cut to %v", name, b.Size(), Size)
	}
	from := image.Rectangle{Max: image.Pt(w, h)}.Add(b.Min).Add(image.Pt((b.Dx()-w)/2, (b.Dy()-h)/2))
	m := image.NewRGBA(image.Rectangle{Max: Size})
	draw.CatmullRom.Scale(m, m.Rect, img, from, draw.Src, nil)
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m, nil
}

// debian has the photographs of Debian's package mate-backgrounds that coders are compared on.
const debian = "/usr/share/backgrounds/mate/nature"

// Files lists the photographs of a folder, or one file; "" stands for Debian's.
func Files(name string) ([]string, error) {
	if name == "" {
		var all []string
		for _, n := range strings.Fields("Blinds Dune Garden GreenMeadow LadyBird RainDrops Storm TwoWings") {
			all = append(all, filepath.Join(debian, n+".jpg"))
		}
		if _, err := os.Stat(all[0]); err != nil {
			return nil, fmt.Errorf("there are no photographs in %s: install Debian's mate-backgrounds, or name files or a folder", debian)
		}
		return all, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var all []string
	for _, kind := range []string{"jpg", "jpeg", "png", "webp"} {
		found, err := filepath.Glob(filepath.Join(name, "*."+kind))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no photographs (.jpg, .png, .webp) in %s", name)
	}
	return all, nil
}
