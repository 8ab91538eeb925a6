// Host shows a screen to viewers: an X11 display, a recording, or a small demo desktop that reacts to what viewers
// type. It serves the page of the browser's viewer, too, and prints the address to open.
//
//	go run ./examples/host -display :0
package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/thinpane/thinpane/examples/host/x11"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/session/web"
	"github.com/thinpane/thinpane/transport"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "host:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("host", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8080", "`address` of the page and for viewers' offers; pixels come from a UDP port beside it")
	token := flags.String("token", "", "what viewers must know (default: made up and printed)")
	display := flags.String("display", "", "show the X11 display of this `name` (:0), and let viewers work on it")
	traces := flags.String("trace", "", "show these recordings, one after the other (`files`, separated by commas), instead of the demo desktop")
	once := flags.Bool("once", false, "stop at the last picture instead of beginning again")
	first := flags.Duration("first", 0, "play so much of each recording only (20s); 0: all")
	verbose := flags.Bool("v", false, "log what happens")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("what is %q? All settings are flags, see -help", flags.Arg(0))
	}
	if *token == "" {
		*token = rand.Text()
	}

	cfg := session.HostConfig{Transport: transport.HostConfig{Authorize: bearer(*token)}}
	if *verbose {
		cfg.Logger = slog.Default()
		cfg.Transport.Logger = slog.Default()
	}
	var source session.Source
	switch {
	case *display != "" && *traces != "":
		return errors.New("-display and -trace: only one of them can be shown")
	case *display != "":
		d, err := x11.Open(*display, slog.Default())
		if err != nil {
			return err
		}
		defer d.Close()
		source, cfg.OnInput = d, func(p *session.Peer, in session.Input) { d.Input(p.ID(), in) }
	case *traces != "":
		p, err := openPlayer(strings.Split(*traces, ","), *first, *once)
		if err != nil {
			return err
		}
		defer p.Close()
		source = p
	default:
		d := newDesktop()
		source, cfg.OnInput = d, func(_ *session.Peer, in session.Input) { d.input(in) }
	}
	host, err := session.NewHost(source, cfg)
	if err != nil {
		return err
	}
	defer host.Close()

	socket, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", web.Handler())
	mux.Handle("/", host)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(socket)
	defer server.Close()
	fmt.Printf("Open in a browser: http://%s/#token=%s\n", socket.Addr(), url.QueryEscape(*token))
	fmt.Printf("Or watch without a window: go run ./examples/viewer -url http://%s -token %s -png seen.png\n", socket.Addr(), *token)
	select {
	case <-ctx.Done():
		return nil
	case <-host.Done():
		return host.Err()
	}
}

// bearer lets in who knows the token.
func bearer(want string) func(context.Context, *http.Request, string) (transport.Grant, error) {
	return func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
		if subtle.ConstantTimeCompare([]byte(token), []byte(want)) != 1 {
			return transport.Grant{}, errors.New("wrong token")
		}
		return transport.Grant{User: "viewer"}, nil
	}
}
