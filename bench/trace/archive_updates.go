package trace

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
)

// updateLine is a line of updates.jsonl.
type updateLine struct {
	TMS     float64     `json:"t_ms"`
	Patches []patchLine `json:"patches"`
}

type patchLine struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	W    int    `json:"w"`
	H    int    `json:"h"`
	File string `json:"file"`
}

func (a *Archive) readUpdates() error {
	screen := image.Rectangle{Max: a.size}
	sizes := map[*zip.File]image.Point{}
	return a.lines("updates.jsonl", func(line []byte) error {
		var l updateLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		u := archived{}
		var err error
		if u.at, err = a.time(l.TMS); err != nil {
			return err
		}
		if n := len(a.updates); n > 0 && u.at < a.updates[n-1].at {
			return fmt.Errorf("time goes back to %g ms", l.TMS)
		}
		if len(l.Patches) > maxPatches {
			return fmt.Errorf("%d patches, at most %d", len(l.Patches), maxPatches)
		}
		area := 0
		for _, p := range l.Patches {
			r, err := p.rect(screen)
			if err != nil {
				return err
			}
			for _, other := range u.patches {
				if r.Overlaps(other) {
					return fmt.Errorf("patches %v and %v overlap", other, r)
				}
			}
			f := a.files[p.File]
			if f == nil {
				return fmt.Errorf("%s is missing", p.File)
			}
			if sizes[f] == (image.Point{}) {
				if sizes[f], err = patchSize(f); err != nil {
					return err
				}
			}
			if sizes[f] != r.Size() {
				return fmt.Errorf("%s: %d x %d pixels, want %d x %d", f.Name, sizes[f].X, sizes[f].Y, p.W, p.H)
			}
			area += p.W * p.H
			u.patches, u.files = append(u.patches, r), append(u.files, f)
		}
		if len(a.updates) == 0 && (u.at != 0 || area != a.size.X*a.size.Y) {
			return errors.New("the first update must be at 0 ms and cover the whole screen")
		}
		a.updates = append(a.updates, u)
		return nil
	})
}

func (p patchLine) rect(screen image.Rectangle) (image.Rectangle, error) {
	// Each side is checked before they are added, which could overflow.
	if p.X >= 0 && p.Y >= 0 && p.W >= 1 && p.H >= 1 && p.W <= screen.Max.X && p.H <= screen.Max.Y &&
		p.X <= screen.Max.X-p.W && p.Y <= screen.Max.Y-p.H {
		return image.Rect(p.X, p.Y, p.X+p.W, p.Y+p.H), nil
	}
	return image.Rectangle{}, fmt.Errorf("patch of %d x %d pixels at %d,%d is outside the screen", p.W, p.H, p.X, p.Y)
}

// patchSize reads a PNG's head.
func patchSize(f *zip.File) (image.Point, error) {
	r, err := f.Open()
	if err != nil {
		return image.Point{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	defer r.Close()
	c, err := png.DecodeConfig(r)
	if err != nil {
		return image.Point{}, fmt.Errorf("%s: not a PNG file: %w", f.Name, err)
	}
	return image.Pt(c.Width, c.Height), nil
}
