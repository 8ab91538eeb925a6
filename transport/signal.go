package transport

import (
	"errors"
	"fmt"
	"strings"
)

// Signalling is an HTTP exchange in WHEP's manner. These are the parts that host and viewer share.
const (
	typeSDP  = "application/sdp"
	typeFrag = "application/trickle-ice-sdpfrag" // RFC 8840
	// sessionKey is the parameter of the query that names a session: Location replaces the query alone, so that whatever path
	// a proxy shows the host under stays right.
	sessionKey = "session"
	// maxSDP in bytes: an offer with 100 candidates has 10 kB.
	maxSDP = 32 << 10
	// versionLine is an attribute of the offer's and the answer's last media section: what the channel carries, by SPEC.md.
	versionLine = "a=thinpane:1"
)

// describeOnWire makes a description as short as it can be, for a lost or late kB of signalling costs half a second on a thin line, and
// adds versionLine to its last (and only) media section. What it drops says nothing about data channels: there is no second
// component (RTCP), no media, and a candidate's extensions repeat what stands above.
func describeOnWire(sdp string) string {
	var b strings.Builder
	for line := range strings.Lines(sdp) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "", line == "a=extmap-allow-mixed", line == "a=sendrecv", strings.HasPrefix(line, "a=msid-semantic"):
			continue
		case strings.HasPrefix(line, "a=candidate:"):
			if fields := strings.Fields(line); len(fields) > 1 && fields[1] == "2" {
				continue
			}
			line = bareCandidate(line)
		}
		b.WriteString(line)
		b.WriteString("\r\n")
	}
	b.WriteString(versionLine)
	b.WriteString("\r\n")
	return b.String()
}

// bareCandidate is a candidate without the extensions at its end.
func bareCandidate(line string) string {
	bare, _, _ := strings.Cut(line, " ufrag ")
	return bare
}

// checkVersion wants version 1.
func checkVersion(sdp string) error {
	for line := range strings.Lines(sdp) {
		if version, ok := strings.CutPrefix(strings.TrimSpace(line), "a=thinpane:"); ok {
			if version != "1" {
				return fmt.Errorf("version %.20q of the protocol is not known, only 1 is", version)
			}
			return nil
		}
	}
	return errors.New("the description has no line a=thinpane:1")
}

// fragment of SDP that adds candidates (RFC 8840, section 9).
type sdpFragment struct {
	ufrag, pwd, mid string
	candidates      []string // "candidate:…", without "a="
}

// maxCandidates in one fragment.
const maxCandidates = 32

func (f sdpFragment) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:%s\r\n", f.ufrag, f.pwd, f.mid)
	for _, c := range f.candidates {
		fmt.Fprintf(&b, "a=%s\r\n", c)
	}
	return b.String()
}

func parseFragment(text string) (sdpFragment, error) {
	var f sdpFragment
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		key, value, _ := strings.Cut(line, ":")
		switch key {
		case "a=ice-ufrag":
			f.ufrag = value
		case "a=ice-pwd":
			f.pwd = value
		case "a=mid":
			f.mid = value
		case "a=candidate":
			if len(f.candidates) == maxCandidates {
				return f, fmt.Errorf("more than %d candidates", maxCandidates)
			}
			f.candidates = append(f.candidates, line[2:])
		}
	}
	if f.ufrag == "" {
		return f, errors.New("the fragment has no line a=ice-ufrag")
	}
	return f, nil
}

// attribute is the value of the first line a=name:value of a description; "" if there is none.
func attribute(sdp, name string) string {
	for line := range strings.Lines(sdp) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "a="+name+":"); ok {
			return value
		}
	}
	return ""
}
