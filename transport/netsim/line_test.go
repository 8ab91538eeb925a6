package netsim

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryBuiltInLineLoads(t *testing.T) {
	names := Names()
	require.Contains(t, names, "dsl-512k")
	require.Len(t, names, 13)
	for _, name := range names {
		l, err := Load(name)
		require.NoError(t, err)
		require.Equal(t, name, l.Name)
		require.NotEmpty(t, l.About)
		require.GreaterOrEqual(t, l.Down.MeanBps(), l.Up.MeanBps())
	}
}

func TestALineIsReadWhole(t *testing.T) {
	l, err := parse([]byte(`{"name": "n", "about": "a",
		"down": {"bps": 1e6, "delay_ms": 0.3, "queue_ms": 2, "jitter_ms": 3, "loss": 0.5, "mtu": 1280,
			"steps": [{"t_ms": 0, "bps": 2e6}, {"t_ms": 1, "bps": 0}, {"t_ms": 3.5, "bps": 0}],
			"loss_bursts": {"p": 0.1, "r": 0.2}},
		"up": {"bps": 1000}}`))
	require.NoError(t, err)
	require.Equal(t, Line{Name: "n", About: "a", Up: Direction{Bps: 1000}, Down: Direction{
		Bps: 1e6, Delay: 300 * time.Microsecond, Queue: 2 * time.Millisecond, Jitter: 3 * time.Millisecond,
		Loss: 0.5, MTU: 1280, Bursts: Bursts{0.1, 0.2},
		Steps: []Step{{0, 2e6}, {time.Millisecond, 0}, {3500 * time.Microsecond, 0}},
	}}, l)
}

func TestALineInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"down":{"bps":1e6},"up":{"bps":1e6}}`), 0o600))
	l, err := Load(file)
	require.NoError(t, err)
	require.Equal(t, "mine", l.Name)
	require.NoError(t, os.WriteFile(file, []byte(`{"down":{"bps":1e6}}`), 0o600))
	_, err = Load(file)
	require.EqualError(t, err, "netsim: "+file+": up: bps must be from 1000 to 10000000000, not 0")
	_, err = Load(t.TempDir())
	require.ErrorContains(t, err, "is a directory")
}

func TestAnUnknownLineNamesThoseThatExist(t *testing.T) {
	_, err := Load("dsl-3k")
	require.EqualError(t, err, `netsim: no line and no file is called "dsl-3k"; the lines are burst-1m, dsl-2m, dsl-512k, `+
		`edge-128k, isdn-64k, lan, lossy-1m, outages-1m, rural-4g, sat-1m, site-2m, thin-256k, vpn-1m`)
}

// up is a valid other direction.
const up = `, "up": {"bps": 1000}}`

var malformed = []struct{ json, err string }{
	{``, "not a line's JSON: EOF"},
	{`{`, "not a line's JSON: unexpected EOF"},
	{`[]`, "not a line's JSON: it cannot be array"},
	{`{"down": {"bps": "fast"}` + up, "not a line's JSON: down.bps cannot be string"},
	{`{"down": {"bps": 1e999}` + up, "not a line's JSON: down.bps cannot be number 1e999"},
	{`{"down": {"bps": 1000, "delay": 3}` + up, `not a line's JSON: json: unknown field "delay"`},
	{`{"down": {"bps": 1000}` + up + ` {}`, "not a line's JSON: something follows its closing brace"},
	{`{"up": {"bps": 1000}}`, "down: bps must be from 1000 to 10000000000, not 0"},
	{`{"down": {"bps": -1}` + up, "down: bps must be from 1000 to 10000000000, not -1"},
	{`{"down": {"bps": 1e11}` + up, "down: bps must be from 1000 to 10000000000, not 1e+11"},
	{`{"down": {"bps": 1000, "delay_ms": -1}` + up, "down: delay_ms must be from 0 to 60000, not -1"},
	{`{"down": {"bps": 1000, "queue_ms": 60001}` + up, "down: queue_ms must be from 0 to 60000, not 60001"},
	{`{"down": {"bps": 1000, "jitter_ms": 1e300}` + up, "down: jitter_ms must be from 0 to 60000, not 1e+12"},
	{`{"down": {"bps": 1000, "loss": 5}` + up, "down: loss must be from 0 to 1, not 5"},
	{`{"down": {"bps": 1000, "loss_bursts": {"p": 0.1}}` + up, "down: loss_bursts needs p from 0 to 1 and r above 0 and up to 1, not 0.1 and 0"},
	{`{"down": {"bps": 1000, "mtu": 80}` + up, "down: mtu must be 0 or from 576 to 65535, not 80"},
	{`{"down": {"steps": [{"t_ms": 0, "bps": 1000}]}` + up, "down: steps must be two or more: the last one says where they begin again"},
	{`{"down": {"steps": [{"t_ms": 5, "bps": 1000}, {"t_ms": 9}]}` + up, "down: steps[0] must be at t_ms 0, not 5"},
	{`{"down": {"steps": [{"bps": 1000}, {"t_ms": 9}, {"t_ms": 9.5}]}` + up, "down: steps[2] must be at least 1 ms after the one before"},
	{`{"down": {"steps": [{"bps": 1000}, {"t_ms": 1e9}]}` + up, "down: steps[1] must be at t_ms 86400000 at the latest"},
	{`{"down": {"steps": [{"bps": 10}, {"t_ms": 9}]}` + up, "down: steps[0]: bps must be 0 or from 1000 to 10000000000, not 10"},
	{`{"down": {"steps": [{"bps": 1000}, {"t_ms": 10}, {"t_ms": 20}]}` + up, "down: steps must carry 1000 bit/s on average, not 500"},
	{`{"down": {"bps": 1000}, "up": {"bps": 1000, "loss": -0.1}}`, "up: loss must be from 0 to 1, not -0.1"},
}

func TestAMalformedLineIsRefusedInOneSentence(t *testing.T) {
	for _, c := range malformed {
		_, err := parse([]byte(c.json))
		require.EqualError(t, err, c.err, c.json)
	}
	_, err := parse(make([]byte, maxFile+1))
	require.EqualError(t, err, "a line's JSON has at most 16777216 bytes")
}

// FuzzLine: whatever parses makes a pipe that answers, in order and in bounded time.
func FuzzLine(f *testing.F) {
	for _, name := range Names() {
		b, err := builtIn.ReadFile("lines/" + name + ".json")
		require.NoError(f, err)
		f.Add(b)
	}
	for _, c := range malformed {
		f.Add([]byte(c.json))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := parse(b)
		if err != nil {
			return
		}
		p := NewPipe(l.Down, 1)
		var last time.Duration
		for _, now := range []time.Duration{0, 0, 1, time.Second, time.Minute, time.Hour} {
			due, wait, fate := p.Accept(now, 1500)
			require.GreaterOrEqual(t, wait, time.Duration(0))
			if fate == Delivered {
				require.GreaterOrEqual(t, due, max(last, now+wait))
				last = due
			}
		}
	})
}
