package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/transport/netsim"
)

// TestMain makes the test program its own child, as main does.
func TestMain(m *testing.M) {
	virtual.Child(simulations...)
	os.Exit(m.Run())
}

// bench runs a command as main does.
func bench(t *testing.T, args ...string) (code int, out, log string) {
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// objects reads lines of JSON, with the names of the fields in their order.
func objects(t *testing.T, out string) (all []map[string]any, fields string) {
	for line := range strings.Lines(out) {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v), line)
		all = append(all, v)
		var names []string
		dec := json.NewDecoder(strings.NewReader(line))
		for depth := 0; ; {
			token, err := dec.Token()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			if token == json.Delim('{') {
				depth++
				continue
			}
			if name, ok := token.(string); ok && depth == 1 {
				names = append(names, name)
				_, err := dec.Token() // its value
				require.NoError(t, err)
			}
		}
		fields = strings.Join(names, " ")
	}
	return all, fields
}

// brokenFiles are a recording and a line that cannot be read.
func brokenFiles(t *testing.T) (recording, line string) {
	recording = filepath.Join(t.TempDir(), "broken.trace.zip")
	require.NoError(t, os.WriteFile(recording, []byte("no zip"), 0o600))
	line = filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(line, []byte(`{"down":{"bps":-1}}`), 0o600))
	return recording, line
}

func TestWhatIsWrongIsOneSentenceAndExitCode2(t *testing.T) {
	recording, line := brokenFiles(t)
	for _, c := range []struct{ args, want string }{
		{"-trace typing -line no-such-line", `no line and no file is called "no-such-line"`},
		{"-trace typing -line " + line, "bps must be"},
		{"-trace no-such-file -line dsl-512k", `no recording and no file is called "no-such-file"; built in are typing, table, page`},
		{"-trace " + recording + " -line dsl-512k", recording + ": not a zip archive"},
		{"-line dsl-512k", "-trace is missing"},
		{"-trace typing", "-line is missing"},
		{"-trace typing -line dsl-512k -seeds 0", "-seeds 0: want 1 to 1000"},
		{"-trace typing -line dsl-512k -seeds many", "invalid value"},
		{"-trace typing -line dsl-512k -viewer-cpu 0", "-viewer-cpu 0: want more than 0"},
		{"-trace typing -line dsl-512k -from -1", "-from -1: want 0 to"},
		{"-trace typing -line dsl-512k -from 99999", "is after the end of"},
		{"-trace typing -line dsl-512k -len NaN", "-len NaN: want 0 to"},
		{"-no-such-flag", "flag provided but not defined: -no-such-flag"},
		{"-trace typing -line dsl-512k more", `"more" is neither a command nor a flag`},
		{"no-such-command", `"no-such-command" is neither a command nor a flag`},
		{"codec", "-trace is missing"},
		{"codec -trace typing -mode lan", `no mode is called "lan"`},
		{"codec -trace " + recording, recording + ": not a zip archive"},
		{"codec -trace typing -random -for -3s", "-for -3s: want more than nothing"},
		{"line", "-line is missing"},
		{"line -line no-such-line", "no-such-line"},
		{"line -line dsl-512k -flows 0", "-flows 0: want 1 to 64"},
		{"line -line dsl-512k -loss 1", "-loss 1: want 0 to 0.9"},
		{"line -line dsl-512k -for 1s", "-for 1s: want 3s to 1h"},
		{"list everything", `"everything" is neither a command nor a flag`},
	} {
		code, out, log := bench(t, strings.Fields(c.args)...)
		require.Equal(t, 2, code, c.args)
		require.Empty(t, out, c.args)
		require.True(t, strings.HasPrefix(log, "bench: "), log)
		require.Contains(t, log, c.want, c.args)
		require.Equal(t, 1, strings.Count(log, "\n"), log)
	}
}

func TestHelpIsGivenWhenAskedFor(t *testing.T) {
	for args, want := range map[string]string{
		"help": "go run ./bench codec", "-h": "-viewer-cpu", "codec -h": "-random", "line -help": "-flows", "list -h": "built in",
	} {
		code, out, log := bench(t, strings.Fields(args)...)
		require.Zero(t, code, args)
		require.Empty(t, log, args)
		require.Contains(t, out, want, args)
	}
}

func TestListShowsAllLinesAndRecordings(t *testing.T) {
	code, out, _ := bench(t, "list")
	require.Zero(t, code)
	for _, name := range netsim.Names() {
		require.Contains(t, out, "\n"+name+" ")
	}
	for _, e := range exhibits {
		require.Contains(t, out, "\n"+e.name+" ")
	}
}

