// Bench shows what Thinpane does on slow lines: recordings of desktops cross simulated
// lines through the whole of it, in virtual time, and it says what the user saw, and when.
// README.md defines every figure.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/thinpane/thinpane/bench/virtual"
)

const help = `Bench lets recordings of desktops cross simulated slow lines and says what the user saw, and when.

  go run ./bench                                    a few minutes: table and bench-out/report.html
  go run ./bench -trace FILE,… -line NAME,… [flags] recordings over lines: the figures of bench/README.md
  go run ./bench codec -trace FILE,… [flags]        recordings through the codec alone: bytes and speed
  go run ./bench codec -random [-for 30s]           random limits and newer pictures: are both ends equal?
  go run ./bench line -line NAME,… [flags]          a greedy source: how full the line, how long its queue
  go run ./bench photo [-from FOLDER]               photographs, beside WebP and AVIF: sharpness, bits, speed
  go run ./bench list                               the lines and recordings that are built in

FILE is a recording (thinpane-trace/1) or the name of a built-in one, NAME a built-in line or a file
with one of your own. Each has its flags: go run ./bench codec -h. Exit codes: 0; 1 when a run failed
or a check did; 2 when what was asked for is wrong.
`

// simulations are what runs in child processes.
var simulations = []virtual.Runnable{crossings, greedySources, tourJob}

func main() {
	virtual.Child(simulations...)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run does what the arguments ask for and returns the exit code.
func run(ctx context.Context, args []string, out, log io.Writer) int {
	err := dispatch(ctx, args, out, log)
	var w wrong
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed): // said already
		return 1
	case errors.As(err, &w):
		fmt.Fprintln(log, "bench: "+oneLine(err.Error()))
		return 2
	}
	fmt.Fprintln(log, "bench: "+oneLine(err.Error()))
	return 1
}

func dispatch(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) == 0 {
		return tour(ctx, out, newProgress(log), "bench-out")
	}
	switch args[0] {
	case "codec":
		return codecCommand(ctx, args[1:], out, log)
	case "line":
		return lineCommand(ctx, args[1:], out, log)
	case "photo":
		return photoCommand(ctx, args[1:], out, log)
	case "list":
		return listCommand(args[1:], out)
	case "help":
		_, err := io.WriteString(out, help)
		return err
	}
	return crossCommand(ctx, args, out, log)
}

// wrong is an error in what was asked for.
type wrong struct{ error }

func (w wrong) Unwrap() error { return w.error }

func wrongf(format string, args ...any) error { return wrong{fmt.Errorf(format, args...)} }

// errFailed says that something failed, of which the user has been told.
var errFailed = errors.New("failed")

// parse reads flags. When it returns done, help was asked for and given.
func parse(flags *flag.FlagSet, args []string, out io.Writer, about string) (done bool, err error) {
	flags.SetOutput(io.Discard)
	err = flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "%s\n\nFlags:\n", about)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return true, nil
	case err != nil:
		return false, wrong{err}
	case flags.NArg() > 0:
		return false, wrongf("%q is neither a command nor a flag", flags.Arg(0))
	}
	return false, nil
}

// list splits the value of a flag that takes several.
func list(flag, value string) (all []string, err error) {
	for _, v := range strings.Split(value, ",") {
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return nil, wrongf("-%s is missing", flag)
	}
	return all, nil
}

func oneLine(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\n", "; ") }
