package transport_test

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/thinpane/thinpane/transport"
)

// A host that lets in who knows the word, and a viewer that gets one object.
func Example() {
	host, err := transport.NewHost(transport.HostConfig{
		Authorize: func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if subtle.ConstantTimeCompare([]byte(token), []byte("swordfish")) != 1 {
				return transport.Grant{}, errors.New("wrong word")
			}
			return transport.Grant{User: "ann"}, nil
		},
	})
	if err != nil {
		panic(err)
	}
	defer host.Close()
	server := httptest.NewServer(host)
	defer server.Close()

	ctx := context.Background()
	go func() {
		conn, err := host.Accept(ctx)
		if err != nil {
			return
		}
		for {
			bytes, grew := conn.Budget()
			if bytes > 0 {
				break
			}
			<-grew
		}
		conn.SendObjects([][]byte{[]byte("a screen for " + conn.Grant().User)})
	}()

	viewer, err := transport.Dial(ctx, server.URL, transport.DialConfig{Token: "swordfish"})
	if err != nil {
		panic(err)
	}
	defer viewer.Close()
	message, err := viewer.Receive(ctx)
	if err != nil {
		panic(err)
	}
	viewer.Decoded(message.State)
	fmt.Printf("state %d: %s\n", message.State, message.Objects[0])
	// Output: state 1: a screen for ann
}
