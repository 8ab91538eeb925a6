package crossing

import (
	"math"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Result is one run's figures, as bench/README.md defines them.
type Result struct {
	Trace        string         `json:"trace"`
	Line         string         `json:"line"`
	Seed         uint64         `json:"seed"`
	Updates      int            `json:"updates"`
	UpdatesFree  int            `json:"updates_free"`
	Pages        int            `json:"pages"`
	BytesDown    int            `json:"bytes_down"`
	BytesUp      int            `json:"bytes_up"`
	BytesFirst   int            `json:"bytes_first"`
	BytesExact   int            `json:"bytes_exact"`
	BytesCoarse  int            `json:"bytes_coarse"`
	BytesRefined int            `json:"bytes_refined"`
	BytesOther   int            `json:"bytes_other"`
	BytesRepair  int            `json:"bytes_repair"`
	Overwritten  int            `json:"bytes_overwritten"`
	FirstLegible measure.Millis `json:"first_legible_ms"`
	FirstExact   measure.Millis `json:"first_exact_ms"`
	LegibleP50   measure.Millis `json:"legible_p50_ms"`
	LegibleP95   measure.Millis `json:"legible_p95_ms"`
	LegibleNever int            `json:"legible_never"`
	SmallP95     measure.Millis `json:"small_p95_ms"`
	PagesPerS    float64        `json:"pages_per_s"`
	PageP50      measure.Millis `json:"page_p50_ms"`
	PageP95      measure.Millis `json:"page_p95_ms"`
	ExactP50     measure.Millis `json:"exact_p50_ms"`
	ExactP95     measure.Millis `json:"exact_p95_ms"`
	ExactNever   int            `json:"exact_never"`
	FloorP50     measure.Millis `json:"floor_p50_ms"`
	FloorP95     measure.Millis `json:"floor_p95_ms"`
	InputP50     measure.Millis `json:"input_p50_ms"`
	InputP95     measure.Millis `json:"input_p95_ms"`
	EchoP50      measure.Millis `json:"echo_p50_ms"`
	EchoP95      measure.Millis `json:"echo_p95_ms"`
	Staleness    float64        `json:"staleness"`
	FinalExact   bool           `json:"final_exact"`
	Settle       measure.Millis `json:"settle_ms"`
	GoodputBps   float64        `json:"goodput_bps"`
	QueueP50     measure.Millis `json:"queue_p50_ms"`
	QueueP95     measure.Millis `json:"queue_p95_ms"`
	EncodeCPU    measure.Millis `json:"encode_cpu_ms"`
	DecodeCPU    measure.Millis `json:"decode_cpu_ms"`
}

// echoWithin is how long after an input its update comes in the recording, at most.
const echoWithin = 150 * time.Millisecond

// result sums the run up. The carrier still stands.
func (r *run) result(staleness float64) Result {
	l := measure.LatenciesOf(r.updates)
	settled, exact := r.tracker.Settled()
	effort := r.carrier.Effort()
	res := Result{
		Trace: r.rec.Name(), Line: r.cfg.Line.Name, Seed: r.cfg.Seed,
		Updates: l.Updates, UpdatesFree: l.Free, Pages: l.Pages,
		BytesFirst:   r.bytesFirst,
		FirstLegible: measure.MillisIf(r.first.Legible()), FirstExact: measure.MillisIf(r.first.Exact()),
		LegibleP50: l.LegibleP50, LegibleP95: l.LegibleP95, LegibleNever: l.LegibleNever,
		SmallP95: l.SmallP95, PagesPerS: math.Round(l.PagesPerSecond*100) / 100,
		PageP50: l.PageP50, PageP95: l.PageP95,
		BytesExact: effort.Bytes.Exact, BytesCoarse: effort.Bytes.Coarse, BytesRefined: effort.Bytes.Refined, BytesOther: effort.Bytes.Other,
		BytesRepair: effort.Repair, Overwritten: r.overwritten.Bytes(),
		ExactP50: l.ExactP50, ExactP95: l.ExactP95, ExactNever: l.ExactNever,
		FloorP50: measure.Never, FloorP95: measure.Never,
		Staleness: math.Round(staleness*1e5) / 1e5, FinalExact: exact, Settle: measure.MillisIf(settled, exact),
		EncodeCPU: measure.MillisOf(effort.Encode), DecodeCPU: measure.MillisOf(effort.Decode),
	}
	_, res.BytesDown = r.stage.Line.Totals(netsim.Down)
	_, res.BytesUp = r.stage.Line.Totals(netsim.Up)
	if span := r.lastShow - r.firstShow; span > 0 {
		res.GoodputBps = math.Round(float64(effort.Goodput) * 8 / span.Seconds())
	}
	if len(r.cfg.Coded) > 0 {
		floors := Floors(r.cfg.Line.Down, r.cfg.Coded)
		res.FloorP50, res.FloorP95 = measure.Percentile(floors, 50), measure.Percentile(floors, 95)
	}
	inputs, echoes := r.inputLatencies()
	res.InputP50, res.InputP95 = measure.Percentile(inputs, 50), measure.Percentile(inputs, 95)
	res.EchoP50, res.EchoP95 = measure.Percentile(echoes, 50), measure.Percentile(echoes, 95)

	var waits []measure.Waited
	for _, p := range r.stage.Line.Packets(netsim.Down) {
		if p.Fate != netsim.Dropped && p.At >= r.connectedAt+r.start {
			waits = append(waits, measure.Waited{Wait: p.Wait, Bytes: p.Size})
		}
	}
	res.QueueP50, res.QueueP95 = measure.QueuePercentile(waits, 50), measure.QueuePercentile(waits, 95)
	return res
}

// inputLatencies gives each input's time up the line and, for those with an update soon
// after them in the recording, that plus the time until the update is legible.
func (r *run) inputLatencies() (inputs, echoes []measure.Millis) {
	for n, in := range r.rec.Inputs() {
		up := measure.Never
		if at := r.arrivals[n]; at != notArrived {
			up = measure.MillisOf(at - r.start - in.At)
		}
		inputs = append(inputs, up)
		if u := r.firstUpdateAfter(in); u != nil {
			echoes = append(echoes, up+measure.MillisIf(u.Legible()))
		}
	}
	return inputs, echoes
}

// firstUpdateAfter is the first update that counts within echoWithin after an input.
func (r *run) firstUpdateAfter(in trace.Input) *measure.Update {
	for _, u := range r.updates {
		at := u.At - r.start
		if at > in.At+echoWithin {
			break
		}
		if at > in.At && u.Tiles > 0 && !u.Free {
			return u
		}
	}
	return nil
}
