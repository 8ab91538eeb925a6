package transport

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

// gatherWithin: an offer or answer waits so long for STUN and TURN servers to tell our address; what comes later is sent after it
// (viewer) or must be found by the checks (host).
const gatherWithin = 300 * time.Millisecond

// Dial asks the host at a URL (http or https) for a session, and returns once the channel is open. It fails with ErrRefused,
// ErrFull, ErrGone or ErrSetup, or the context's error.
//
//	viewer                                host
//	  |---- POST offer, bearer token ------>|
//	  |<--- 201 answer, Location -----------|
//	  |<=== ICE, DTLS, SCTP, over UDP =====>|
func Dial(ctx context.Context, at string, cfg DialConfig) (*Conn, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if err := checkURL(at); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	e, err := newEngine(cfg.Config, false)
	if err != nil {
		return nil, err
	}
	p, err := e.newPeer("", func() { _ = e.close() })
	if err != nil {
		_ = e.close()
		return nil, fmt.Errorf("transport: %w: %w", ErrSetup, err)
	}
	s := signaller{url: at, token: cfg.Token, client: cfg.HTTPClient}
	if err := s.connect(ctx, p, cfg.SetupTimeout); err != nil {
		p.close()
		return nil, fmt.Errorf("transport: dial %s: %w", at, err)
	}
	return newConn(p, false, Grant{}, cfg.MaxUplink), nil
}

// signaller is the viewer's half of the HTTP exchange.
type signaller struct {
	url, token string
	client     *http.Client
	session    string // URL of what the host made for us
}

func (s *signaller) connect(ctx context.Context, p *peer, within time.Duration) error {
	late := make(chan webrtc.ICECandidateInit, maxCandidates)
	p.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			select {
			case late <- c.ToJSON():
			default:
			}
		}
	})
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	local, err := p.describe(ctx, offer)
	if err != nil {
		return err
	}
	answer, err := s.offer(ctx, p, local)
	if err != nil {
		return err
	}
	p.check.aim(local, answer)
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		s.end()
		return fmt.Errorf("%w: the answer: %w", ErrSetup, err)
	}
	timer := time.NewTimer(within)
	defer timer.Stop()
	again := time.NewTicker(checkRetry)
	defer again.Stop()
	for {
		select {
		case <-p.opened:
			return nil
		case <-again.C:
			p.check.send()
			continue
		case c := <-late:
			if bare := bareCandidate(c.Candidate); !strings.Contains(local, bare) {
				s.trickle(ctx, p, local, bare)
			}
			continue
		case <-p.failed:
			err = fmt.Errorf("%w: the channel did not open", ErrSetup)
		case <-timer.C:
			err = fmt.Errorf("%w: no packets came through within %v", ErrSetup, within)
		case <-ctx.Done():
			err = ctx.Err()
		}
		s.end()
		return err
	}
}

// describe sets a local description and returns it, with the candidates that are known soon.
func (p *peer) describe(ctx context.Context, d webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(d); err != nil {
		return "", fmt.Errorf("%w: %w", ErrSetup, err)
	}
	timer := time.NewTimer(gatherWithin)
	defer timer.Stop()
	select {
	case <-gathered:
	case <-timer.C:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return describeOnWire(p.pc.LocalDescription().SDP), nil
}

func (s *signaller) offer(ctx context.Context, p *peer, sdp string) (answer string, err error) {
	resp, err := s.do(ctx, http.MethodPost, s.url, typeSDP, sdp)
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%w: %w", ErrSetup, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxSDP+1))
	if err != nil {
		return "", fmt.Errorf("%w: the answer was cut off: %w", ErrSetup, err)
	}
	if err := statusError(resp, body); err != nil {
		return "", err
	}
	where, err := resp.Location()
	if err != nil {
		return "", fmt.Errorf("%w: the host named no session: %w", ErrSetup, err)
	}
	s.session = where.String()
	p.id = where.Query().Get(sessionKey)
	if len(body) > maxSDP {
		s.end()
		return "", fmt.Errorf("%w: the answer is longer than %d bytes", ErrSetup, maxSDP)
	}
	if err := checkVersion(string(body)); err != nil {
		s.end()
		return "", fmt.Errorf("%w: the answer: %w", ErrSetup, err)
	}
	return string(body), nil
}

func statusError(resp *http.Response, body []byte) error {
	said := strings.TrimSpace(string(body[:min(len(body), 200)]))
	var kind error
	switch resp.StatusCode {
	case http.StatusCreated:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		kind = ErrRefused
	case http.StatusServiceUnavailable:
		kind = ErrFull
	case http.StatusNotFound, http.StatusGone:
		kind = ErrGone
	default:
		kind = ErrSetup
	}
	return fmt.Errorf("%w: %s: %q", kind, resp.Status, said)
}

// trickle tells the host of an address that a STUN or TURN server named late. Where it fails the others may do.
func (s *signaller) trickle(ctx context.Context, p *peer, local, candidate string) {
	f := sdpFragment{ufrag: attribute(local, "ice-ufrag"), pwd: attribute(local, "ice-pwd"), mid: attribute(local, "mid"), candidates: []string{candidate}}
	resp, err := s.do(ctx, http.MethodPatch, s.session, typeFrag, f.String())
	if err != nil {
		p.log.Debug("late candidate", "error", err)
		return
	}
	resp.Body.Close()
	p.log.Debug("late candidate", "candidate", candidate, "status", resp.StatusCode)
}

// end gives the host its place back, when the session did not come about.
func (s *signaller) end() {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if resp, err := s.do(ctx, http.MethodDelete, s.session, "", ""); err == nil {
		resp.Body.Close()
	}
}

func (s *signaller) do(ctx context.Context, method, url, contentType, body string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("User-Agent", "thinpane")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	return s.client.Do(req)
}

func checkURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("transport: dial %q: %w: not a URL of http or https", raw, ErrSetup)
	}
	return nil
}
