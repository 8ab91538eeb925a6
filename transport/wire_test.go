package transport

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNearestFindsTheNumberThatWasMeant(t *testing.T) {
	for _, c := range []struct{ ref, want uint64 }{
		{0, 0}, {0, 5}, {1, 0}, {70000, 65535}, {70000, 70000}, {70000, 102767}, {70000, 37233}, {1 << 40, 1<<40 - 32768}, {65535, 65536},
	} {
		require.Equal(t, c.want, nearest(c.ref, uint16(c.want)), "%d near %d", c.want, c.ref)
	}
	require.Equal(t, uint64(65535), nearest(3, 65535), "there is nothing before 0")
}

// The header of a lone typed letter matters: it is sent for each one.
func TestALetterCostsEightBytesOfHeaderAtMost(t *testing.T) {
	letter := make([]byte, 12)
	m := objectsMessage{packet: 1 << 30, first: 1 << 30, objects: [][]byte{letter}}.append(nil)
	require.LessOrEqual(t, len(m)-len(letter), 8)
	require.Equal(t, 109, wireSize(len(m)))
}

func TestObjectSpaceIsWhatAppendTakes(t *testing.T) {
	for _, n := range []int{1, 127, 128, 1140} {
		m := objectsMessage{objects: [][]byte{make([]byte, n)}}.append(nil)
		require.Equal(t, objectsHeader+objectSpace(n), len(m))
		require.LessOrEqual(t, objectSpace(n), n+ObjectOverhead)
	}
}

// vector is one of SPEC.md's examples: the bytes, and what they say.
type vector struct {
	Name, Hex     string
	Error         string `json:",omitempty"` // what a reader must say; "" where it must understand
	Packet, First uint64 // where the reader stands: newest packet, next object
	State         uint64 // newest state sent
	Objects       []string
	Fragments     []vectorFragment
	DecodedState  uint64
	HoldUs        int64
	Arrivals      [][2]int64 // packet, 50 us
}

type vectorFragment struct {
	Stream Stream
	Number uint64
	Last   bool
	Text   string
}

func vectors(t testing.TB) []vector {
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var all []vector
	require.NoError(t, json.Unmarshal(text, &all))
	require.Greater(t, len(all), 12)
	return all
}

func TestVectorsAreUnderstoodAsSPECSays(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			b, err := hex.DecodeString(v.Hex)
			require.NoError(t, err)
			var got vector
			var again []byte
			switch b[0] >> 4 {
			case kindObjects:
				var m objectsMessage
				m, err = parseObjects(b, v.Packet, v.First)
				for _, o := range m.objects {
					got.Objects = append(got.Objects, string(o))
				}
				got.Packet, got.First, again = m.packet, m.first, m.append(nil)
				require.True(t, err != nil || v.Packet == m.packet && v.First == m.first)
			case kindStreams:
				var m streamsMessage
				m, err = parseStreams(b, v.Packet)
				again = appendStreamsHeader(nil, m.packet)
				for _, f := range m.fragments {
					got.Fragments = append(got.Fragments, vectorFragment{f.stream, f.number, f.last, string(f.data)})
					again = f.append(again)
				}
			case kindReport:
				var r report
				r, err = parseReport(b, v.Packet, v.State)
				got.DecodedState, got.HoldUs = r.state, r.hold.Microseconds()
				for _, a := range r.arrivals {
					got.Arrivals = append(got.Arrivals, [2]int64{int64(a.packet), int64(a.at / tick)})
				}
				again = r.append(nil)
			default:
				t.Fatalf("kind %d", b[0]>>4)
			}
			if v.Error != "" {
				require.ErrorIs(t, err, ErrProtocol)
				require.ErrorContains(t, err, v.Error)
				return
			}
			require.NoError(t, err)
			require.Equal(t, v.Objects, got.Objects)
			require.Equal(t, v.Fragments, got.Fragments)
			require.Equal(t, v.Arrivals, got.Arrivals)
			require.Equal(t, v.DecodedState, got.DecodedState)
			require.Equal(t, v.HoldUs, got.HoldUs)
			require.Equal(t, v.Hex, hex.EncodeToString(again), "what is written again is the same")
		})
	}
}

