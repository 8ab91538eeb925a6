package measure

import (
	"image"
	"image/color"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ms = time.Millisecond

// row is a source and a user, each with a row of tiles, and their tracker.
type row struct {
	*Tracker
	source, user *image.RGBA
	first        *Update
}

// newRow starts black and shown.
func newRow(tiles int) *row {
	size := image.Pt(tiles*TileSize, TileSize)
	r := &row{NewTracker(size), image.NewRGBA(image.Rectangle{Max: size}), image.NewRGBA(image.Rectangle{Max: size}), nil}
	r.first = r.First(0, r.source)
	r.Show(0, r.user, []image.Rectangle{r.user.Rect})
	return r
}

func cell(tile int) image.Rectangle {
	return image.Rect(tile*TileSize, 0, (tile+1)*TileSize, TileSize)
}

func paint(pic *image.RGBA, r image.Rectangle, grey uint8) []image.Rectangle {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			pic.SetRGBA(x, y, color.RGBA{grey, grey, grey, 255})
		}
	}
	return []image.Rectangle{r}
}

func (r *row) change(at time.Duration, tiles image.Rectangle, grey uint8) *Update {
	return r.Change(at, r.source, paint(r.source, tiles, grey))
}

func (r *row) show(at time.Duration, tiles image.Rectangle, grey uint8) {
	r.Show(at, r.user, paint(r.user, tiles, grey))
}

func requireIn(t *testing.T, want time.Duration, got time.Duration, ok bool) {
	t.Helper()
	require.True(t, ok, "never")
	require.Equal(t, want, got)
}

func requireNever(t *testing.T, _ time.Duration, ok bool) {
	t.Helper()
	require.False(t, ok)
}

func TestLatencyEndsWhenTheLastTileCame(t *testing.T) {
	r := newRow(2)
	u := r.change(10*ms, cell(0).Union(cell(1)), 255)
	require.Equal(t, 2, u.Tiles)
	require.False(t, u.Free)
	r.show(30*ms, cell(0), 255)
	requireNever(t, 0, u.illegible == 0)
	r.show(50*ms, cell(1), 254) // coarse, then exact
	requireNever(t, 0, u.inexact == 0)
	r.show(90*ms, cell(1), 255)
	legible, ok := u.Legible()
	requireIn(t, 40*ms, legible, ok)
	exact, ok := u.Exact()
	requireIn(t, 80*ms, exact, ok)
}

func TestTileOnceLegibleMaySpoilAgain(t *testing.T) {
	r := newRow(2)
	u := r.change(10*ms, cell(0).Union(cell(1)), 255)
	r.show(20*ms, cell(0), 255)
	r.show(30*ms, cell(0), 128) // "at least once"
	r.show(40*ms, cell(1), 255)
	legible, ok := u.Legible()
	requireIn(t, 30*ms, legible, ok)
	require.Equal(t, 1, r.Illegible())
}

func TestNewerPictureSatisfiesOlderUpdates(t *testing.T) {
	r := newRow(1)
	u1, u2, u3 := r.change(1*ms, cell(0), 64), r.change(2*ms, cell(0), 128), r.change(3*ms, cell(0), 192)
	r.show(4*ms, cell(0), 128) // the second, late
	d, ok := u1.Exact()
	requireIn(t, 3*ms, d, ok)
	d, ok = u2.Legible()
	requireIn(t, 2*ms, d, ok)
	_, ok = u3.Legible()
	require.False(t, ok)
	r.show(5*ms, cell(0), 64) // an old one satisfies nothing newer
	_, ok = u3.Legible()
	require.False(t, ok)
	require.Equal(t, 1, r.Illegible())
	r.show(6*ms, cell(0), 192)
	d, ok = u3.Exact()
	requireIn(t, 3*ms, d, ok)
}

func TestNewerLegiblePictureSatisfiesOlderUpdatesButNotExactly(t *testing.T) {
	r := newRow(1)
	u1, u2 := r.change(1*ms, cell(0), 64), r.change(2*ms, cell(0), 128)
	r.show(4*ms, cell(0), 130)
	d, ok := u1.Legible()
	requireIn(t, 3*ms, d, ok)
	d, ok = u2.Legible()
	requireIn(t, 2*ms, d, ok)
	r.show(7*ms, cell(0), 64) // exactly the older one
	d, ok = u1.Exact()
	requireIn(t, 6*ms, d, ok)
	_, ok = u2.Exact()
	require.False(t, ok)
}

func TestPictureThatComesBackIsANewVersion(t *testing.T) {
	r := newRow(1)
	blinkOn := r.change(10*ms, cell(0), 200)
	blinkOff := r.change(20*ms, cell(0), 0) // what the user sees is black still
	require.True(t, blinkOff.Free)
	d, ok := blinkOn.Exact() // satisfied by the newer version
	requireIn(t, 10*ms, d, ok)
	require.Empty(t, r.tiles[0].versions)
}

func TestUpdateThatTheUserSeesAlreadyIsFree(t *testing.T) {
	r := newRow(2)
	r.show(1*ms, cell(0), 16)
	require.True(t, r.change(2*ms, cell(0), 16).Free)
	require.True(t, r.change(3*ms, cell(0), 18).Free) // near enough
	require.False(t, r.change(4*ms, cell(0).Union(cell(1)), 16).Free)
}

