package crossing

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

const ms = time.Millisecond

func fill(pic *image.RGBA, r image.Rectangle, grey uint8) {
	draw.Draw(pic, r, image.NewUniform(color.RGBA{grey, grey, grey, 255}), image.Point{}, draw.Src)
}

// steady is a line on which the toy's datagram of 40 bytes (with headers) takes 10 ms of
// the line and 20 ms of way; a packet up takes 20 ms of way and, with 30 bytes, 1 ms.
func steady() netsim.Line {
	return netsim.Line{
		Name: "steady",
		Down: netsim.Direction{Bps: 32000, Delay: 20 * ms, Queue: time.Second},
		Up:   netsim.Direction{Bps: 240000, Delay: 20 * ms, Queue: time.Second},
	}
}

// blinks is a recording of a screen of 160 x 160 pixels: a whole screen at 0, 300 and
// 600 ms, the last of them changed no more than nobody sees, one tile at 700 ms.
func blinks() *trace.Drawn {
	d := &trace.Drawn{Title: "blinks", Screen: image.Pt(160, 160), Length: 800 * ms}
	for _, s := range []struct {
		at   time.Duration
		side int
		grey uint8
	}{{0, 160, 100}, {300 * ms, 160, 200}, {600 * ms, 160, 202}, {700 * ms, 16, 0}} {
		d.Steps = append(d.Steps, trace.Step{At: s.at, Draw: func(pic *image.RGBA) []image.Rectangle {
			r := image.Rect(0, 0, s.side, s.side)
			fill(pic, r, s.grey)
			return []image.Rectangle{r}
		}})
	}
	d.User = []trace.Input{
		{At: 100 * ms, Kind: trace.Key, Keysym: "a"}, // nothing within 150 ms
		{At: 250 * ms, Kind: trace.Key, Keysym: "b"},
		{At: 690 * ms, Kind: trace.Pointer, X: 3, Y: 4},
	}
	return d
}

// inBubble crosses in virtual time.
func inBubble(t *testing.T, rec trace.Recording, sys System, cfg Config, tell func(float64)) (o Outcome, err error) {
	synctest.Test(t, func(t *testing.T) { o, err = Run(rec, sys, cfg, tell) })
	return o, err
}

func requireMillis(t *testing.T, want float64, got measure.Millis) {
	t.Helper()
	require.InDelta(t, want, float64(got), 0.2)
}

func TestFiguresAreThoseOfTheDefinitions(t *testing.T) {
	var shares []float64
	o, err := inBubble(t, blinks(), toy{}, Config{Line: steady(), Seed: 7, Coded: []int{1150, 0, 1151}},
		func(share float64) { shares = append(shares, share) })
	require.NoError(t, err)
	r := o.Result
	require.Equal(t, "blinks", r.Trace)
	require.Equal(t, "steady", r.Line)
	require.EqualValues(t, 7, r.Seed)
	require.Equal(t, 2, r.Updates)
	require.Equal(t, 1, r.UpdatesFree)
	require.Equal(t, 1, r.Pages)
	requireMillis(t, 21+30, r.FirstLegible) // up and down again
	requireMillis(t, 21+30, r.FirstExact)
	requireMillis(t, 30, r.LegibleP50)
	requireMillis(t, 30, r.LegibleP95)
	requireMillis(t, 30, r.PageP95)
	requireMillis(t, 30, r.ExactP50)
	require.Zero(t, r.LegibleNever+r.ExactNever)
	requireMillis(t, 21, r.InputP50)
	requireMillis(t, 21, r.InputP95)
	requireMillis(t, 21+30, r.EchoP50)
	requireMillis(t, 21+30, r.EchoP95)
	requireMillis(t, 20+(1150+97)/4., r.FloorP50) // 4 bytes a ms
	requireMillis(t, 20+(1151+2*97)/4., r.FloorP95)
	require.InDelta(t, (100*30+1*30)/100./800, r.Staleness, 1e-4)
	require.True(t, r.FinalExact)
	requireMillis(t, 30, r.Settle)
	require.Equal(t, 40, r.BytesFirst)
	require.Equal(t, 4*40, r.BytesDown)
	require.Equal(t, 28+3*30, r.BytesUp)
	requireMillis(t, 0, r.QueueP95)
	require.InDelta(t, 1000*8/0.730, r.GoodputBps, 50) // from 51 ms to 51+700+30 ms
	requireMillis(t, 1000, r.EncodeCPU)
	requireMillis(t, 2000, r.DecodeCPU)
	require.Equal(t, []float64{0}, shares)
}

func TestRunTellsHowFarItIs(t *testing.T) {
	rec := blinks()
	rec.Length = 4 * time.Second
	var shares []float64
	_, err := inBubble(t, rec, toy{}, Config{Line: steady()}, func(share float64) { shares = append(shares, share) })
	require.NoError(t, err)
	require.Len(t, shares, 5) // each second from connecting; the clock starts 51 ms after that
	for i, share := range shares {
		require.InDelta(t, max(0, float64(i)-.051)/4, share, 1e-3)
	}
}

func TestClockStartsWhenTheFirstScreenIsThereOrTheTimeIsUp(t *testing.T) {
	cut := steady()
	cut.Down.Loss = 1
	for _, c := range []struct {
		name string
		line netsim.Line
		warm bool
		want time.Duration
	}{
		{"cold", steady(), false, 51 * ms},
		{"warm", steady(), true, 51*ms + 5*time.Second},
		{"cold, nothing comes", cut, false, 30 * time.Second},
		{"warm, nothing comes", cut, true, 60 * time.Second},
	} {
		o, err := inBubble(t, blinks(), toy{}, Config{Line: c.line, Warm: c.warm, Observe: Observe{Series: true}}, nil)
		require.NoError(t, err, c.name)
		require.InDelta(t, c.want.Seconds(), o.Observed.Series.Start.Seconds(), 1e-3, c.name)
	}
}

