// Package coding lets recordings pass through the codec without a line: how many bytes
// they take, how fast they are coded, and whether what comes out is what went in.
package coding
