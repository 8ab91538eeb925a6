package main

import (
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/thinpane/thinpane/transport/netsim"
)

// listCommand shows what is built in.
func listCommand(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("list", flag.ContinueOnError)
	if done, err := parse(flags, args, out, "Shows the lines and recordings that are built in."); done || err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LINE\tDOWN\tUP\tONE WAY\tLOSS\t")
	for _, name := range netsim.Names() {
		l, err := netsim.Load(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%s\t%s\n", name, average(l.Down), average(l.Up), l.Down.Delay, loss(l.Down), l.About)
	}
	fmt.Fprintln(w, "\t\t\t\t\t\nRECORDING\tSIZE\tLASTS\tINPUTS\t\t")
	for _, e := range exhibits {
		rec, err := openBuiltIn(e.name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%dx%d\t%v\t%d\t\t%s\n", e.name, rec.Size().X, rec.Size().Y,
			rec.Duration().Round(100*time.Millisecond), len(rec.Inputs()), e.about)
	}
	return w.Flush()
}

// average is a direction's rate; "~" where it varies.
func average(d netsim.Direction) string {
	if len(d.Steps) > 0 {
		return "~" + rate(d.MeanBps())
	}
	return rate(d.MeanBps())
}

func loss(d netsim.Direction) string {
	share := d.Loss
	if d.Bursts.P > 0 {
		share += d.Bursts.P / (d.Bursts.P + d.Bursts.R)
	}
	if share == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2g %%", share*100)
}
