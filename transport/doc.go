// Package transport carries numbered objects and small messages between a host and its viewers, over thin and lossy lines, through
// WebRTC data channels.
package transport
