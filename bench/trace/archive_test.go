package trace

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	goodHead    = `{"format":"thinpane-trace/1","name":"small","width":20,"height":10,"duration_ms":900,"updates":3,"about":"two dots"}`
	goodUpdates = `{"t_ms":0,"patches":[{"x":0,"y":0,"w":20,"h":10,"file":"p/0.png"}]}
{"t_ms":100,"patches":[{"x":3,"y":2,"w":4,"h":2,"file":"p/1.png"}]}
{"t_ms":250.5,"patches":[{"x":0,"y":0,"w":4,"h":2,"file":"p/1.png"},{"x":16,"y":8,"w":4,"h":2,"file":"p/1.png"}]}
`
	goodInputs = `{"t_ms":90,"kind":"key","keysym":"ctrl+a"}
{"t_ms":91,"kind":"pointer","x":0,"y":7}
{"t_ms":92,"kind":"button","button":1,"down":false}
{"t_ms":300,"kind":"wheel","dy":-1}
`
)

// good is a small archive, by file.
func good(t *testing.T) map[string]string {
	return map[string]string{
		"trace.json": goodHead, "updates.jsonl": goodUpdates, "inputs.jsonl": goodInputs,
		"p/0.png": pngOf(t, plain(20, 10, color.RGBA{10, 20, 30, 255})),
		"p/1.png": pngOf(t, plain(4, 2, color.RGBA{200, 100, 50, 255})),
	}
}

func plain(w, h int, c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func pngOf(t *testing.T, img image.Image) string {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.String()
}

func store(t *testing.T, files map[string]string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), "small.trace.zip")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
	return path
}

