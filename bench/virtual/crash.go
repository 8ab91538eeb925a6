package virtual

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// module is how frames of the library's own code begin in a stack trace.
const module = "github.com/thinpane/thinpane/"

// crash makes one sentence of what a process left on stderr when it ended: what the
// runtime said, and the place in our own code that it names first.
func crash(stderr []byte, ended error) string {
	var said, place string
	lines := bytes.Split(stderr, []byte("\n"))
	for i, b := range lines {
		line := strings.TrimSpace(string(b))
		switch {
		case said == "" && (strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")):
			said = line
		case said != "" && place == "" && strings.HasPrefix(line, module) && i+1 < len(lines):
			function := strings.TrimPrefix(line[:max(len(module), strings.LastIndex(line, "("))], module)
			file, _, _ := strings.Cut(strings.TrimSpace(string(lines[i+1])), " ")
			place = fmt.Sprintf(" in %s, %s", function, file[strings.LastIndex(file, "/")+1:])
		}
	}
	if said == "" {
		said = strings.TrimSpace(string(lines[0]))
	}
	if said == "" {
		said = fmt.Sprint(ended)
	}
	return strings.TrimSuffix(said, " [recovered, repanicked]") + place
}

// waiting matches the head of a goroutine that keeps a bubble's clock from going on: it
// waits for something that does not count as waiting in virtual time, as a mutex.
var waiting = regexp.MustCompile(`^goroutine \d+ .*\[([^\]]+), synctest bubble \d+[^\]]*\]:$`)

// frozen says, from the stacks of all goroutines, what keeps the clock from going on.
func frozen(stderr []byte) string {
	lines := strings.Split(string(stderr), "\n")
	for i, line := range lines {
		m := waiting.FindStringSubmatch(line)
		if m == nil || strings.Contains(m[1], "durable") || strings.HasPrefix(m[1], "running") {
			continue
		}
		for k := i + 1; k+1 < len(lines) && lines[k] != ""; k++ {
			function, file := lines[k], strings.TrimSpace(lines[k+1])
			if !strings.HasPrefix(file, "/") || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "sync.") ||
				strings.HasPrefix(function, "internal/") {
				continue
			}
			file, _, _ = strings.Cut(file, " ")
			return fmt.Sprintf("; a goroutine waits in %s, in %s, %s", m[1], function[:max(0, strings.LastIndex(function, "("))], file[strings.LastIndex(file, "/")+1:])
		}
	}
	return ""
}
