package trace

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"iter"
	"math"
	"os"
	"time"
)

const format = "thinpane-trace/1"

// Limits of what an archive may hold: a day at fifty updates a second.
const (
	maxDuration = 24 * time.Hour
	maxUpdates  = 50 * 86400
	maxPatches  = 1024    // of an update
	maxLine     = 1 << 20 // bytes of a line of updates.jsonl or inputs.jsonl
)

// Archive is an open recording of the format thinpane-trace/1. It keeps the file open and
// decodes patches as they are played.
type Archive struct {
	about    string
	name     string
	size     image.Point
	duration time.Duration
	updates  []archived
	inputs   []Input

	file  *os.File // nil where Read was given something else
	files map[string]*zip.File
}

type archived struct {
	at      time.Duration
	patches []image.Rectangle
	files   []*zip.File // of each patch
}

// Open opens the archive at path and checks it: all but the patches' pixels, of which a
// broken one is an error of Updates. An error is one sentence that names the file, the
// part and the line.
func Open(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err // names the path
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a file", path)
	}
	var a *Archive
	if err == nil {
		a, err = Read(f, info.Size(), path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	a.file = f
	return a, nil
}

// Read is Open for an archive that is not a file of its own. Errors call it by the name;
// Close leaves r open.
func Read(r io.ReaderAt, size int64, name string) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat):
		return nil, fmt.Errorf("%s: not a zip archive", name)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	a := &Archive{files: map[string]*zip.File{}}
	for _, f := range z.File {
		a.files[f.Name] = f
	}
	for _, read := range []func() error{a.readHead, a.readUpdates, a.readInputs} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return a, nil
}

// Close closes the file. Nothing may be played any more.
func (a *Archive) Close() error {
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}

// Name implements Recording.
func (a *Archive) Name() string { return a.name }

// Size implements Recording.
func (a *Archive) Size() image.Point { return a.size }

// Duration implements Recording.
func (a *Archive) Duration() time.Duration { return a.duration }

// Inputs implements Recording.
func (a *Archive) Inputs() []Input { return a.inputs }

// About is what the recording shows, in a sentence.
func (a *Archive) About() string { return a.about }

// Updates implements Recording.
func (a *Archive) Updates() iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		pic := image.NewRGBA(image.Rectangle{Max: a.size})
		for _, u := range a.updates {
			for i, f := range u.files {
				if err := drawPatch(pic, u.patches[i], f); err != nil {
					yield(Update{}, fmt.Errorf("%s: %w", a.name, err))
					return
				}
			}
			if !yield(Update{At: u.at, Patches: u.patches, Picture: pic}, nil) {
				return
			}
		}
	}
}

// head is trace.json.
type head struct {
	Format     string  `json:"format"`
	Name       string  `json:"name"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	DurationMS float64 `json:"duration_ms"`
	Updates    int     `json:"updates"`
	About      string  `json:"about"`
}

func (a *Archive) readHead() error {
	r, err := a.open("trace.json")
	if err != nil {
		return err
	}
	defer r.Close()
	var h head
	if err := json.NewDecoder(io.LimitReader(r, maxLine)).Decode(&h); err != nil {
		return fmt.Errorf("trace.json: %w", err)
	}
	switch {
	case h.Format != format:
		return fmt.Errorf("trace.json: format %q, want %q", h.Format, format)
	case h.Width < 1 || h.Height < 1 || h.Width > MaxSide || h.Height > MaxSide:
		return fmt.Errorf("trace.json: size %d x %d, want 1 x 1 to %d x %d", h.Width, h.Height, MaxSide, MaxSide)
	case h.DurationMS < 0 || h.DurationMS > float64(maxDuration.Milliseconds()):
		return fmt.Errorf("trace.json: duration_ms %g, want 0 to %d", h.DurationMS, maxDuration.Milliseconds())
	case h.Updates < 1 || h.Updates > maxUpdates:
		return fmt.Errorf("trace.json: %d updates, want 1 to %d", h.Updates, maxUpdates)
	}
	a.name, a.about = h.Name, h.About
	a.size = image.Pt(h.Width, h.Height)
	a.duration = milliseconds(h.DurationMS)
	a.updates = make([]archived, 0, min(h.Updates, 1<<16))
	return a.readCount(h.Updates)
}

// readCount checks the number of updates before any is believed.
func (a *Archive) readCount(want int) error {
	got := 0
	err := a.lines("updates.jsonl", func([]byte) error { got++; return nil })
	if err == nil && got != want {
		err = fmt.Errorf("updates.jsonl: %d updates, trace.json says %d", got, want)
	}
	return err
}

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

// inputLine is a line of inputs.jsonl.
type inputLine struct {
	TMS    float64   `json:"t_ms"`
	Kind   InputKind `json:"kind"`
	Keysym string    `json:"keysym,omitempty"`
	X      *int      `json:"x,omitempty"`
	Y      *int      `json:"y,omitempty"`
	Button int       `json:"button,omitempty"`
	Down   *bool     `json:"down,omitempty"`
	DX     int       `json:"dx,omitempty"`
	DY     int       `json:"dy,omitempty"`
}

func (a *Archive) readInputs() error {
	return a.lines("inputs.jsonl", func(line []byte) error {
		var l inputLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		at, err := a.time(l.TMS)
		if err != nil {
			return err
		}
		if n := len(a.inputs); n > 0 && at < a.inputs[n-1].At {
			return fmt.Errorf("time goes back to %g ms", l.TMS)
		}
		in := Input{At: at, Kind: l.Kind}
		switch {
		case l.Kind == Key && l.Keysym != "":
			in.Keysym = l.Keysym
		case l.Kind == Pointer && l.X != nil && l.Y != nil:
			in.X, in.Y = *l.X, *l.Y
		case l.Kind == Button && l.Button >= 1 && l.Button <= 255 && l.Down != nil:
			in.Button, in.Down = l.Button, *l.Down
		case l.Kind == Wheel:
			in.DX, in.DY = l.DX, l.DY
		default:
			return errors.New("neither a key with its keysym, a pointer with x and y, a button with button and down, nor a wheel")
		}
		if len(a.inputs) == maxUpdates {
			return fmt.Errorf("more than %d inputs", maxUpdates)
		}
		a.inputs = append(a.inputs, in)
		return nil
	})
}

// time checks a t_ms. The duration is stretched to the last of them.
func (a *Archive) time(ms float64) (time.Duration, error) {
	if ms < 0 || ms > float64(maxDuration.Milliseconds()) {
		return 0, fmt.Errorf("t_ms %g, want 0 to %d", ms, maxDuration.Milliseconds())
	}
	at := milliseconds(ms)
	a.duration = max(a.duration, at)
	return at, nil
}

func (a *Archive) open(name string) (io.ReadCloser, error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// lines calls f for each line of a file; errors get its name and the line's number.
func (a *Archive) lines(name string, f func(line []byte) error) error {
	r, err := a.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	n := 0
	for s.Scan() {
		n++
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		if err := f(s.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	return nil
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

func milliseconds(ms float64) time.Duration {
	return time.Duration(math.Round(ms * float64(time.Millisecond)))
}
