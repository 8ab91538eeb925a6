// Smallest is a host and a viewer in one program: the code of README.
package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"net"
	"net/http"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

// draw is the host's Source: whenever a viewer has room for a newer picture, a point more.
func draw(ctx context.Context, s *session.Screen) error {
	pic := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for x := 0; s.Wanted(ctx) == nil; x++ {
		pic.Set(x%640, 180, color.White)
		s.Update(codec.PictureOf(pic), codec.Hints{})
	}
	return ctx.Err()
}

// allow decides who may watch.
func allow(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
	if token != "secret" {
		return transport.Grant{}, errors.New("wrong token")
	}
	return transport.Grant{User: "me"}, nil
}

// show is the viewer's Sink: here it prints what has changed.
func show(f session.Frame) { fmt.Println(f.Picture.Size, f.Damage) }

func main() {
	host, _ := session.NewHost(session.SourceFunc(draw), session.HostConfig{Transport: transport.HostConfig{Authorize: allow}})
	socket, _ := net.Listen("tcp", "127.0.0.1:8080")
	go http.Serve(socket, host)
	viewer, _ := session.Dial(context.Background(), "http://127.0.0.1:8080", session.SinkFunc(show),
		session.ViewerConfig{Transport: transport.DialConfig{Token: "secret"}})
	time.Sleep(3 * time.Second)
	viewer.Close()
	host.Close()
}
