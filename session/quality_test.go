package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
)

const screenTiles = 80 * 50 // 1280 x 800

// photos are so many stale tiles of photographs.
func photos(tiles int) codec.Left { return codec.Left{Photos: tiles, PhotoBits: 2500 * tiles} }

func TestAWiderLineIsSharper(t *testing.T) {
	p := Policy{}.withDefaults()
	last := codec.Sharpness(0)
	for _, rate := range []float64{64e3, 256e3, 512e3, 1e6, 2e6, 8e6} {
		var q quality
		s, _ := q.choose(p, rate, photos(screenTiles), screenTiles, false)
		require.GreaterOrEqual(t, s, last, "%.0f bit/s", rate)
		last = s
	}
	require.Equal(t, p.Sharpest, last)
}

func TestWhatIsExactInAMomentIsNotSentCoarsely(t *testing.T) {
	p := Policy{}.withDefaults()
	var q quality
	s, _ := q.choose(p, 512e3, photos(4), screenTiles, false)
	require.Equal(t, codec.Sharpness(codec.Exact), s)
	s, _ = q.choose(p, 512e3, photos(2000), screenTiles, false)
	require.Less(t, s, codec.Sharpness(codec.Exact))
}

func TestTextLeavesLessOfTheTimeToPhotographs(t *testing.T) {
	p := Policy{}.withDefaults()
	var alone, beside quality
	left := photos(300)
	sharp, _ := alone.choose(p, 512e3, left, screenTiles, false)
	left.Texts, left.TextBits = 1000, 120_000
	s, _ := beside.choose(p, 512e3, left, screenTiles, false)
	require.Less(t, s, sharp)
}

func TestABurstKeepsItsSharpness(t *testing.T) {
	p := Policy{}.withDefaults()
	var q quality
	first, _ := q.choose(p, 512e3, photos(2000), screenTiles, false)
	for stale := 1900; stale > 0; stale -= 100 {
		s, cause := q.choose(p, 512e3, photos(stale), screenTiles, false)
		require.Equal(t, first, s)
		require.Zero(t, cause)
	}
	q.settled()
	s, _ := q.choose(p, 512e3, photos(500), screenTiles, false)
	require.Greater(t, s, first)
}

func TestASmallChangeOfTheRateChangesNothing(t *testing.T) {
	p := Policy{}.withDefaults()
	var q quality
	_, cause := q.choose(p, 8e6, photos(0), screenTiles, false)
	require.Equal(t, ByLine, cause, "the first choice is news")
	for _, rate := range []float64{9.6e6, 6.4e6, 10.3e6} {
		_, cause = q.choose(p, rate, photos(0), screenTiles, false)
		require.Zero(t, cause, "%.0f", rate)
	}
	_, cause = q.choose(p, 2.4e6, photos(0), screenTiles, false)
	require.Equal(t, ByLine, cause)
}

func TestPolicyBoundsTheDial(t *testing.T) {
	var q quality
	s, _ := q.choose(Policy{Smoothest: 40, Sharpest: 60}, 64e3, photos(screenTiles), screenTiles, false)
	require.Equal(t, codec.Sharpness(40), s)
	q.settled()
	s, cause := q.choose(Policy{Smoothest: 10, Sharpest: 20}, 64e3, photos(screenTiles), screenTiles, false)
	require.Equal(t, codec.Sharpness(10), s)
	require.Equal(t, ByPolicy, cause)
	q.settled()
	s, cause = q.choose(Policy{Detail: ExactAlways}, 64e3, photos(screenTiles), screenTiles, false)
	require.Equal(t, codec.Sharpness(codec.Exact), s)
	require.Equal(t, ByPolicy, cause)
	_, cause = q.choose(Policy{Detail: ExactAlways}, 2e6, photos(screenTiles), screenTiles, false)
	require.Zero(t, cause, "the line changes nothing of that")
}
