package virtual

import (
	"bytes"
	"fmt"
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
