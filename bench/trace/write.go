package trace

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"time"
)

// Write plays r and writes it to w in the format thinpane-trace/1, to keep a cut or a
// generated scene as a file. Equal patches are stored once.
func Write(w io.Writer, r Recording, about string) error {
	a := writer{zip: zip.NewWriter(w), files: map[[32]byte]string{}}
	for u, err := range r.Updates() {
		if err != nil {
			return err
		}
		if err := a.update(u); err != nil {
			return err
		}
	}
	for _, in := range r.Inputs() {
		a.inputs.line(lineOf(in))
	}
	h := head{format, r.Name(), r.Size().X, r.Size().Y, inMilliseconds(r.Duration()), a.count, about}
	var first text
	first.line(h)
	for _, f := range []struct {
		name string
		text text
	}{{"trace.json", first}, {"updates.jsonl", a.updates}, {"inputs.jsonl", a.inputs}} {
		if err := a.store(f.name, zip.Deflate, f.text.Bytes()); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

type writer struct {
	zip             *zip.Writer
	files           map[[32]byte]string // names by the file's hash
	updates, inputs text
	count           int
}

func (a *writer) update(u Update) error {
	l := updateLine{TMS: inMilliseconds(u.At), Patches: []patchLine{}}
	for i, p := range u.Patches {
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		if err := enc.Encode(&b, u.Picture.SubImage(p)); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		name, known := a.files[sum]
		if !known {
			name = fmt.Sprintf("p/%06d-%d.png", a.count, i)
			a.files[sum] = name
			if err := a.store(name, zip.Store, b.Bytes()); err != nil {
				return err
			}
		}
		l.Patches = append(l.Patches, patchLine{p.Min.X, p.Min.Y, p.Dx(), p.Dy(), name})
	}
	a.count++
	a.updates.line(l)
	return nil
}

func (a *writer) store(name string, method uint16, b []byte) error {
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

func lineOf(in Input) inputLine {
	l := inputLine{TMS: inMilliseconds(in.At), Kind: in.Kind, Keysym: in.Keysym, Button: in.Button, DX: in.DX, DY: in.DY}
	switch in.Kind {
	case Pointer:
		l.X, l.Y = &in.X, &in.Y
	case Button:
		l.Down = &in.Down
	}
	return l
}

// text is a file of JSON lines.
type text struct{ bytes.Buffer }

func (t *text) line(v any) {
	if err := json.NewEncoder(t).Encode(v); err != nil {
		panic(err) // plain structs of numbers and strings
	}
}

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
