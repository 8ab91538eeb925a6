// Package netsim simulates a thin line between two ends, for datagrams and for byte streams
// under the same bottleneck, in real time and in the virtual time of testing/synctest.
//
// The way of a packet, one way ([Down] leads from the [Near] end, the host's, to the [Far] end):
//
//	PacketConn.WriteTo ──┐                                        ┌──▶ PacketConn.ReadFrom
//	Conn.Write ─▶ TCP ───┴▶ Pipe ────────────────────────────────▶┴──▶ TCP ─▶ Conn.Read
//	                        │  queue ──▶ rate ──▶ loss ──▶ delay and jitter
//	                        │  (FIFO)    (steps,  (random, (never reorders)
//	                        ▼            outages)  bursts)
//	                     dropped: queue full, or above the MTU
//
// A [Line] says what happens there; [Load] knows the lines that the library is measured on, and
// reads files of one's own. A [Pipe] is one direction as a pure function of time, without sockets;
// [New] joins two of them into a [Net], with sockets at both ends that unmodified programs use:
// pion through ice.NewUDPMuxDefault, net/http through [Net.Listen] and [Net.Dial].
//
// A packet costs its IP length: a datagram its payload and 28 bytes, a segment of a stream its
// payload and 52 (with the time stamps that Linux sends). All packets that enter are logged.
//
// # Streams
//
// A stream is TCP as a server on Linux speaks it, as far as time is concerned: a handshake; an
// initial window of ten segments (RFC 6928); slow start and congestion avoidance (RFC 5681) counted
// in acknowledged bytes; NewReno (RFC 6582), without SACK, with limited transmit (RFC 3042);
// a retransmission time-out (RFC 6298) of the smoothed round trip and at least 200 ms; an
// acknowledgement for every second segment, or after 40 ms; a receive window of 4 MiB. There is no
// Nagle delay, as Go's net package has none.
//
// Without SACK one loss is repaired a round trip. Where slow start overruns the queue of a fast or
// long line, that is slower than today's systems are: 1 MB takes 2 % longer than the line needs on
// dsl-512k, 4 % on vpn-1m, 32 % on dsl-2m.
//
// Write takes 64 KiB ahead of what has been sent (SetWriteBuffer changes that), then it waits.
// Close returns at once, and what has been written still crosses.
//
// # In a bubble of testing/synctest
//
// Make the Net inside the bubble, close what uses it, then the Net: [Net.Close] ends its
// goroutines and waits for them. Nothing here sleeps while it holds a lock, so time passes
// whenever all of the program's goroutines wait, and packets arrive to the nanosecond. In real time
// they arrive as late as the system's timers are: up to a millisecond.
package netsim
