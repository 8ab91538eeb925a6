package web_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/session/web"
	"github.com/thinpane/thinpane/transport"
)

// A host and its page share an address: the page is what browsers GET there, offers are POSTed to it.
func ExampleHandler() {
	source := session.SourceFunc(func(ctx context.Context, s *session.Screen) error {
		if err := s.Update(codec.PictureOf(image.NewRGBA(image.Rect(0, 0, 640, 360))), codec.Hints{}); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})
	host, err := session.NewHost(source, session.HostConfig{Transport: transport.HostConfig{
		Authorize: func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if token != "secret" {
				return transport.Grant{}, errors.New("wrong token")
			}
			return transport.Grant{User: "me"}, nil
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer host.Close()
	mux := http.NewServeMux()
	mux.Handle("GET /", web.Handler())
	mux.Handle("/", host)
	server := httptest.NewServer(mux) // http.ListenAndServe in a program
	defer server.Close()

	page, err := http.Get(server.URL + "/") // a person opens it with #token=secret behind it
	if err != nil {
		fmt.Println(err)
		return
	}
	defer page.Body.Close()
	fmt.Println(page.Status, page.Header.Get("Content-Type"))
	// Output: 200 OK text/html; charset=utf-8
}