func TestMessagesCutAnywhereAreRefusedOrShorter(t *testing.T) {
	objects := objectsMessage{packet: 300, first: 7, objects: [][]byte{[]byte("one"), make([]byte, 200), []byte("three")}}.append(nil)
	streams := fragment{stream: 31, number: 500, last: true, data: []byte("key")}.append(
		fragment{stream: 2, number: 9, data: make([]byte, 200)}.append(appendStreamsHeader(nil, 4)))
	rep := report{state: 3, hold: 20 * time.Millisecond, arrivals: []arrival{{9, 3 * time.Second}, {10, 3100 * time.Millisecond}, {14, 3110 * time.Millisecond}}}.append(nil)
	for _, c := range []struct {
		whole     []byte
		alsoWhole []int // lengths at which a shorter message is whole
		parse     func([]byte) error
	}{
		{objects, []int{9, 211}, func(b []byte) error { _, err := parseObjects(b, 300, 7); return err }},
		{streams, []int{208}, func(b []byte) error { _, err := parseStreams(b, 4); return err }},
		{rep, []int{3, 10, 13}, func(b []byte) error { _, err := parseReport(b, 20, 9); return err }},
	} {
		require.NoError(t, c.parse(c.whole))
		var fine []int
		for n := range c.whole {
			if err := c.parse(c.whole[:n:n]); err == nil {
				fine = append(fine, n)
			} else {
				require.ErrorIs(t, err, ErrProtocol)
			}
		}
		require.Equal(t, c.alsoWhole, fine)
	}
}

func TestReportsFitOnePacketAtTheirMost(t *testing.T) {
	r := report{state: 9}
	for i := range maxArrivals {
		r.arrivals = append(r.arrivals, arrival{uint64(i), time.Duration(i) * 100 * time.Millisecond})
	}
	require.LessOrEqual(t, len(r.append(nil)), maxPayload)
}

func FuzzMessages(f *testing.F) {
	for _, v := range vectors(f) {
		b, err := hex.DecodeString(v.Hex)
		require.NoError(f, err)
		f.Add(b, v.Packet, v.State)
	}
	f.Fuzz(func(t *testing.T, b []byte, packet, state uint64) {
		packet %= 1 << 40
		state %= 1 << 40
		if m, err := parseObjects(b, packet, state+1); err == nil {
			require.LessOrEqual(t, len(m.append(nil)), len(b))
		}
		if m, err := parseStreams(b, packet); err == nil {
			again := appendStreamsHeader(nil, m.packet)
			for _, fr := range m.fragments {
				require.True(t, fr.stream >= 1 && fr.stream <= MaxStream)
				again = fr.append(again)
			}
			require.LessOrEqual(t, len(again), len(b))
		}
		if r, err := parseReport(b, packet, state); err == nil {
			require.LessOrEqual(t, r.state, state)
			require.LessOrEqual(t, len(r.arrivals), maxArrivals)
			for _, a := range r.arrivals {
				require.LessOrEqual(t, a.packet, packet)
				require.GreaterOrEqual(t, a.at, time.Duration(0))
			}
			again, err := parseReport(r.append(nil), packet, state)
			require.NoError(t, err)
			require.Equal(t, r, again)
		}
	})
}

func BenchmarkParseReport(b *testing.B) {
	r := report{state: 9}
	for i := range 10 {
		r.arrivals = append(r.arrivals, arrival{uint64(i), time.Duration(i) * 20 * time.Millisecond})
	}
	msg := r.append(nil)
	b.ReportMetric(float64(len(msg)), "bytes")
	for b.Loop() {
		if _, err := parseReport(msg, 10, 9); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendObjects(b *testing.B) {
	m := objectsMessage{packet: 5, first: 9, objects: [][]byte{make([]byte, 1140)}}
	buf := make([]byte, 0, 1200)
	for b.Loop() {
		buf = m.append(buf[:0])
	}
}
