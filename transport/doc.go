// Package transport carries numbered objects and small messages between a host and its viewers, over thin, long and lossy lines,
// through WebRTC data channels (pion). It is the one package here that knows packets, time and the line; it knows no pixels.
//
// The way of an object:
//
//	host's loop                                                            viewer's loop
//	  Conn.Budget <--- controller <--- reports: which packets came, and when <--- reporter
//	      |            (is the line free? how fast is it?)                           ^
//	      v                                                                          |
//	  Conn.SendObjects --> message --> SCTP --> DTLS --> gate ==== line ====> objectOrder --> Conn.Receive
//	      |                (one packet)                  (holds back what             |
//	      v                                               SCTP sends again)           v
//	  kept until decoded <------------------- state, with the reports <-------- Conn.Decoded
//
// Nothing waits in a queue on the way: a packet is made only when the line may carry it (Budget), so that what is sent is the
// newest there is. The queue in front of the line is kept at about one packet. Objects arrive in order, each once; their numbers,
// from 1, are the states of the viewer's picture. Small streams (Conn.Send) are reliable and ordered too, both ways, and go first.
//
// Signalling is an HTTP exchange in WHEP's manner: a Host is an http.Handler. SPEC.md defines all that crosses the line.
//
// Files, in the order in which things happen: config, host, host_http, signal, dial, check (set-up); engine, peer, socket, gate (what
// lies below); conn, conn_send, conn_receive (the shell: the one place with goroutines and a clock); sendqueue, unreported, kept,
// objectorder, streamorder, inbox (what waits); wire* (the bytes); reporter, controller, flight, delaybase, rate, faster, pause, rival,
// overload, site (measuring the line: all are told the time).
package transport
