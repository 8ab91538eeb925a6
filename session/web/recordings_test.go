package web_test

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
)

// playedPart is how much of each recording is played.
const playedPart = 20 * time.Second

// lastPicture is what a recording's part ends with.
func lastPicture(t *testing.T, name string) *image.RGBA {
	recording, err := trace.Open(name)
	require.NoError(t, err)
	defer recording.Close()
	pic := &image.RGBA{}
	for u, err := range trace.Cut(recording, 0, playedPart).Updates() {
		require.NoError(t, err)
		pic.Pix, pic.Stride, pic.Rect = append(pic.Pix[:0], u.Picture.Pix...), u.Picture.Stride, u.Picture.Rect
	}
	return pic
}

// TestRecordingsOfRealDesktopsArriveExactly lets examples/host play the repository's recordings, or those of the folder
// that $THINPANE_CORPUS names.
func TestRecordingsOfRealDesktopsArriveExactly(t *testing.T) {
	dir := os.Getenv("THINPANE_CORPUS")
	if dir == "" {
		dir = "../../bench/testdata"
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.trace.zip"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			if testing.Short() {
				t.Skip("a browser takes long")
			}
			want := lastPicture(t, name)
			p := openTab(t, example(t, "host", "Open in a browser: ", "-trace", name, "-once", "-first", playedPart.String()))
			p.shows(want)
			p.screenshot(filepath.Base(name))
		})
	}
}
