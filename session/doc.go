// Package session joins codec and transport to a screen that is seen, and touched, from far away.
//
// A [Host] takes a [Source]'s pictures and shows them to any number of viewers, each at the pace of its own line; a
// [Viewer] hands them to a [Sink] and sends back what its user does.
//
//	Source --Update--> Screen        the newest picture, looked at once for all viewers
//	                     |
//	       per viewer: Peer.show     waits until the line has room and there is something newer;
//	                     |           scheduler says what: news first, refinement when hands rest
//	                     |  CPU      one turn of the processor, by priority
//	                     v
//	          codec.Encoder.Append   at most one packet of the newest picture
//	                     |
//	          transport.Conn   ===== line =====>   transport.Conn
//	                     ^                               |
//	                     |                         Viewer.watch: codec.Decoder, then Sink.Show
//	    OnInput <-- Peer.listen  <===== line ======  inputQueue <-- SendInput
//
// Nothing waits in a queue of pixels: a picture that has been overtaken is never sent. What is sent is decided when
// the line can take it.
package session
