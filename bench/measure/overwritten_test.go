package measure_test

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/measure"
)

func TestOverwrittenIsWhatTheSourceChangesWithinASecond(t *testing.T) {
	tile := func(x int) []image.Rectangle { return []image.Rectangle{image.Rect(16*x+3, 2, 16*x+5, 9)} }
	const s = time.Second
	o := measure.NewOverwritten(image.Pt(60, 20))
	o.Show(s, 300, []image.Rectangle{image.Rect(0, 0, 48, 16)}) // three tiles
	o.Change(s+300*time.Millisecond, tile(0))
	require.Equal(t, 100, o.Bytes())
	o.Change(s+400*time.Millisecond, tile(0))
	require.Equal(t, 100, o.Bytes(), "the same bytes are lost once")
	o.Change(s+1100*time.Millisecond, tile(1))
	require.Equal(t, 100, o.Bytes(), "the user had a second to see it")
	o.Show(s+1500*time.Millisecond, 40, tile(2))
	o.Change(s+1600*time.Millisecond, tile(2))
	require.Equal(t, 140, o.Bytes(), "what came first has been seen for longer")
	o.Show(3*s, 50, tile(3))
	o.Change(3*s, []image.Rectangle{image.Rect(-9, -9, 900, 900)})
	require.Equal(t, 190, o.Bytes(), "the last column is narrower")
}
