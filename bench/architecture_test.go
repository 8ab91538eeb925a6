package main

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/thinpane/thinpane"

// mayImport is who may import whom, directly: of this module, and of others by prefix. The standard library is free.
var mayImport = []struct {
	pkg     string   // and everything below it, unless it has a row of its own
	own     []string // packages of this module
	foreign []string
}{
	{"codec", nil, []string{"github.com/klauspost/compress", "golang.org/x"}},
	{"transport", nil, []string{"github.com/klauspost/compress", "golang.org/x", "github.com/pion"}},
	{"transport/netsim", nil, []string{"golang.org/x"}},
	{"session", []string{"codec", "transport"}, []string{"github.com/klauspost/compress", "golang.org/x"}},
	{"bench", []string{"codec", "transport", "transport/netsim", "session", "bench/..."}, []string{"github.com/klauspost/compress", "golang.org/x"}},
	{"examples", []string{"codec", "transport", "session", "session/web", "bench/trace", "examples/host/x11"}, []string{"golang.org/x", "github.com/jezek"}},
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		path := strings.TrimPrefix(p.ImportPath, module+"/")
		row := -1
		for i, m := range mayImport {
			if path == m.pkg || strings.HasPrefix(path, m.pkg+"/") {
				if row < 0 || len(m.pkg) > len(mayImport[row].pkg) {
					row = i
				}
			}
		}
		require.GreaterOrEqual(t, row, 0, "%s is in none of the folders that the design knows", path)
		seen[mayImport[row].pkg] = true
		for _, imp := range p.Imports {
			require.True(t, allowed(imp, mayImport[row].own, mayImport[row].foreign), "%s must not import %s", path, imp)
		}
	}
	for _, m := range mayImport {
		require.True(t, seen[m.pkg], "there is no package %s", m.pkg)
	}
}

func allowed(imp string, own, foreign []string) bool {
	if path, ok := strings.CutPrefix(imp, module+"/"); ok {
		return slices.ContainsFunc(own, func(p string) bool {
			folder, all := strings.CutSuffix(p, "/...")
			return path == folder || all && strings.HasPrefix(path, folder+"/")
		})
	}
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".") || slices.ContainsFunc(foreign, func(p string) bool { return strings.HasPrefix(imp, p+"/") })
}

type listed struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) (all []listed) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	for d := json.NewDecoder(out); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
		all = append(all, p)
	}
	require.NoError(t, cmd.Wait())
	return all
}
