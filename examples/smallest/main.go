// Smallest is a host and a viewer in one program: the code of README.
package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

func main() {
	// A host: a Source that draws, and a rule about who may watch.
	host, err := session.NewHost(session.SourceFunc(func(ctx context.Context, s *session.Screen) error {
		pic := image.NewRGBA(image.Rect(0, 0, 640, 360))
		for x := 0; s.Wanted(ctx) == nil; x++ {
			pic.Set(x%640, 180, color.White)
			s.Update(codec.PictureOf(pic), codec.Hints{})
		}
		return ctx.Err()
	}), session.HostConfig{Transport: transport.HostConfig{
		Authorize: func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if token != "secret" {
				return transport.Grant{}, fmt.Errorf("wrong token")
			}
			return transport.Grant{User: "me"}, nil
		},
	}})
	if err != nil {
		log.Fatal(err)
	}
	socket, _ := net.Listen("tcp", "127.0.0.1:0")
	go http.Serve(socket, host)

	// A viewer: a Sink that shows, here by printing what changed.
	viewer, err := session.Dial(context.Background(), "http://"+socket.Addr().String(),
		session.SinkFunc(func(f session.Frame) { fmt.Println(f.Picture.Size, f.Damage) }),
		session.ViewerConfig{Transport: transport.DialConfig{Token: "secret"}})
	if err != nil {
		log.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	viewer.Close()
	host.Close()
}
