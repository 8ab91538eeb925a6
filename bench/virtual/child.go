package virtual

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// command is the hidden first argument that makes a program a child.
const command = "simulate"

// Tell reports how far a run has come, from 0 to 1. A run that is silent for too long is
// taken for frozen. Safe for concurrent use.
type Tell func(share float64)

// Job is a kind of run that a child can do. In and Out cross to the child and back as JSON.
type Job[In, Out any] struct {
	name string
	run  func(In, Tell) (Out, error)
}

// NewJob gives f a name, which is one of a kind in the program. f is called in virtual
// time. A Job does not change.
func NewJob[In, Out any](name string, f func(In, Tell) (Out, error)) *Job[In, Out] {
	return &Job[In, Out]{name, f}
}

// Runnable is any Job.
type Runnable interface {
	label() string
	do(in json.RawMessage, tell Tell) (out json.RawMessage, err error)
}

func (j *Job[In, Out]) label() string { return j.name }

func (j *Job[In, Out]) do(in json.RawMessage, tell Tell) (json.RawMessage, error) {
	var v In
	if err := json.Unmarshal(in, &v); err != nil {
		return nil, err
	}
	out, err := j.run(v, tell)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// request is what the child reads.
type request struct {
	Job string          `json:"job"`
	In  json.RawMessage `json:"in"`
}

// reply is a line that the child writes: how far it is, or the end.
type reply struct {
	Share float64         `json:"share,omitempty"`
	Out   json.RawMessage `json:"out,omitempty"`
	Error string          `json:"error,omitempty"`
}

// Child does the run that a parent asks for and exits, if this process was started as a
// child. In any other process it returns at once.
func Child(jobs ...Runnable) {
	if len(os.Args) != 2 || os.Args[1] != command {
		return
	}
	out := os.Stdout
	os.Stdout = os.Stderr // the replies' alone: package testing prints, too
	if err := serve(jobs, os.Stdin, out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(jobs []Runnable, in io.Reader, out io.Writer) error {
	var req request
	if err := json.NewDecoder(in).Decode(&req); err != nil {
		return fmt.Errorf("%s is for the program's own children: %w", command, err)
	}
	for _, j := range jobs {
		if j.label() != req.Job {
			continue
		}
		to := &replies{enc: json.NewEncoder(out)}
		ended := make(chan struct{})
		go bubble(func() {
			last := reply{}
			result, err := j.do(req.In, func(share float64) { to.write(reply{Share: share}) })
			if last.Out = result; err != nil {
				last.Error = err.Error()
			}
			to.write(last)
			close(ended)
		})
		// With a timer to wait for, Go does not end a program without cgo whose goroutines all wait for a lock: the
		// parent finds out, and says which.
		for hour := time.NewTicker(time.Hour); ; {
			select {
			case <-ended: // what the run has left behind ends with the process
				return to.err
			case <-hour.C:
			}
		}
	}
	return errors.New("no job is called " + req.Job)
}

// replies writes to the parent.
type replies struct {
	mu  sync.Mutex
	enc *json.Encoder
	err error
}

func (r *replies) write(v reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.enc.Encode(v); r.err == nil {
		r.err = err
	}
}
