package session_test

import (
	"context"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

// A host shows a picture to a viewer on the same machine.
func Example() {
	source := session.SourceFunc(func(ctx context.Context, s *session.Screen) error {
		return s.Update(codec.PictureOf(image.NewGray(image.Rect(0, 0, 320, 200))), codec.Hints{})
	})
	host, err := session.NewHost(source, session.HostConfig{Transport: transport.HostConfig{
		Authorize: func(context.Context, *http.Request, string) (transport.Grant, error) {
			return transport.Grant{User: "anyone"}, nil
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer host.Close()
	server := httptest.NewServer(host)
	defer server.Close()

	seen := make(chan image.Point, 1)
	viewer, err := session.Dial(context.Background(), server.URL, session.SinkFunc(func(f session.Frame) {
		select {
		case seen <- f.Picture.Size:
		default:
		}
	}), session.ViewerConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer viewer.Close()
	fmt.Println("the screen is", <-seen)
	// Output: the screen is (320,200)
}
