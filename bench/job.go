package main

import (
	"context"
	"errors"
)

// job is one of many runs.
type job[T any] struct {
	name string
	run  func() (T, error)
}

// inOrder does all jobs at the same time (a pool of their own holds them back) and hands on
// what they gave in their order. One that fails is told on the way; the others go on.
func inOrder[T any](ctx context.Context, jobs []job[T], show *progress, got func(i int, v T) error) error {
	type outcome struct {
		v   T
		err error
	}
	outcomes := make([]chan outcome, len(jobs))
	for i, j := range jobs {
		outcomes[i] = make(chan outcome, 1)
		go func() {
			v, err := j.run()
			if ctx.Err() == nil {
				show.finish(j.name, err)
			}
			outcomes[i] <- outcome{v, err}
		}()
	}
	var failed []error
	for i := range jobs {
		o := <-outcomes[i]
		if o.err == nil {
			o.err = got(i, o.v)
		}
		failed = append(failed, o.err)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Join(failed...) != nil:
		return errFailed
	}
	return nil
}
