package trace

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrittenRecordingIsTheSameOne(t *testing.T) {
	for _, r := range []Recording{ticks(), Cut(ticks(), 250*ms, 300*ms), open(t, good(t))} {
		path := filepath.Join(t.TempDir(), "written.trace.zip")
		var b bytes.Buffer
		require.NoError(t, Write(&b, r, "once more"))
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
		a, err := Open(path)
		require.NoError(t, err)
		defer a.Close()
		require.Equal(t, r.Name(), a.Name())
		require.Equal(t, "once more", a.About())
		require.Equal(t, r.Size(), a.Size())
		require.Equal(t, r.Duration(), a.Duration())
		require.Equal(t, r.Inputs(), a.Inputs())
		require.Equal(t, played(t, r), played(t, a))
	}
}

func TestEqualPatchesAreStoredOnce(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Write(&b, ticks(), ""))
	require.Equal(t, 2, bytes.Count(b.Bytes(), []byte("IHDR"))) // the screen and one white pixel
}

func TestBrokenRecordingIsNotWritten(t *testing.T) {
	files := good(t)
	files["p/1.png"] = files["p/1.png"][:50]
	require.Error(t, Write(&bytes.Buffer{}, open(t, files), ""))
}
