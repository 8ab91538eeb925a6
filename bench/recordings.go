package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
)

// openBuiltIn opens a recording that is inside this program.
func openBuiltIn(name string) (trace.Recording, error) {
	if name == "page" {
		return webPage()
	}
	file := "testdata/" + name + ".trace.zip"
	b, err := testdata.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return trace.Read(bytes.NewReader(b), int64(len(b)), file)
}

// part says which recording is meant, and what of it; it goes to child processes as JSON.
type part struct {
	Trace        string // the name of a built-in one, or a file
	From, Length time.Duration
}

// open opens it. The closer is to be closed when it has been played.
func (p part) open() (trace.Recording, io.Closer, error) {
	rec, closer, err := openWhole(p.Trace)
	if err != nil {
		return nil, nil, err
	}
	if p.From > rec.Duration() {
		closer.Close()
		return nil, nil, fmt.Errorf("-from %d ms is after the end of %s, which lasts %d ms",
			p.From.Milliseconds(), rec.Name(), rec.Duration().Milliseconds())
	}
	return trace.Cut(rec, p.From, p.Length), closer, nil
}

func openWhole(name string) (trace.Recording, io.Closer, error) {
	var names []string
	for _, e := range exhibits {
		if e.name == name {
			rec, err := openBuiltIn(name)
			return rec, io.NopCloser(nil), err
		}
		names = append(names, e.name)
	}
	a, err := trace.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("no recording and no file is called %q; built in are %s", name, strings.Join(names, ", "))
	}
	return a, a, err
}

// milliseconds is the value of a flag in milliseconds.
func milliseconds(name string, ms float64) (time.Duration, error) {
	const most = 24 * 60 * 60 * 1000
	if !(ms >= 0 && ms <= most) {
		return 0, fmt.Errorf("-%s %g: want 0 to %d ms", name, ms, most)
	}
	return time.Duration(math.Round(ms * float64(time.Millisecond))), nil
}