func TestWhatNeverComesIsInfinite(t *testing.T) {
	line := steady()
	line.Down.Loss = 1
	line.Up.Loss = 1
	o, err := inBubble(t, blinks(), toy{}, Config{Line: line}, nil)
	require.NoError(t, err)
	r := o.Result
	require.Equal(t, 3, r.Updates) // none is free when nothing was seen
	require.Equal(t, 3, r.LegibleNever)
	require.Equal(t, 3, r.ExactNever)
	require.False(t, r.FinalExact)
	require.InDelta(t, 1, r.Staleness, 1e-9)
	for _, m := range []measure.Millis{r.FirstLegible, r.LegibleP50, r.PageP50, r.InputP50, r.EchoP95, r.FloorP50, r.Settle} {
		require.True(t, m.Infinite())
	}
	require.Zero(t, r.GoodputBps)
}

func TestBusyHostGetsWhatHasChangedMeanwhileAtOnce(t *testing.T) {
	rec := blinks()
	o, err := inBubble(t, rec, toy{busy: 350 * ms}, Config{Line: steady()}, nil)
	require.NoError(t, err)
	r := o.Result
	// That of 300 ms crosses at 650, that of 600 at 1000 (the first one looked like it), that
	// of 700 at 1350.
	require.Equal(t, 3, r.Updates)
	require.Equal(t, 4*40, r.BytesDown)
	requireMillis(t, 650+30-300, r.LegibleP50)
	requireMillis(t, 1350+30-700, r.LegibleP95)
	require.True(t, r.FinalExact)
}

func TestWhatHasChangedWhileTheHostWasBusyIsToldAtOnce(t *testing.T) {
	pic, seen := image.NewRGBA(image.Rect(0, 0, 32, 16)), image.NewRGBA(image.Rect(0, 0, 32, 16))
	var p pending
	p.begin(pic)
	damage, more := p.take(seen)
	require.Nil(t, damage)
	for i, r := range []image.Rectangle{image.Rect(0, 0, 9, 9), image.Rect(5, 5, 30, 16)} {
		fill(pic, r, uint8(i))
		p.add(trace.Update{Picture: pic, Patches: []image.Rectangle{r}})
	}
	<-more
	damage, _ = p.take(seen)
	require.Equal(t, []image.Rectangle{image.Rect(0, 0, 9, 9), image.Rect(5, 5, 30, 16)}, damage)
	require.Equal(t, pic, seen)
	damage, _ = p.take(seen)
	require.Nil(t, damage)
	for x := range 2 * maxDamage { // so many are not kept apart
		p.add(trace.Update{Picture: pic, Patches: []image.Rectangle{image.Rect(x%32, 0, x%32+1, 1)}})
	}
	damage, _ = p.take(seen)
	require.Len(t, damage, maxDamage)
	require.Equal(t, image.Rect(0, 0, 32, 1), damage[maxDamage-1])
}

func TestFailureOfTheSystemIsTheRuns(t *testing.T) {
	_, err := inBubble(t, blinks(), toy{refuse: errors.New("no")}, Config{Line: steady()}, nil)
	require.EqualError(t, err, "the viewer could not connect: no")
	_, err = inBubble(t, blinks(), toy{broken: errors.New("no")}, Config{Line: steady()}, nil)
	require.EqualError(t, err, "the host: no")
}

func TestObservedIsWhatTheUserSaw(t *testing.T) {
	o, err := inBubble(t, blinks(), toy{}, Config{Line: steady(), Observe: Observe{
		AfterConnecting: []time.Duration{20 * ms, 60 * ms},
		AfterStart:      []time.Duration{320 * ms, 340 * ms, time.Hour},
		Series:          true,
	}}, nil)
	require.NoError(t, err)
	greys := func(all []Seen) (greys []uint8, legible []float64) {
		for _, s := range all {
			pic, err := png.Decode(bytes.NewReader(s.PNG))
			require.NoError(t, err)
			require.Equal(t, image.Pt(160, 160), pic.Bounds().Size())
			require.Len(t, s.Illegible, 100-int(100*s.Legible))
			greys = append(greys, color.GrayModel.Convert(pic.At(80, 80)).(color.Gray).Y)
			legible = append(legible, s.Legible)
		}
		return greys, legible
	}
	at, legible := greys(o.Observed.AfterConnecting)
	require.Equal(t, []uint8{0, 100}, at)
	require.Equal(t, []float64{0, 1}, legible)
	at, legible = greys(o.Observed.AfterStart)
	require.Equal(t, []uint8{100, 200, 202}, at) // the last picture stands for what comes after the end
	require.Equal(t, []float64{0, 1, 1}, legible)

	s := o.Observed.Series
	require.Len(t, s.Legible, 8) // 881 ms: 51, the recording's 800, 30 to settle
	require.Equal(t, []int{40, 0, 0, 40, 0, 0, 40, 40}, s.BytesDown)
	require.Equal(t, 28, s.BytesUp[0])
	require.Equal(t, []float64{1, 1, 1, 1, 1, 1, 1, 1}, s.Legible)
	require.Len(t, s.Queue, 8)
}

func TestFloorsAreTheLinesAlone(t *testing.T) {
	d := netsim.Direction{Bps: 512000, Delay: 30 * ms}
	f := Floors(d, []int{31, 0, 2300})
	require.Len(t, f, 2)
	requireMillis(t, 30+2, f[0])
	requireMillis(t, 30+(2300+2*97)*8/512., f[1])
}
