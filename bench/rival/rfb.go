package rival

import (
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// The messages of RFB 3.8 (RFC 6143) that a session here needs, with their true lengths:
//
//	server                                viewer
//	"RFB 003.008\n"                 ->
//	                                <-    "RFB 003.008\n"
//	1 kind of security: none        ->
//	                                <-    none
//	ok                              ->
//	                                <-    share the desktop
//	size, pixel format, name        ->
//	                                <-    pixel format, encodings, request of the whole screen
//	update: rectangles              ->
//	                                <-    request of what has changed since; keys at any time
//	...
const (
	version     = "RFB 003.008\n"
	desktopName = "desktop"

	serverInitSize  = 24 + len(desktopName)
	pixelFormatSize = 20
	encodingsSize   = 4 + 4*12 // a dozen encodings, as viewers name
	requestSize     = 10
	keySize         = 8
	updateHeadSize  = 4
)

// Types of messages.
const (
	typePixelFormat = 0
	typeEncodings   = 2
	typeRequest     = 3
	typeKey         = 4
	typeUpdate      = 0
)

// accept is the server's part of the handshake.
func accept(c io.ReadWriter, size image.Point) error {
	if _, err := io.WriteString(c, version); err != nil {
		return err
	}
	if err := skip(c, len(version)); err != nil {
		return err
	}
	if _, err := c.Write([]byte{1, 1}); err != nil {
		return err
	}
	if err := skip(c, 1); err != nil {
		return err
	}
	if _, err := c.Write(make([]byte, 4)); err != nil {
		return err
	}
	if err := skip(c, 1); err != nil {
		return err
	}
	init := binary.BigEndian.AppendUint16(nil, uint16(size.X))
	init = binary.BigEndian.AppendUint16(init, uint16(size.Y))
	init = append(init, make([]byte, serverInitSize-len(init)-len(desktopName))...)
	if _, err := c.Write(append(init, desktopName...)); err != nil {
		return err
	}
	return skip(c, pixelFormatSize+encodingsSize)
}

// connect is the viewer's part of the handshake; it returns the screen's size.
func connect(c io.ReadWriter) (image.Point, error) {
	for _, step := range []struct {
		get int
		say []byte
	}{{len(version), []byte(version)}, {2, []byte{1}}, {4, []byte{1}}} {
		if err := skip(c, step.get); err != nil {
			return image.Point{}, err
		}
		if _, err := c.Write(step.say); err != nil {
			return image.Point{}, err
		}
	}
	init := make([]byte, serverInitSize)
	if _, err := io.ReadFull(c, init); err != nil {
		return image.Point{}, err
	}
	wishes := make([]byte, pixelFormatSize+encodingsSize)
	wishes[0], wishes[pixelFormatSize] = typePixelFormat, typeEncodings
	_, err := c.Write(wishes)
	return image.Pt(int(binary.BigEndian.Uint16(init)), int(binary.BigEndian.Uint16(init[2:]))), err
}

// writeRequest asks for what changes from now on.
func writeRequest(w io.Writer) error {
	b := make([]byte, requestSize)
	b[0], b[1] = typeRequest, 1
	_, err := w.Write(b)
	return err
}

// writeKey sends the n-th input.
func writeKey(w io.Writer, n int) error {
	b := make([]byte, keySize)
	b[0] = typeKey
	binary.BigEndian.PutUint32(b[4:], uint32(n))
	_, err := w.Write(b)
	return err
}

// readMessage reads what the viewer sends: a request, or the n-th input.
func readMessage(r io.Reader) (request bool, n int, err error) {
	var b [requestSize]byte
	if _, err := io.ReadFull(r, b[:1]); err != nil {
		return false, 0, err
	}
	switch b[0] {
	case typeRequest:
		_, err := io.ReadFull(r, b[1:])
		return true, 0, err
	case typeKey:
		_, err := io.ReadFull(r, b[1:keySize])
		return false, int(binary.BigEndian.Uint32(b[4:])), err
	}
	return false, 0, fmt.Errorf("rival: the viewer sent a message of type %d", b[0])
}

// updateHead is the head of an update of n rectangles.
func updateHead(n int) []byte {
	return binary.BigEndian.AppendUint16([]byte{typeUpdate, 0}, uint16(n))
}

func readUpdateHead(r io.Reader) (int, error) {
	var b [updateHeadSize]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, err
	}
	if b[0] != typeUpdate {
		return 0, fmt.Errorf("rival: message %d where an update should be", b[0])
	}
	return int(binary.BigEndian.Uint16(b[2:])), nil
}

func skip(r io.Reader, n int) error {
	_, err := io.CopyN(io.Discard, r, int64(n))
	return err
}
