package transport

import "errors"

// What callers branch on. All are wrapped with a sentence on the case at hand: compare with errors.Is.
var (
	// ErrClosed: this end or the other closed the Conn or Host in order.
	ErrClosed = errors.New("closed")
	// ErrSilent: nothing has come from the other end for 45 s.
	ErrSilent = errors.New("nothing heard from the other end")
	// ErrUnread: this end left what came unread for a minute.
	ErrUnread = errors.New("nobody receives")
	// ErrProtocol: the other end sent what SPEC.md does not allow.
	ErrProtocol = errors.New("the other end broke the protocol")
	// ErrLost: the connection below ended without a word from the other end's Conn.
	ErrLost = errors.New("connection lost")
	// ErrTooLarge: more than one message may carry now, or than a Send may ever carry.
	ErrTooLarge = errors.New("too large")
	// ErrStream: Send to a stream that does not exist.
	ErrStream = errors.New("no such stream")

	// ErrRefused: the host does not let this viewer in (401 or 403).
	ErrRefused = errors.New("refused")
	// ErrForbidden: returned by Authorize to refuse with 403 a viewer whose token is good.
	ErrForbidden = errors.New("forbidden")
	// ErrFull: the host has as many viewers as it takes, or too many with this token are just connecting (503).
	ErrFull = errors.New("host is full")
	// ErrGone: there is no host at this URL (404 or 410).
	ErrGone = errors.New("no host there")
	// ErrSetup: signalling failed, or the packets found no way in time.
	ErrSetup = errors.New("set-up failed")
)
