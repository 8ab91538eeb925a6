package codec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWorkAddsUp(t *testing.T) {
	w := Work{Scanned: 1000, Copied: 100, Exact: 10, Strong: 5, Photo: 2, Coarse: 1, Sought: 3}
	require.Equal(t, Work{2000, 200, 20, 10, 4, 2, 6}, w.Add(w))
	require.Equal(t, int64(1000*2+100*3+10*220+5*600+2*900+60+3*260), w.Cost())
	require.Zero(t, Work{}.Cost())
	day := Work{Exact: 1 << 40}
	require.Equal(t, int64(220<<41), day.Add(day).Cost(), "no sum wraps, however wide an int is")
}
