package virtual

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Pool starts children, a few at a time. Safe for concurrent use.
type Pool struct {
	turns   chan struct{}
	silence time.Duration
}

// PoolConfig configures a Pool; its zero value works.
type PoolConfig struct {
	// Workers is how many children run at the same time; 0: one for each processor that
	// the program may use.
	Workers int
	// Silence is the longest wall-clock time between two signs of life of a child, which
	// is ended then; 0: three minutes.
	Silence time.Duration
}

// NewPool makes a pool.
func NewPool(c PoolConfig) *Pool {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Silence <= 0 {
		c.Silence = 3 * time.Minute
	}
	return &Pool{turns: make(chan struct{}, c.Workers), silence: c.Silence}
}

// maxReply is the largest line that a child may write: a run's pictures and series.
const maxReply = 256 << 20

// Run waits for its turn, does the run in a child and returns its result. tell, if not
// nil, is called as the run goes on. The error is the run's own, one sentence on how the
// child ended, or ctx's.
func (j *Job[In, Out]) Run(ctx context.Context, p *Pool, in In, tell Tell) (out Out, err error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	result, err := p.child(ctx, request{j.name, payload}, tell)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(result, &out)
}

var errSilent = errors.New("no sign of life")

// child starts one, follows it, and returns what it found.
func (p *Pool) child(ctx context.Context, req request, tell Tell) (json.RawMessage, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	asked, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	alive, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(alive, exe, command)
	cmd.WaitDelay = 5 * time.Second
	cmd.Cancel = func() error {
		if errors.Is(context.Cause(alive), errSilent) && cmd.Process.Signal(syscall.SIGQUIT) == nil {
			return nil // it writes what all of its goroutines wait for, and ends
		}
		return cmd.Process.Kill()
	}
	cmd.Stdin = bytes.NewReader(asked)
	trace := &head{limit: 1 << 20}
	cmd.Stderr = trace
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	last, read := p.follow(stdout, tell, func() { stop(errSilent) })
	ended := cmd.Wait()
	switch cause := context.Cause(alive); {
	case last.Out != nil:
		return last.Out, nil
	case last.Error != "":
		return nil, errors.New(last.Error)
	case errors.Is(cause, errSilent):
		return nil, fmt.Errorf("the simulated run (%s) froze: no sign of life for %v%s", req.Job, p.silence, frozen(trace.Bytes()))
	case cause != nil:
		return nil, cause
	case read != nil:
		return nil, fmt.Errorf("the simulated run (%s) cannot be understood: %w", req.Job, read)
	}
	return nil, fmt.Errorf("the simulated run (%s) crashed: %s", req.Job, crash(trace.Bytes(), ended))
}

// follow reads a child's lines until the result or the end.
func (p *Pool) follow(stdout io.Reader, tell Tell, silent func()) (last reply, err error) {
	watch := time.AfterFunc(p.silence, silent)
	defer watch.Stop()
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, maxReply)
	for lines.Scan() {
		watch.Reset(p.silence)
		var r reply
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return last, err
		}
		if r.Out != nil || r.Error != "" {
			last = r
		} else if tell != nil {
			tell(r.Share)
		}
	}
	return last, lines.Err()
}

// head keeps the beginning of what is written to it.
type head struct {
	bytes.Buffer
	limit int
}

func (h *head) Write(b []byte) (int, error) {
	h.Buffer.Write(b[:min(len(b), h.limit-h.Len())])
	return len(b), nil
}
