// Package rival sends the same recordings over the same lines by simpler means, to set our
// figures beside: each damaged rectangle as a PNG, and as Tight, the encoding of TigerVNC
// and TightVNC. Both run over one simulated TCP connection (netsim: NewReno, an initial
// window of ten segments) behind RFB's handshake, with one update outstanding, as in VNC:
//
//	viewer                                   server
//	request  ------------------------------> waits until something has changed
//	   ^                                          |
//	   |     rectangles, painted as they come     v
//	   +------------------------------------  all that has changed by now
//
// # How near they come to TigerVNC
//
// Tight here divides and chooses as TigerVNC 1.12 does: rectangles of one colour apart,
// palettes up to 96 colours, JPEG for more, at the quality of its level 6 (79); and it sends
// exactly, when idle, what went as JPEG. Where it differs, it is kinder to the rival:
//
//   - zlib at level 6 instead of 2;
//   - damage on a grid of 16 pixels against what was sent last;
//   - rectangles are painted as they arrive, where TigerVNC's viewer paints whole updates;
//   - no time is charged for coding, on either side.
//
// TigerVNC keeps more than one update under way (fences, continuous updates) and measures
// the line's congestion; here the next request waits for the end of the update. TigerVNC
// refreshes while one types, here only after half a second without a change.
//
// Measured has TigerVNC's own figures with the recordings of this repository, and the report
// prints them beside these. In short: first screens come within a fifth of each other, the
// share of the screen that is out of date within a third; medians of single changes lie
// between half and one and a half of TigerVNC's, the slowest changes mostly come sooner;
// half to three quarters of the bytes are sent.
package rival
