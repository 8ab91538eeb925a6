package web_test

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

// played is 20 s of a recording as a Source, as fast as the viewer takes it; it rests at the last picture.
func played(recording trace.Recording, last chan<- *image.RGBA) session.SourceFunc {
	return func(ctx context.Context, s *session.Screen) error {
		pic := &image.RGBA{}
		for u, err := range trace.Cut(recording, 0, 20*time.Second).Updates() {
			if err != nil {
				return err
			}
			if err := s.Wanted(ctx); err != nil {
				return err
			}
			if err := s.Update(codec.PictureOf(u.Picture), codec.Hints{Damage: u.Patches}); err != nil {
				return err
			}
			pic.Pix, pic.Stride, pic.Rect = append(pic.Pix[:0], u.Picture.Pix...), u.Picture.Stride, u.Picture.Rect
		}
		last <- pic
		<-ctx.Done()
		return ctx.Err()
	}
}

// TestRecordingsOfRealDesktopsArriveExactly plays the repository's recordings, or those of the folder that
// $THINPANE_CORPUS names.
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
			recording, err := trace.Open(name)
			require.NoError(t, err)
			t.Cleanup(func() { recording.Close() }) // after the host, which plays it
			last := make(chan *image.RGBA, 1)
			p := openTab(t, openDesk(t, played(recording, last)).server.URL+"/own")
			p.until(`document.title === "Own"`)
			p.eval(`import("/thinpane.js").then((m) => m.connect(document.body, { url: "/", token: "secret" })).then((v) => { window.viewer = v; })`, nil)
			select {
			case want := <-last:
				p.shows(want)
			case <-time.After(5 * time.Minute):
				t.Fatal("the recording was never through")
			}
			var stats struct{ CodedPixels, DecodeMs float64 }
			p.eval(`viewer.stats()`, &stats)
			t.Logf("%.1f million pixels decoded in %.0f ms: %.1f Mpx/s", stats.CodedPixels/1e6, stats.DecodeMs, stats.CodedPixels/stats.DecodeMs/1000)
			p.screenshot(filepath.Base(name))
		})
	}
}
