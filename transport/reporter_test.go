package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheFirstReportsDoNotWait(t *testing.T) {
	var r reporter
	now := time.Second
	for i := range uint64(reportAtOnce) {
		r.arrived(now, i, 1241)
		require.True(t, r.pending)
		require.Equal(t, now, r.due)
		require.Len(t, r.report(now).arrivals, int(min(i+1, 2)), "the new one, and the last report's again")
		r.sent(100)
		now += 20 * ms
	}
	r.arrived(now, 9, 1241)
	require.Greater(t, r.due, now)
}

// drive lets packets of a size arrive at a rate for a while, and returns the share of bytes that the reports take.
func drive(r *reporter, bytesPerSecond float64, size int, span time.Duration) (share float64, longest time.Duration) {
	var reported, last time.Duration
	up := 0
	every := time.Duration(float64(size) / bytesPerSecond * 1e9)
	n := uint64(0)
	for now := time.Duration(0); now < span; now += ms {
		if now-last >= every {
			last = now
			r.arrived(now, n, size)
			n++
		}
		if r.pending && r.due <= now {
			b := r.report(now).append(nil)
			r.sent(wireSize(len(b)))
			up += wireSize(len(b))
			if now > span/2 {
				longest = max(longest, now-reported)
			}
			reported = now
		}
	}
	return float64(up) / (bytesPerSecond * span.Seconds()), longest
}

func TestReportsTakeTheirShareOfTheLine(t *testing.T) {
	for _, c := range []struct {
		kbit    float64
		uplink  float64
		share   float64
		longest time.Duration
	}{
		{64, 0, 0.045, reportMost}, {256, 0, 0.022, 250 * ms}, {512, 0, 0.022, 150 * ms}, {2000, 0, 0.018, 50 * ms},
		{2000, 64e3, 0.005, reportMost}, {512, 10e6, 0.033, 80 * ms},
	} {
		r := reporter{uplink: c.uplink}
		share, longest := drive(&r, c.kbit*125, 1241, 30*time.Second)
		require.LessOrEqual(t, share, c.share, "%v kbit/s, uplink %v", c.kbit, c.uplink)
		require.LessOrEqual(t, longest, c.longest+160*ms, "%v kbit/s", c.kbit)
	}
}

func TestALoneLettersReportWaitsForCompany(t *testing.T) {
	r := reporter{reports: 100, sentSize: 100}
	r.arrived(10*time.Second, 1, 109)
	require.Equal(t, 10*time.Second+lonePacket, r.due)
	r.arrived(10*time.Second+5*ms, 2, 1241)
	require.Equal(t, 10*time.Second+5*ms+reportGather, r.due, "a page's packets are a measurement")
}

func TestEveryArrivalIsReportedTwiceHoweverManyThereAre(t *testing.T) {
	var r reporter
	seen := map[uint64]int{}
	now := time.Duration(0)
	for n := range uint64(5000) {
		now += 80 * time.Microsecond
		r.arrived(now, n, 1241)
		if r.due <= now {
			for _, a := range r.report(now).arrivals {
				seen[a.packet]++
			}
			r.sent(1000)
		}
	}
	for n := range uint64(4000) {
		require.Equal(t, 2, seen[n], "packet %d", n)
	}
}

func TestADecodedStateIsReportedEvenWhenNothingMoreComes(t *testing.T) {
	r := reporter{reports: 100, sentSize: 100}
	r.state(time.Second, 7)
	require.True(t, r.pending)
	require.Equal(t, uint64(7), r.report(r.due).state)
	r.state(2*time.Second, 7)
	require.False(t, r.pending, "nothing new")
}