func open(t *testing.T, files map[string]string) *Archive {
	a, err := Open(store(t, files))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// played is what a recording shows, with pictures kept.
func played(t *testing.T, r Recording) []Update {
	var all []Update
	for u, err := range r.Updates() {
		require.NoError(t, err)
		pic := image.NewRGBA(u.Picture.Rect)
		copy(pic.Pix, u.Picture.Pix)
		u.Picture = pic
		all = append(all, u)
	}
	return all
}

func TestArchiveIsPlayedAsItWasRecorded(t *testing.T) {
	a := open(t, good(t))
	require.Equal(t, "small", a.Name())
	require.Equal(t, "two dots", a.About())
	require.Equal(t, image.Pt(20, 10), a.Size())
	require.Equal(t, 900*time.Millisecond, a.Duration())
	require.Equal(t, []Input{
		{At: 90 * time.Millisecond, Kind: Key, Keysym: "ctrl+a"},
		{At: 91 * time.Millisecond, Kind: Pointer, Y: 7},
		{At: 92 * time.Millisecond, Kind: Button, Button: 1},
		{At: 300 * time.Millisecond, Kind: Wheel, DY: -1},
	}, a.Inputs())

	for range 2 { // it can be played again
		u := played(t, a)
		require.Len(t, u, 3)
		require.Equal(t, []image.Rectangle{image.Rect(0, 0, 20, 10)}, u[0].Patches)
		require.Equal(t, 250500*time.Microsecond, u[2].At)
		require.Equal(t, []image.Rectangle{image.Rect(0, 0, 4, 2), image.Rect(16, 8, 20, 10)}, u[2].Patches)
		ground, dot := color.RGBA{10, 20, 30, 255}, color.RGBA{200, 100, 50, 255}
		require.Equal(t, ground, u[0].Picture.RGBAAt(3, 2))
		require.Equal(t, dot, u[1].Picture.RGBAAt(3, 2))
		require.Equal(t, dot, u[1].Picture.RGBAAt(6, 3))
		require.Equal(t, ground, u[1].Picture.RGBAAt(7, 3))
		require.Equal(t, dot, u[2].Picture.RGBAAt(19, 9))
	}
}

func TestArchiveInMemoryIsReadLikeAFile(t *testing.T) {
	b, err := os.ReadFile(store(t, good(t)))
	require.NoError(t, err)
	a, err := Read(bytes.NewReader(b), int64(len(b)), "built in")
	require.NoError(t, err)
	require.Equal(t, played(t, open(t, good(t))), played(t, a))
	require.NoError(t, a.Close())
	_, err = Read(bytes.NewReader(b[:99]), 99, "built in")
	require.EqualError(t, err, "built in: not a zip archive")
}

func TestBrokenArchiveIsRefusedWithItsDefect(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new, want string
	}{
		{"no head", "trace.json", "", "", "trace.json is missing"},
		{"no updates", "updates.jsonl", "", "", "updates.jsonl is missing"},
		{"no inputs", "inputs.jsonl", "", "", "inputs.jsonl is missing"},
		{"no patch", "p/1.png", "", "", "updates.jsonl:2: p/1.png is missing"},
		{"head is no JSON", "trace.json", `{"format"`, `"format"`, "trace.json: "},
		{"another format", "trace.json", "trace/1", "trace/2", `trace.json: format "thinpane-trace/2", want "thinpane-trace/1"`},
		{"too wide", "trace.json", `"width":20`, `"width":8193`, "trace.json: size 8193 x 10, want 1 x 1 to 8192 x 8192"},
		{"too high", "trace.json", `"height":10`, `"height":9999999999`, "trace.json: size 20 x 9999999999"},
		{"no width", "trace.json", `"width":20,`, ``, "trace.json: size 0 x 10"},
		{"negative duration", "trace.json", `:900`, `:-1`, "trace.json: duration_ms -1"},
		{"endless duration", "trace.json", `:900`, `:1e18`, "trace.json: duration_ms 1e+18"},
		{"an update too few", "trace.json", `"updates":3`, `"updates":4`, "updates.jsonl: 3 updates, trace.json says 4"},
		{"no number of updates", "trace.json", `"updates":3`, `"updates":0`, "trace.json: 0 updates"},
		{"update is no JSON", "updates.jsonl", `{"t_ms":100`, `{"t_ms":100,,`, "updates.jsonl:2: "},
		{"time goes back", "updates.jsonl", `"t_ms":100`, `"t_ms":300`, "updates.jsonl:3: time goes back to 250.5 ms"},
		{"negative time", "updates.jsonl", `"t_ms":100`, `"t_ms":-5`, "updates.jsonl:2: t_ms -5"},
		{"late first update", "updates.jsonl", `"t_ms":0,`, `"t_ms":1,`, "updates.jsonl:1: the first update must be at 0 ms and cover the whole screen"},
		{"small first update", "updates.jsonl", `"w":20,"h":10,"file":"p/0.png"`, `"w":4,"h":2,"file":"p/1.png"`, "updates.jsonl:1: the first update must be at 0 ms and cover the whole screen"},
		{"patch left of the screen", "updates.jsonl", `"x":3`, `"x":-1`, "updates.jsonl:2: patch of 4 x 2 pixels at -1,2 is outside the screen"},
		{"patch below the screen", "updates.jsonl", `"y":2,`, `"y":9,`, "updates.jsonl:2: patch of 4 x 2 pixels at 3,9 is outside the screen"},
		{"patch that overflows", "updates.jsonl", `"x":3`, `"x":9223372036854775807`, "is outside the screen"},
		{"empty patch", "updates.jsonl", `"y":2,"w":4`, `"y":2,"w":0`, "updates.jsonl:2: patch of 0 x 2 pixels"},
		{"patches overlap", "updates.jsonl", `"x":16,"y":8`, `"x":3,"y":1`, "updates.jsonl:3: patches (0,0)-(4,2) and (3,1)-(7,3) overlap"},
		{"PNG of another size", "updates.jsonl", `"y":2,"w":4`, `"y":2,"w":3`, "updates.jsonl:2: p/1.png: 4 x 2 pixels, want 3 x 2"},
		{"no PNG", "p/1.png", "PNG", "GIF", "updates.jsonl:2: p/1.png: not a PNG file"},
		{"endless line", "updates.jsonl", `{"t_ms":100`, strings.Repeat(" ", maxLine) + `{"t_ms":100`, "updates.jsonl:2: "},
		{"input time goes back", "inputs.jsonl", `"t_ms":91`, `"t_ms":1`, "inputs.jsonl:2: time goes back to 1 ms"},
		{"input of no kind", "inputs.jsonl", `"pointer"`, `"gaze"`, "inputs.jsonl:2: neither a key"},
		{"key without keysym", "inputs.jsonl", `"keysym"`, `"keysum"`, "inputs.jsonl:1: neither a key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(good(t))
			if c.old == "" {
				delete(files, c.file)
			} else {
				require.Contains(t, files[c.file], c.old)
				files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			}
			path := store(t, files)
			_, err := Open(path)
			require.ErrorContains(t, err, path+": ")
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestWhatIsNoArchiveIsRefused(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none.trace.zip"))
	require.ErrorIs(t, err, os.ErrNotExist)
	path := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(path, []byte("no zip"), 0o600))
	_, err = Open(path)
	require.EqualError(t, err, path+": not a zip archive")
	folder := t.TempDir()
	_, err = Open(folder)
	require.EqualError(t, err, folder+": not a file")
}

func TestBrokenPixelsEndThePlay(t *testing.T) {
	clear := plain(4, 2, color.RGBA{200, 100, 50, 255})
	clear.Pix[3] = 0
	for _, c := range []struct{ name, png, want string }{
		{"cut short", pngOf(t, plain(4, 2, color.RGBA{A: 255}))[:50], "small: p/1.png: "},
		{"transparent", pngOf(t, clear), "small: p/1.png: not opaque"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := good(t)
			files["p/1.png"] = c.png
			seen := 0
			var last error
			for _, err := range open(t, files).Updates() {
				seen, last = seen+1, err
			}
			require.Equal(t, 2, seen)
			require.ErrorContains(t, last, c.want)
		})
	}
}

func TestEveryKindOfPNGGivesTheSamePixels(t *testing.T) {
	grey := plain(4, 2, color.RGBA{7, 7, 7, 255})
	want := color.RGBA{7, 7, 7, 255}
	paletted := image.NewPaletted(grey.Rect, color.Palette{color.Black, want})
	nrgba, luma, deep := image.NewNRGBA(grey.Rect), image.NewGray(grey.Rect), image.NewRGBA64(grey.Rect)
	for y := range 2 {
		for x := range 4 {
			paletted.Set(x, y, want)
			nrgba.Set(x, y, want)
			luma.Set(x, y, want)
			deep.Set(x, y, want)
		}
	}
	for _, img := range []image.Image{grey, paletted, nrgba, luma, deep} {
		files := good(t)
		files["p/1.png"] = pngOf(t, img)
		u := played(t, open(t, files))
		require.Equal(t, want, u[1].Picture.RGBAAt(3, 2), "%T", img)
		require.Equal(t, want, u[1].Picture.RGBAAt(6, 3), "%T", img)
		require.Equal(t, color.RGBA{10, 20, 30, 255}, u[1].Picture.RGBAAt(7, 3), "%T", img)
	}
}
