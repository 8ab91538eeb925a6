package crossing

import (
	"image"
	"image/color"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// desktop is a small recording: a picture with a photograph's noise, letters that appear
// at each key press, and a window that opens.
func desktop() *trace.Drawn {
	d := &trace.Drawn{Title: "desktop", Screen: image.Pt(320, 200), Length: 4 * time.Second}
	step := func(at time.Duration, draw func(*image.RGBA) image.Rectangle) {
		d.Steps = append(d.Steps, trace.Step{At: at, Draw: func(pic *image.RGBA) []image.Rectangle {
			return []image.Rectangle{draw(pic)}
		}})
	}
	step(0, func(pic *image.RGBA) image.Rectangle {
		fill(pic, pic.Rect, 240)
		noise := uint32(1)
		for y := 60; y < 180; y++ {
			for x := 160; x < 300; x++ {
				noise = noise*1664525 + 1013904223
				pic.SetRGBA(x, y, color.RGBA{uint8(x) + uint8(noise>>29), uint8(y), uint8(x + y), 255})
			}
		}
		return pic.Rect
	})
	for i := range 20 {
		at := time.Duration(200+100*i) * ms
		d.User = append(d.User, trace.Input{At: at - 20*ms, Kind: trace.Key, Keysym: "e"})
		step(at, func(pic *image.RGBA) image.Rectangle {
			r := image.Rect(10+6*i, 20, 14+6*i, 30)
			fill(pic, r, 20)
			fill(pic, r.Inset(1), 240)
			return r
		})
	}
	step(2500*ms, func(pic *image.RGBA) image.Rectangle {
		r := image.Rect(40, 40, 220, 160)
		fill(pic, r, 200)
		for y := 50; y < 150; y += 8 {
			for x := 50; x < 210; x += 5 {
				fill(pic, image.Rect(x, y, x+1+x%3, y+6), uint8(x%40))
			}
		}
		return r
	})
	return d
}

func TestThinpaneBringsADesktopAcross(t *testing.T) {
	for _, name := range []string{"thin-256k", "lossy-1m"} {
		t.Run(name, func(t *testing.T) {
			line, err := netsim.Load(name)
			require.NoError(t, err)
			o, err := inBubble(t, desktop(), Thinpane{}, Config{Line: line, Seed: 1, Coded: []int{20}}, nil)
			require.NoError(t, err)
			r := o.Result
			require.Equal(t, 21, r.Updates+r.UpdatesFree)
			require.Equal(t, 1, r.Pages)
			require.Zero(t, r.LegibleNever)
			require.Zero(t, r.ExactNever)
			require.True(t, r.FinalExact)
			oneWay := float64(line.Down.Delay / ms)
			require.Greater(t, float64(r.FirstLegible), 4*oneWay, "connecting takes two round trips at least")
			require.GreaterOrEqual(t, float64(r.LegibleP50), oneWay)
			require.Less(t, float64(r.LegibleP50), oneWay+100)
			require.GreaterOrEqual(t, float64(r.InputP50), float64(line.Up.Delay/ms))
			require.Less(t, float64(r.InputP95), float64(line.Up.Delay/ms)+1000)
			require.GreaterOrEqual(t, r.EchoP50, r.InputP50+r.LegibleP50-10)
			require.Positive(t, r.EncodeCPU)
			require.Positive(t, r.DecodeCPU)
			require.Positive(t, r.GoodputBps)
			require.Greater(t, r.BytesDown, r.BytesFirst)
			require.Positive(t, r.BytesUp)
		})
	}
}

func TestSlowViewerTakesLonger(t *testing.T) {
	line, err := netsim.Load("lan")
	require.NoError(t, err)
	cross := func(slower float64) Result {
		o, err := inBubble(t, desktop(), Thinpane{}, Config{Line: line, ViewerCPU: slower}, nil)
		require.NoError(t, err)
		return o.Result
	}
	fast, slow := cross(1), cross(20)
	require.InEpsilon(t, 20*float64(fast.DecodeCPU), float64(slow.DecodeCPU), 0.5)
	require.Greater(t, slow.FirstLegible, fast.FirstLegible+fast.DecodeCPU)
}

func TestLineThatBringsNothingLeavesTheUserWithNothing(t *testing.T) {
	line, err := netsim.Load("dsl-512k")
	require.NoError(t, err)
	line.Down.Loss = 1
	o, err := inBubble(t, desktop(), Thinpane{}, Config{Line: line}, nil)
	require.NoError(t, err) // the viewer still tries at the end
	require.True(t, o.Result.FirstLegible.Infinite())
	require.Equal(t, 21, o.Result.LegibleNever)
	require.False(t, o.Result.FinalExact)
}
