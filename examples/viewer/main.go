// Viewer watches a host without a window: it keeps the picture in a file, or writes it as PNG at the end.
//
//	go run ./examples/viewer -url http://127.0.0.1:8080 -token TOKEN -for 10s -png seen.png
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"os/signal"
	"time"

	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "viewer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("viewer", flag.ContinueOnError)
	url := flags.String("url", "http://127.0.0.1:8080", "the host's `address`")
	token := flags.String("token", "", "the host's token")
	length := flags.Duration("for", 0, "leave after this long (default: stay until Ctrl+C)")
	pngFile := flags.String("png", "", "write the last picture to this `file`")
	framebuffer := flags.String("framebuffer", "", "keep the picture in this `file`, as raw RGBA of exactly width*height*4 bytes")
	stats := flags.Bool("stats", false, "print figures every second")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("what is %q? All settings are flags, see -help", flags.Arg(0))
	}
	if *length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *length)
		defer cancel()
	}

	sink := &canvas{file: *framebuffer}
	viewer, err := session.Dial(ctx, *url, sink, session.ViewerConfig{
		Transport: transport.DialConfig{Token: *token},
		OnEvent:   tell,
	})
	if err != nil {
		return err
	}
	err = stay(ctx, viewer, sink, *stats)
	viewer.Close()
	if *pngFile != "" {
		err = errors.Join(err, writePNG(*pngFile, sink))
	}
	return errors.Join(err, sink.close())
}

// stay returns when ctx or the viewer ends.
func stay(ctx context.Context, viewer *session.Viewer, sink *canvas, stats bool) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-viewer.Done():
			return viewer.Err()
		case <-tick.C:
			if err := sink.failed(); err != nil {
				return err
			}
			if stats {
				s := viewer.Stats()
				fmt.Printf("%d objects, %d bytes in %d packets, round trip %v, %d pictures\n",
					s.Objects, s.Received.Payload, s.Received.Packets, s.RTT.Round(time.Millisecond), sink.count())
			}
		}
	}
}

func tell(e session.Event) {
	switch e.Kind {
	case session.Reconnecting:
		fmt.Fprintf(os.Stderr, "connection lost (%v), again in %v\n", e.Err, e.Wait)
	case session.Resized:
		fmt.Fprintf(os.Stderr, "screen of %d x %d pixels\n", e.Width, e.Height)
	}
}

func writePNG(file string, sink *canvas) error {
	img := sink.image()
	if img == nil {
		return errors.New("no picture has come, so there is no PNG to write")
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, img), f.Close())
}
