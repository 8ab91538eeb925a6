// Package greedy measures the transport alone: sources that always have something to send, over a simulated line, through the
// real stack: HTTP signalling, ICE, DTLS, SCTP, the controller. Nothing is coded or decoded.
package greedy