func TestOnlyTilesWhosePixelsReallyDifferCount(t *testing.T) {
	r := newRow(3)
	u := r.Change(1*ms, r.source, []image.Rectangle{r.source.Rect})
	require.Zero(t, u.Tiles)
	paint(r.source, cell(1), 255)
	u = r.Change(2*ms, r.source, []image.Rectangle{r.source.Rect})
	require.Equal(t, 1, u.Tiles)
}

func TestFirstScreenIsAnUpdateOfEveryTileEvenWhereItIsBlack(t *testing.T) {
	size := image.Pt(20, 18) // with edge tiles
	black := image.NewRGBA(image.Rectangle{Max: size})
	r := NewTracker(size)
	first := r.First(0, black)
	require.Equal(t, 4, first.Tiles)
	require.Equal(t, 4, r.Tiles())
	require.Equal(t, 4, r.Illegible()) // the user sees nothing, not black
	r.Show(5*ms, black, []image.Rectangle{image.Rect(0, 0, 20, 16)})
	require.Equal(t, 2, r.Illegible())
	r.Show(7*ms, black, []image.Rectangle{image.Rect(0, 16, 20, 18)})
	d, ok := first.Exact()
	requireIn(t, 7*ms, d, ok)
	require.Zero(t, r.Inexact())
}

func TestAlphaIsNoPartOfThePicture(t *testing.T) {
	r := newRow(1)
	for i := 3; i < len(r.user.Pix); i += 4 {
		r.user.Pix[i] = 77
	}
	r.Show(1*ms, r.user, []image.Rectangle{r.user.Rect})
	require.Zero(t, r.Inexact())
}

func TestSmallerPictureHidesTheRest(t *testing.T) {
	r := newRow(3)
	small := r.user.SubImage(image.Rect(0, 0, 20, TileSize)).(*image.RGBA)
	r.Show(1*ms, small, []image.Rectangle{r.user.Rect})
	require.Equal(t, 2, r.Illegible()) // tile 1 reaches beyond its edge
	require.Equal(t, []image.Rectangle{cell(1), cell(2)}, r.IllegibleTiles())
	r.Show(2*ms, r.user, []image.Rectangle{r.user.Rect})
	require.Zero(t, r.Inexact())
}

func TestStalenessIsAnAverageOverTime(t *testing.T) {
	r := newRow(4)
	r.change(50*ms, cell(0), 255) // before it is asked for
	r.show(90*ms, cell(0), 255)
	r.BeginStaleness(100 * ms)
	require.Zero(t, r.Staleness(100*ms))
	r.change(200*ms, cell(0).Union(cell(1)), 128)
	r.show(400*ms, cell(0), 128)
	r.show(500*ms, cell(1), 128)
	require.InDelta(t, (2*200+1*100)/4./1000, r.Staleness(1100*ms), 1e-9)
}

func TestSettledCountsFromTheLastUpdate(t *testing.T) {
	r := newRow(2)
	d, ok := r.Settled()
	requireIn(t, 0, d, ok)
	r.change(100*ms, cell(0), 255)
	_, ok = r.Settled()
	require.False(t, ok)
	r.show(150*ms, cell(0), 254)
	_, ok = r.Settled()
	require.False(t, ok)
	r.show(180*ms, cell(0), 255)
	d, ok = r.Settled()
	requireIn(t, 80*ms, d, ok)
	r.Change(190*ms, r.source, []image.Rectangle{cell(0)}) // changes nothing
	d, ok = r.Settled()
	requireIn(t, 0, d, ok)
}

func TestSeenIsWhatTheUserSees(t *testing.T) {
	r := newRow(2)
	r.show(1*ms, image.Rect(3, 4, 20, 9), 99)
	want := image.NewRGBA(r.user.Rect)
	for i := range want.Pix {
		if want.Pix[i] = r.user.Pix[i]; i%4 == 3 {
			want.Pix[i] = 255
		}
	}
	require.Equal(t, want, r.Seen())
}

func TestWaitingVersionsAreForgottenWhenTheyCame(t *testing.T) {
	r := newRow(1)
	for i := range 200 {
		r.change(time.Duration(i)*ms, cell(0), uint8(i))
	}
	require.Len(t, r.tiles[0].versions, 199) // the first change changed nothing
	r.show(300*ms, cell(0), 197)             // legible as 199, exactly 197
	require.Len(t, r.tiles[0].versions, 2)
	for _, v := range r.tiles[0].versions {
		require.Nil(t, v.px) // only its hash is needed now
	}
}

func BenchmarkShowWholeScreen(b *testing.B) {
	size := image.Pt(1280, 800)
	x, y := image.NewRGBA(image.Rectangle{Max: size}), image.NewRGBA(image.Rectangle{Max: size})
	for i := range y.Pix {
		y.Pix[i] = byte(i)
	}
	r := NewTracker(size)
	r.First(0, y)
	for i := 0; b.Loop(); i++ {
		r.Show(time.Duration(i), []*image.RGBA{x, y}[i%2], []image.Rectangle{x.Rect})
	}
}
