package web_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/session/web"
	"github.com/thinpane/thinpane/transport"
)

// desk is a host with its page, and what the browser asked for and sent.
type desk struct {
	host   *session.Host
	server *httptest.Server
	mu     sync.Mutex
	asked  []string
	before func(*http.Request) // called with each request before it is answered
	inputs []session.Input
}

// openDesk serves a source on loopback.
func openDesk(t *testing.T, source session.Source) *desk {
	d := &desk{}
	host, err := session.NewHost(source, session.HostConfig{
		Transport: transport.HostConfig{Authorize: func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if token != "secret" {
				return transport.Grant{}, errors.New("wrong token")
			}
			return transport.Grant{User: "browser"}, nil
		}},
		OnInput: func(_ *session.Peer, in session.Input) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.inputs = append(d.inputs, in)
		},
	})
	require.NoError(t, err)
	d.host = host
	mux := http.NewServeMux()
	mux.Handle("GET /", web.Handler())
	mux.HandleFunc("GET /own", func(w http.ResponseWriter, _ *http.Request) { // an application's page, without a policy
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!DOCTYPE html><title>Own</title><link rel="icon" href="data:,"><body style="height: 100vh">`)
	})
	mux.Handle("/", host)
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.asked = append(d.asked, r.Method+" "+r.URL.Path)
		before := d.before
		d.mu.Unlock()
		if before != nil {
			before(r)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		d.server.Close()
		host.Close()
	})
	return d
}

// taken returns the inputs since the last call, once there are so many.
func (d *desk) taken(t *testing.T, n int) []session.Input {
	t.Helper()
	var all []session.Input
	require.Eventually(t, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		all = append(all, d.inputs...)
		d.inputs = nil
		return len(all) >= n
	}, 10*time.Second, 5*time.Millisecond, "%d inputs", n)
	require.Len(t, all, n)
	return all
}

// still shows pictures one after the other, as soon as some viewer has room, and rests at the last.
func still(pictures ...*image.RGBA) session.SourceFunc {
	return func(ctx context.Context, s *session.Screen) error {
		for _, p := range pictures {
			if err := s.Wanted(ctx); err != nil {
				return err
			}
			if err := s.Update(codec.PictureOf(p), codec.Hints{}); err != nil {
				return err
			}
		}
		<-ctx.Done()
		return ctx.Err()
	}
}

// desktop draws text, flat areas and a photograph (noise and gradients), each time a little different.
func desktop(width, height, step int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(p, p.Rect, image.NewUniform(color.RGBA{236, 238, 241, 255}), image.Point{}, draw.Src)
	random := rand.New(rand.NewPCG(1, 2))
	for y := range height / 3 {
		for x := range width / 3 {
			n := uint8(random.IntN(24))
			p.SetRGBA(width/2+x, height/4+y, color.RGBA{uint8(x) + n, uint8(y*2) + n, uint8(x+y) - n, 255})
		}
	}
	bar := image.Rect(step*17%width, height-40, step*17%width+60, height-10)
	draw.Draw(p, bar, image.NewUniform(color.RGBA{30, 90, 200, 255}), image.Point{}, draw.Src)
	w := font.Drawer{Dst: p, Src: image.Black, Face: basicfont.Face7x13}
	for line := range height / 16 {
		w.Dot = fixed.P(12, 20+16*line)
		w.DrawString(fmt.Sprintf("Line %d of step %d: the quick brown fox jumps", line+step/4, step))
	}
	return p
}
