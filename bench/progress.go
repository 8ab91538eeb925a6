package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// progress shows how far runs have come: on a terminal in one line that changes, elsewhere
// in a line for each tenth of them. Safe for concurrent use.
type progress struct {
	out      io.Writer
	terminal bool
	began    time.Time

	mu     sync.Mutex
	shares map[string]float64 // of the runs under way, by name
	all    int
	ended  int
	told   int // tenths
	width  int // of what stands in the terminal's line
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out, began: time.Now(), shares: map[string]float64{}}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// begin tells how many runs there will be.
func (p *progress) begin(runs int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all, p.began = runs, time.Now()
}

// elapsed is the time since begin.
func (p *progress) elapsed() time.Duration { return time.Since(p.began) }

// start tells that a run begins. The result is to be called with the share of it that is
// done; names are one of a kind.
func (p *progress) start(name string) func(share float64) {
	return func(share float64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shares[name] = share
		p.show(name)
	}
}

// finish tells that a run has ended, and why when it failed.
func (p *progress) finish(name string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.shares, name)
	p.ended++
	if err != nil {
		p.clear()
		fmt.Fprintf(p.out, "bench: %s: %s\n", name, oneLine(err.Error()))
	}
	p.show(name)
}

// end clears the line.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// show brings the line up to date. The caller holds the lock.
func (p *progress) show(name string) {
	if !p.terminal {
		if tenth := p.ended * 10 / max(1, p.all); tenth > p.told {
			p.told = tenth
			fmt.Fprintf(p.out, "%d of %d runs, %v\n", p.ended, p.all, p.elapsed().Round(time.Second))
		}
		return
	}
	sum := float64(p.ended)
	for _, s := range p.shares {
		sum += s
	}
	line := fmt.Sprintf("%3.0f %%  %d of %d runs  %s", 100*sum/float64(max(1, p.all)), p.ended, p.all, name)
	fmt.Fprintf(p.out, "\r%s%s", line, strings.Repeat(" ", max(0, p.width-len(line))))
	p.width = len(line)
}

// clear makes room in the terminal's line. The caller holds the lock.
func (p *progress) clear() {
	if p.terminal && p.width > 0 {
		fmt.Fprintf(p.out, "\r%s\r", strings.Repeat(" ", p.width))
		p.width = 0
	}
}