func TestCrossingsAreObjectsInOrder(t *testing.T) {
	own := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(own, []byte(`{"down":{"bps":400000,"delay_ms":20,"queue_ms":300},"up":{"bps":100000,"delay_ms":20,"queue_ms":300}}`), 0o600))
	code, out, log := bench(t, "-trace", "typing", "-line", "dsl-512k,"+own, "-from", "2000", "-len", "1500", "-seeds", "2", "-json")
	require.Zero(t, code, log)
	all, fields := objects(t, out)
	require.Equal(t, "trace line seed updates updates_free pages bytes_down bytes_up bytes_first bytes_exact bytes_coarse bytes_refined bytes_other bytes_repair bytes_overwritten first_legible_ms first_exact_ms "+
		"legible_p50_ms legible_p95_ms legible_never small_p95_ms pages_per_s page_p50_ms page_p95_ms exact_p50_ms exact_p95_ms exact_never floor_p50_ms "+
		"floor_p95_ms input_p50_ms input_p95_ms echo_p50_ms echo_p95_ms staleness final_exact settle_ms goodput_bps queue_p50_ms "+
		"queue_p95_ms encode_cpu_ms decode_cpu_ms", fields)
	require.Len(t, all, 4)
	for i, v := range all {
		require.Equal(t, []string{"dsl-512k", "dsl-512k", "mine", "mine"}[i], v["line"])
		require.EqualValues(t, i%2+1, v["seed"])
		require.Equal(t, true, v["final_exact"])
		require.Positive(t, v["updates"])
		require.Positive(t, v["floor_p50_ms"])
	}
}

func TestCrossingsWithoutJSONAreATableOfMedians(t *testing.T) {
	code, out, log := bench(t, "-trace", "typing", "-line", "dsl-512k", "-len", "700", "-seeds", "3", "-warm", "-viewer-cpu", "2")
	require.Zero(t, code, log)
	require.Contains(t, out, "legible p50")
	require.Contains(t, out, "3 of 3")
	require.Contains(t, out, "Medians of 3 runs")
	require.Contains(t, log, "3 of 3 runs")
}

func TestCodecsFiguresAreObjects(t *testing.T) {
	code, out, log := bench(t, "codec", "-trace", "typing,page", "-len", "2000", "-json")
	require.Zero(t, code, log)
	all, fields := objects(t, out)
	require.Equal(t, "trace mode bytes_first bytes_deltas update_p50_bytes update_p95_bytes encode_mpxps decode_mpxps exact", fields)
	require.Len(t, all, 2)
	for _, v := range all {
		require.Equal(t, "strong", v["mode"])
		require.Equal(t, true, v["exact"])
		require.Positive(t, v["bytes_first"])
		require.Positive(t, v["encode_mpxps"])
		require.Positive(t, v["decode_mpxps"])
	}
	code, out, _ = bench(t, "codec", "-trace", "typing", "-len", "500")
	require.Zero(t, code)
	for _, mode := range []string{" raw ", " png ", " strong "} {
		require.Contains(t, out, mode)
	}
}

func TestRandomCheckGivesAVerdict(t *testing.T) {
	code, out, log := bench(t, "codec", "-random", "-trace", "typing", "-len", "1000", "-for", "200ms")
	require.Zero(t, code, log)
	require.Regexp(t, `^equal +typing: after each of \d+ objects`, out)
}

func TestGreedySourcesAreObjects(t *testing.T) {
	code, out, log := bench(t, "line", "-line", "isdn-64k", "-flows", "2", "-seeds", "2", "-for", "5s", "-json")
	require.Zero(t, code, log)
	all, fields := objects(t, out)
	require.Equal(t, "line flows seed line_bps goodput_bps utilization queue_p50_ms queue_p95_ms resent_share overhead_down_share "+
		"up_bps feedback_bps ramp70_ms jain", fields)
	require.Len(t, all, 2)
	require.EqualValues(t, 2, all[1]["flows"])

	code, out, _ = bench(t, "line", "-line", "dsl-512k", "-for", "3s")
	require.Zero(t, code)
	require.Contains(t, out, "dsl-512k")
}

func TestCancelledRunsEndBench(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, log bytes.Buffer
	require.Equal(t, 1, run(ctx, []string{"-trace", "typing", "-line", "dsl-512k", "-json"}, &out, &log))
	require.Empty(t, out.String())
	require.Contains(t, log.String(), "canceled")
}
