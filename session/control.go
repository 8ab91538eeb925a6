package session

import (
	"fmt"
	"strings"
)

// The streams of a session beside its pixels; the application's own begin at FirstStream.
const (
	streamControl = 1
	streamInput   = 2
	streamCursor  = 3
	// FirstStream is the first of transport's stream numbers, which end at 31, that a session leaves to the application.
	FirstStream = 16
)

// control messages, host to viewer: one byte of kind, then the text.
const (
	controlBye = 1 // the host ends the session: the viewer must not come back by itself
)

// maxReason is the longest text of a goodbye, in bytes.
const maxReason = 200

func appendBye(b []byte, reason string) []byte {
	reason = strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
	return append(append(b, controlBye), reason...)
}

func parseControl(b []byte) (reason string, err error) {
	if len(b) == 0 || b[0] != controlBye || len(b) > 1+maxReason {
		return "", fmt.Errorf("session: the host sent a control message that this version does not know")
	}
	return string(b[1:]), nil
}
