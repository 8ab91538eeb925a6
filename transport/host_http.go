package transport

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/pion/webrtc/v4"
)

// ServeHTTP is the host's half of the signalling, in the manner of WHEP (draft-ietf-wish-whep; RFC 9725 for its sister WHIP):
//
//	POST    offer (application/sdp)                       201, answer, Location ?session=…
//	PATCH   candidates (application/trickle-ice-sdpfrag)  204; 422 where it would restart ICE
//	DELETE                                                200, the session has ended
//	OPTIONS                                               204, Accept-Post
//
// Every request but OPTIONS carries the viewer's bearer token. There are no headers for other origins: a page of another site
// cannot ask. Errors are one sentence of plain text.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get(sessionKey)
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", allow(id))
		w.Header().Set("Accept-Post", typeSDP)
		w.WriteHeader(http.StatusNoContent)
	case id == "" && r.Method == http.MethodPost:
		h.servePost(w, r)
	case id != "" && (r.Method == http.MethodPatch || r.Method == http.MethodDelete):
		s := h.session(id)
		if s == nil {
			http.Error(w, "There is no such session.", http.StatusNotFound)
			return
		}
		sum := sha256.Sum256([]byte(bearer(r)))
		if subtle.ConstantTimeCompare(sum[:], s.token[:]) != 1 {
			unauthorized(w, "This session began with another token.")
			return
		}
		if r.Method == http.MethodPatch {
			servePatch(w, r, s)
			return
		}
		h.end(s)
		w.WriteHeader(http.StatusOK)
	default:
		w.Header().Set("Allow", allow(id))
		http.Error(w, "POST an offer here, or PATCH or DELETE what its Location named.", http.StatusMethodNotAllowed)
	}
}

func allow(id string) string {
	if id == "" {
		return "POST, OPTIONS"
	}
	return "PATCH, DELETE, OPTIONS"
}

// bearer is the request's token; "" without one.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func unauthorized(w http.ResponseWriter, text string) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	http.Error(w, text, http.StatusUnauthorized)
}

func (h *Host) servePost(w http.ResponseWriter, r *http.Request) {
	token := bearer(r)
	if h.cfg.Authorize == nil {
		unauthorized(w, "This host lets nobody in.")
		return
	}
	grant, err := h.cfg.Authorize(r.Context(), r, token)
	switch {
	case errors.Is(err, ErrForbidden):
		http.Error(w, "This token is not allowed here.", http.StatusForbidden)
		return
	case err != nil:
		h.cfg.Logger.Info("viewer refused", "from", r.RemoteAddr, "error", err)
		unauthorized(w, "This token lets nobody in.")
		return
	}
	offer, ok := body(w, r, typeSDP)
	if !ok {
		return
	}
	if err := checkVersion(offer); err != nil {
		http.Error(w, fmt.Sprintf("The offer cannot be answered: %v.", err), http.StatusBadRequest)
		return
	}
	s, err := h.admit(token)
	switch {
	case errors.Is(err, ErrFull), errors.Is(err, ErrClosed):
		w.Header().Set("Retry-After", "10")
		http.Error(w, "The host takes no more viewers now.", http.StatusServiceUnavailable)
		return
	case err != nil:
		h.cfg.Logger.Warn("no session could be made", "error", err)
		http.Error(w, "The host cannot make a session.", http.StatusInternalServerError)
		return
	}
	answer, err := s.answer(r, offer)
	if err != nil {
		s.peer.close()
		http.Error(w, fmt.Sprintf("The offer cannot be answered: %v.", err), http.StatusBadRequest)
		return
	}
	go h.await(s, grant)
	w.Header().Set("Content-Type", typeSDP)
	w.Header().Set("Location", location(r.URL, s.peer.id))
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer)
}

// location keeps the query that led here, which may choose among several hosts.
func location(at *url.URL, id string) string {
	q := at.Query()
	q.Set(sessionKey, id)
	return "?" + q.Encode()
}

func (s *hostSession) answer(r *http.Request, offer string) (string, error) {
	pc := s.peer.pc
	s.ufrag, s.mid = attribute(offer, "ice-ufrag"), attribute(offer, "mid")
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	if len(pc.GetTransceivers()) > 0 {
		return "", errors.New("it asks for audio or video, and there are only data channels")
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return s.peer.describe(r.Context(), answer)
}

// servePatch adds candidates. ICE cannot be restarted yet, and RFC 9725 (4.3.1) wants 422 then.
func servePatch(w http.ResponseWriter, r *http.Request, s *hostSession) {
	text, ok := body(w, r, typeFrag)
	if !ok {
		return
	}
	f, err := parseFragment(text)
	if err != nil {
		http.Error(w, fmt.Sprintf("The fragment cannot be used: %v.", err), http.StatusBadRequest)
		return
	}
	if f.ufrag != s.ufrag {
		http.Error(w, "ICE is not restarted here: end this session and POST a new offer.", http.StatusUnprocessableEntity)
		return
	}
	for _, c := range f.candidates {
		if err := s.peer.addCandidate(c, s.mid); err != nil {
			http.Error(w, fmt.Sprintf("The fragment cannot be used: %v.", err), http.StatusBadRequest)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// body reads a request's text of the type given, or answers the request itself.
func body(w http.ResponseWriter, r *http.Request, wanted string) (string, bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != wanted {
		http.Error(w, fmt.Sprintf("The body must be of type %s.", wanted), http.StatusUnsupportedMediaType)
		return "", false
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSDP))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		http.Error(w, fmt.Sprintf("The body must be at most %d bytes long.", maxSDP), http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "The body was cut off.", http.StatusBadRequest)
	default:
		return string(b), true
	}
	return "", false
}
