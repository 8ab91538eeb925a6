package trace

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
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

func milliseconds(ms float64) time.Duration {
	return time.Duration(math.Round(ms * float64(time.Millisecond)))
}
