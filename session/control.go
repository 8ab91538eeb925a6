package session

import (
	"encoding/binary"
	"errors"
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

// Control messages: one byte of kind, then what belongs to it.
const (
	controlBye    = 1 // host to viewer: it ends the session, the viewer must not come back by itself; a text
	controlCoarse = 3 // host to viewer: how many tiles of its picture are not exact; a varint
	controlSeen   = 2 // viewer to host: whether anyone looks at the picture; one byte, 0 or 1
)

var errControl = errors.New("session: a control message came that this version does not know")

// maxReason is the longest text of a goodbye, in bytes.
const maxReason = 200

func appendBye(b []byte, reason string) []byte {
	reason = strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
	return append(append(b, controlBye), reason...)
}

func appendSeen(b []byte, seen bool) []byte {
	if seen {
		return append(b, controlSeen, 1)
	}
	return append(b, controlSeen, 0)
}

// parseSeen reads a viewer's control message.
func parseSeen(b []byte) (seen bool, err error) {
	if len(b) != 2 || b[0] != controlSeen || b[1] > 1 {
		return false, errControl
	}
	return b[1] == 1, nil
}

func appendCoarse(b []byte, tiles int) []byte {
	return binary.AppendUvarint(append(b, controlCoarse), uint64(tiles))
}

// fromHost is a host's control message.
type fromHost struct {
	kind   byte
	reason string // of a bye
	coarse int    // tiles
}

// maxTiles is the most that a picture has.
const maxTiles = 1 << 18

func parseFromHost(b []byte) (m fromHost, err error) {
	if len(b) == 0 {
		return m, errControl
	}
	m.kind, b = b[0], b[1:]
	switch m.kind {
	case controlBye:
		if len(b) > maxReason {
			return m, errControl
		}
		m.reason = string(b)
	case controlCoarse:
		r := reader{b: b}
		if m.coarse = int(r.uvarint(maxTiles)); r.bad || len(r.b) > 0 {
			return m, errControl
		}
	default:
		return m, errControl
	}
	return m, nil
}
