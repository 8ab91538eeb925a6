package virtual

import (
	"flag"
	"testing"
	"testing/synctest"
)

// bubble runs f in virtual time, which starts at 2000-01-01 UTC. It does not return: the
// process is to end when f has. It may be called once in a process.
//
// synctest.Test wants a *testing.T, which only a running test has: so this is a test
// program with one test. testing.Main prints a verdict and exits when its tests end; this
// one never does.
func bubble(f func()) {
	testing.Init()
	if err := flag.CommandLine.Parse(nil); err != nil { // testing.Main would read the program's own arguments
		panic(err)
	}
	test := testing.InternalTest{Name: "bubble", F: func(t *testing.T) {
		synctest.Test(t, func(*testing.T) {
			f()
			select {} // goroutines that f left behind would be a failure
		})
	}}
	testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{test}, nil, nil)
}
