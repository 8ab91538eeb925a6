package transport

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestObjectsComeInOrderOnceWhateverTheNetDoes(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 0))
		var o objectOrder
		var got []byte
		// Messages of 1 to 3 objects, each twice, within a window of 40.
		type message struct {
			first   uint64
			objects [][]byte
		}
		var all []message
		for n := uint64(1); n <= 250; {
			m := message{first: n}
			for range 1 + random.IntN(3) {
				m.objects = append(m.objects, []byte{byte(n)})
				n++
			}
			all = append(all, m, m)
		}
		for i := range all {
			j := min(len(all)-1, i+random.IntN(40))
			all[i], all[j] = all[j], all[i]
		}
		for _, m := range all {
			ready, err := o.accept(m.first, m.objects)
			require.NoError(t, err)
			for _, b := range ready {
				got = append(got, b...)
			}
		}
		for i, b := range got {
			require.Equal(t, byte(i+1), b)
		}
		require.GreaterOrEqual(t, len(got), 250)
		require.Zero(t, o.bytes)
		require.Empty(t, o.waiting)
	}
}

func TestObjectsThatWaitAreBounded(t *testing.T) {
	var o objectOrder
	_, err := o.accept(maxKeptObjects+1, [][]byte{{1}})
	require.ErrorIs(t, err, ErrProtocol)
	big := make([]byte, maxPayload)
	for n := uint64(2); err == nil || n < 3; n++ {
		_, err = o.accept(n, [][]byte{big})
		require.Less(t, o.bytes, maxWaitingBytes+maxPayload+1)
	}
	require.ErrorIs(t, err, ErrProtocol)
}

// What a host may have under way must fit what a viewer lets wait.
func TestTheHostsBoundIsBelowTheViewers(t *testing.T) {
	var k kept
	for !k.full() {
		k.add(make([]byte, maxPayload-objectsHeader-ObjectOverhead))
	}
	require.LessOrEqual(t, k.bytes, maxWaitingBytes)
	var small kept
	for !small.full() {
		small.add([]byte{1})
	}
	require.LessOrEqual(t, len(small.objects)-1+maxPayload/2, maxKeptObjects, "what was there, and the most that one message adds")
	small.ack(10)
	small.ack(5)
	require.Equal(t, uint64(10), small.acked)
	last := small.last()
	small.ack(last)
	require.Zero(t, small.bytes)
	require.Equal(t, last, small.last())
}

func FuzzStreamsSurviveAnyOrder(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, seed, seed2 uint64) {
		random := rand.New(rand.NewPCG(seed, seed2))
		var q sendQueue
		sent := map[Stream][]string{}
		for range 1 + random.IntN(20) {
			s := Stream(1 + random.IntN(MaxStream))
			msg := strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(3000))
			sent[s] = append(sent[s], msg)
			q.put(s, []byte(msg))
		}
		var packets [][]byte
		for !q.empty() {
			size := 30 + random.IntN(maxPayload-30)
			b, _, _ := q.fill(appendStreamsHeader(nil, uint64(len(packets))), size)
			require.LessOrEqual(t, len(b), size)
			packets = append(packets, b, b)
		}
		random.Shuffle(len(packets), func(i, j int) { packets[i], packets[j] = packets[j], packets[i] })
		var order streamOrder
		got := map[Stream][]string{}
		for _, b := range packets {
			m, err := parseStreams(b, 0)
			require.NoError(t, err)
			for _, fr := range m.fragments {
				ready, err := order.accept(fr)
				require.NoError(t, err)
				for _, msg := range ready {
					got[fr.stream] = append(got[fr.stream], string(msg))
				}
			}
		}
		require.Equal(t, sent, got)
		require.Zero(t, order.bytes)
		require.Empty(t, order.waiting)
	})
}

// What waits for a gap to be filled must not take more of the heap than is counted, whatever came in the same packets: here nothing
// but duplicates, which are dropped. The count is allowed to be half of what a map really takes.
func TestWhatWaitsTakesNoMoreMemoryThanIsCounted(t *testing.T) {
	const most = 2 * maxWaitingBytes
	filler := make([]byte, 1000)
	t.Run("fragments", func(t *testing.T) {
		for _, n := range []int{0, 100} {
			var o streamOrder
			known := fragment{stream: MaxStream, data: filler}
			_, err := o.accept(known)
			require.NoError(t, err)
			grew := heapGrowth(func() {
				for s := Stream(1); err == nil; s++ {
					for number := uint64(1); number <= maxWaitingFragments && err == nil; number++ {
						b := fragment{stream: s, number: number, data: filler[:n]}.append(appendStreamsHeader(nil, 0))
						var m streamsMessage
						if m, err = parseStreams(known.append(b), 0); err != nil {
							break
						}
						for _, f := range m.fragments {
							if err == nil {
								_, err = o.accept(f)
							}
						}
					}
				}
			})
			require.ErrorIs(t, err, ErrProtocol)
			require.ErrorContains(t, err, "wait for a missing fragment")
			t.Logf("%d fragments of %d bytes wait: %d kB of heap, of which %d counted", len(o.waiting), n, grew>>10, o.bytes>>10)
			require.Less(t, grew, most)
		}
	})
	t.Run("objects", func(t *testing.T) {
		var o objectOrder
		_, err := o.accept(1, [][]byte{filler})
		require.NoError(t, err)
		grew := heapGrowth(func() {
			for n := uint64(3); n <= maxKeptObjects; n++ {
				packet := make([]byte, 1+len(filler))
				_, err = o.accept(n, [][]byte{packet[:1]})
				require.NoError(t, err)
			}
		})
		t.Logf("%d objects of a byte wait: %d kB of heap", len(o.waiting), grew>>10)
		require.Less(t, grew, 1<<20)
	})
}

// heapGrowth is by how many bytes f makes the heap grow for good.
func heapGrowth(f func()) int {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int(after.HeapAlloc) - int(before.HeapAlloc)
}

// What an end may have sent beyond a gap in its streams must fit what the other end lets wait.
func TestTheSendersBoundIsBelowTheReceivers(t *testing.T) {
	for _, n := range []int{0, 1, 100, maxPayload} {
		var u unreported
		var order streamOrder
		var q sendQueue
		number := uint64(0)
		for ; !u.full(); number++ {
			for q.bytes < maxPayload {
				q.put(1, make([]byte, n))
			}
			b, fragments, _ := q.fill(appendStreamsHeader(nil, number), maxPayload)
			u.add(number, len(b), fragments)
			m, err := parseStreams(b, number)
			require.NoError(t, err)
			if number == 0 {
				continue // it gets lost
			}
			for _, f := range m.fragments {
				_, err := order.accept(f)
				require.NoError(t, err)
			}
		}
		for late := uint64(1); late < number; late++ {
			u.arrived(late)
		}
		require.True(t, u.full(), "the gap is still there")
		u.arrived(0)
		require.False(t, u.full())
		require.Empty(t, u.packets)
	}
}
