package x11

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFewRectanglesStayAsTheyAre(t *testing.T) {
	list := []image.Rectangle{image.Rect(0, 0, 10, 10), image.Rect(90, 90, 120, 120), image.Rect(200, 0, 210, 10)}
	require.Equal(t, []image.Rectangle{image.Rect(0, 0, 10, 10), image.Rect(90, 90, 100, 100)}, simplify(list, image.Pt(100, 100)))
	require.Empty(t, simplify(nil, image.Pt(100, 100)))
}

func TestManyRectanglesAreJoinedAndCoverTheSame(t *testing.T) {
	var list []image.Rectangle
	for y := 0; y < 1000; y += 10 {
		list = append(list, image.Rect(y%70, y, y%70+5, y+3))
	}
	few := simplify(list, image.Pt(1000, 1000))
	require.Len(t, few, 50)
	for _, r := range list {
		covered := false
		for _, f := range few {
			covered = covered || r.In(f)
		}
		require.True(t, covered, "%v", r)
	}
}

func TestRectanglesThatAreTheWholeScreenAreOne(t *testing.T) {
	all := image.Rect(0, 0, 100, 100)
	require.Equal(t, []image.Rectangle{all}, simplify([]image.Rectangle{image.Rect(0, 0, 100, 50), image.Rect(0, 50, 100, 100)}, all.Max))
	var crossing []image.Rectangle // joined, they overlap: more than the screen
	for i := range 2 * maxRectangles {
		crossing = append(crossing, image.Rect(i%2*99, i/2, i%2*99+1, i/2+90))
	}
	require.Equal(t, []image.Rectangle{all}, simplify(crossing, all.Max))
}
