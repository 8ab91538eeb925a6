package greedy

import (
	"sort"
	"time"

	"github.com/thinpane/thinpane/transport/netsim"
)

// Result holds the figures of one run, by the definitions in bench/README.md.
type Result struct {
	Line          string   `json:"line"`
	Flows         int      `json:"flows"`
	Seed          uint64   `json:"seed"`
	LineBps       float64  `json:"line_bps"`            // what the line down could carry, on average over the run
	GoodputBps    float64  `json:"goodput_bps"`         // of all flows: objects received in order
	Utilization   float64  `json:"utilization"`         // goodput over the line's rate, from second 2 on
	QueueP50Ms    float64  `json:"queue_p50_ms"`        // of packets that entered the line down, weighed by bytes
	QueueP95Ms    float64  `json:"queue_p95_ms"`        //
	ResentShare   float64  `json:"resent_share"`        // of the bytes that went down in large messages
	OverheadShare float64  `json:"overhead_down_share"` // of the bytes down: what is not payload sent for the first time
	UpBps         float64  `json:"up_bps"`              // all that went up
	FeedbackBps   float64  `json:"feedback_bps"`        // of that, our reports, with all headers
	Ramp70Ms      *float64 `json:"ramp70_ms"`           // from the first packet to the end of the first 200 ms in which the line was 70 % full; null: never
	Jain          float64  `json:"jain"`                // Jain's index of the flows' goodput, from second 2 on
}

const (
	warmUp     = 2 * time.Second
	rampWindow = 200 * time.Millisecond
	rampShare  = 0.7
)

func (r *runner) result(from, to time.Duration) Result {
	warm := from + warmUp
	out := Result{Line: r.cfg.Line.Name, Flows: len(r.flows), Seed: r.cfg.Seed}
	out.LineBps = r.net.Bits(netsim.Down, from, to) / (to - from).Seconds()

	var all, late float64
	perFlow := make([]float64, len(r.flows))
	var first, last time.Duration
	var payload, repair, large, feedback float64
	for i, f := range r.flows {
		for _, a := range f.got {
			all += float64(a.bytes)
			if a.at >= warm {
				perFlow[i] += float64(a.bytes)
			}
			if first == 0 || a.at < first {
				first = a.at
			}
			last = max(last, a.at)
		}
		late += perFlow[i]
		h := f.host.Stats()
		payload += float64(h.Sent.Payload)
		repair += float64(h.Sent.Repair)
		feedback += float64(f.viewer.Stats().Sent.Feedback)
	}
	large = payload + repair
	if last > first {
		out.GoodputBps = all * 8 / (last - first).Seconds()
	}
	out.Utilization = late * 8 / r.net.Bits(netsim.Down, warm, to)
	out.Jain = jain(perFlow)
	out.ResentShare = repair / large
	out.FeedbackBps = feedback * 8 / (to - from).Seconds()

	down, up := between(r.net.Packets(netsim.Down), from, to), between(r.net.Packets(netsim.Up), from, to)
	out.UpBps = bytes(up) * 8 / (to - from).Seconds()
	out.OverheadShare = 1 - payload/bytes(down)
	out.QueueP50Ms, out.QueueP95Ms = queue(down, 0.5), queue(down, 0.95)
	out.Ramp70Ms = r.ramp(down, to)
	return out
}

func between(all []netsim.Packet, from, to time.Duration) []netsim.Packet {
	i := sort.Search(len(all), func(i int) bool { return all[i].At >= from })
	j := sort.Search(len(all), func(i int) bool { return all[i].At >= to })
	return all[i:j]
}

func bytes(packets []netsim.Packet) (n float64) {
	for _, p := range packets {
		n += float64(p.Size)
	}
	return n
}

// queue is the nearest-rank percentile of the waits of what entered the queue, weighed by bytes, in ms.
func queue(packets []netsim.Packet, share float64) float64 {
	var entered []netsim.Packet
	for _, p := range packets {
		if p.Fate != netsim.Dropped {
			entered = append(entered, p)
		}
	}
	sort.Slice(entered, func(i, j int) bool { return entered[i].Wait < entered[j].Wait })
	left := bytes(entered) * share
	for _, p := range entered {
		if left -= float64(p.Size); left <= 0 {
			return float64(p.Wait) / float64(time.Millisecond)
		}
	}
	return 0
}

// ramp looks at each 10 ms how full the line was in the 200 ms before.
func (r *runner) ramp(packets []netsim.Packet, to time.Duration) *float64 {
	if len(packets) == 0 {
		return nil
	}
	first := packets[0].At
	for end := first + rampWindow; end < to; end += 10 * time.Millisecond {
		carried := 0.0
		for _, p := range packets {
			if begins := p.At + p.Wait; p.Fate != netsim.Dropped && begins >= end-rampWindow && begins < end {
				carried += float64(p.Size) * 8
			}
			if p.At >= end {
				break
			}
		}
		if carried >= rampShare*r.net.Bits(netsim.Down, end-rampWindow, end) {
			ms := float64(end-first) / float64(time.Millisecond)
			return &ms
		}
	}
	return nil
}

// jain is 1 when all flows get the same and 1/n when one gets all.
func jain(x []float64) float64 {
	var sum, squares float64
	for _, v := range x {
		sum += v
		squares += v * v
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / (float64(len(x)) * squares)
}
