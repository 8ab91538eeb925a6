// Embed is both ends in one program: a board that it draws, and its own page around the viewer.
//
//	go run ./examples/embed
package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/session/web"
	"github.com/thinpane/thinpane/transport"
)

//go:embed page.html
var page []byte

// board is the Source: whoever drags the pointer over it draws.
type board struct {
	mu     sync.Mutex
	screen *session.Screen
	pic    *image.RGBA
	down   bool
	last   image.Point
}

// Run shows the empty board. All else changes with what viewers do.
func (b *board) Run(ctx context.Context, s *session.Screen) error {
	b.screen, b.pic = s, image.NewRGBA(image.Rect(0, 0, 640, 400))
	b.clear(nil, 0, nil)
	<-ctx.Done()
	return ctx.Err()
}

// clear is what the page's own message asks for.
func (b *board) clear(*session.Peer, transport.Stream, []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	draw.Draw(b.pic, b.pic.Rect, image.NewUniform(color.RGBA{250, 248, 240, 255}), image.Point{}, draw.Src)
	b.screen.Update(codec.PictureOf(b.pic), codec.Hints{})
}

// input draws a line of dots from where the pointer was to where it is.
func (b *board) input(_ *session.Peer, in session.Input) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := image.Pt(in.X, in.Y)
	switch in.Kind {
	case session.Button:
		b.down, b.last = in.Down, at
	case session.Pointer:
	default:
		return
	}
	way := at.Sub(b.last)
	for n, i := max(way.X, -way.X, way.Y, -way.Y, 1), 0; b.down && i <= n; i++ {
		dot := image.Rect(-2, -2, 2, 2).Add(b.last).Add(way.Mul(i).Div(n))
		draw.Draw(b.pic, dot, image.NewUniform(color.RGBA{20, 60, 140, 255}), image.Point{}, draw.Src)
	}
	b.last = at
	b.screen.Update(codec.PictureOf(b.pic), codec.Hints{})
}

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "`address` of the page")
	flag.Parse()
	b, token := &board{}, rand.Text()
	host, err := session.NewHost(b, session.HostConfig{
		Transport: transport.HostConfig{Authorize: func(_ context.Context, _ *http.Request, t string) (transport.Grant, error) {
			if subtle.ConstantTimeCompare([]byte(t), []byte(token)) != 1 {
				return transport.Grant{}, errors.New("wrong token")
			}
			return transport.Grant{User: "somebody"}, nil
		}},
		OnInput:   b.input,
		OnMessage: b.clear,
	})
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { w.Write(page) })
	http.Handle("GET /thinpane.js", web.Handler())
	http.Handle("/board", host)
	socket, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Open http://%s/#%s\n", socket.Addr(), token)
	log.Fatal(http.Serve(socket, nil))
}
