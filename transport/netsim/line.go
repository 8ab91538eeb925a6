package netsim

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Line is what lies between the two ends.
type Line struct {
	Name  string // short, such as dsl-512k
	About string // one sentence
	Down  Direction
	Up    Direction
}

// Direction is one direction of a line. Its fields take the ranges that Validate checks.
type Direction struct {
	Bps    float64       // rate in bit/s, 1,000 to 10,000,000,000; unused when there are Steps
	Delay  time.Duration // one way, beside queue and serialisation; up to a minute
	Queue  time.Duration // what the queue holds at the highest rate; up to a minute
	Jitter time.Duration // added to Delay, uniform from 0 to this; never reorders; up to a minute
	Loss   float64       // share of packets lost at random behind the queue, 0 to 1
	Steps  []Step        // rates over time; none: Bps for ever
	Bursts Bursts        // loss in bursts
	MTU    int           // bytes; a longer packet is dropped; 0: 1,500; otherwise 576 to 65,535
}

// Step is a rate and the time from which it holds. The first is at 0; the last one only says
// where the steps begin again. A rate of 0 is an outage: the queue keeps what it holds, and drops
// what finds it full.
type Step struct {
	At  time.Duration // up to a day, and at least a millisecond after the step before
	Bps float64       // bit/s; 0, or 1,000 to 10,000,000,000
}

// Bursts is loss in bursts by Gilbert's model: at each packet, with probability P, into a state
// in which all is lost, and out of it with probability R. So P/(P+R) of all packets are lost,
// 1/R in a row on average. The zero value loses none.
type Bursts struct{ P, R float64 }

// The limits of a line: wide enough for any real one, narrow enough that no sum of times
// overflows and that no packet takes the simulation longer than its size justifies.
const (
	minBps    = 1e3
	maxBps    = 1e10
	maxDelay  = time.Minute
	minStep   = time.Millisecond
	maxLoop   = 24 * time.Hour
	maxFile   = 16 << 20 // bytes of JSON
	maxPacket = 65535
	plainMTU  = 1500
)

//go:embed lines/*.json
var builtIn embed.FS

// Names returns the names of the lines that are built in, sorted.
func Names() []string {
	entries, err := builtIn.ReadDir("lines")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// Load returns the line of that name or, where there is none, the one in that file. A line in a
// file without a name is called after the file.
func Load(nameOrFile string) (Line, error) {
	if b, err := builtIn.ReadFile("lines/" + nameOrFile + ".json"); err == nil {
		return parse(b)
	}
	f, err := os.Open(nameOrFile)
	if errors.Is(err, os.ErrNotExist) {
		return Line{}, fmt.Errorf("netsim: no line and no file is called %q; the lines are %s", nameOrFile, strings.Join(Names(), ", "))
	} else if err != nil {
		return Line{}, fmt.Errorf("netsim: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Line{}, fmt.Errorf("netsim: %w", err)
	}
	l, err := parse(b)
	if err != nil {
		return Line{}, fmt.Errorf("netsim: %s: %w", nameOrFile, err)
	}
	if l.Name == "" {
		l.Name = strings.TrimSuffix(filepath.Base(nameOrFile), ".json")
	}
	return l, nil
}

// lineJSON is a line's file: times are in milliseconds.
type lineJSON struct {
	Name  string        `json:"name"`
	About string        `json:"about"`
	Down  directionJSON `json:"down"`
	Up    directionJSON `json:"up"`
}

type directionJSON struct {
	Bps    float64 `json:"bps"`
	Delay  float64 `json:"delay_ms"`
	Queue  float64 `json:"queue_ms"`
	Jitter float64 `json:"jitter_ms"`
	Loss   float64 `json:"loss"`
	Steps  []struct {
		At  float64 `json:"t_ms"`
		Bps float64 `json:"bps"`
	} `json:"steps"`
	Bursts struct {
		P float64 `json:"p"`
		R float64 `json:"r"`
	} `json:"loss_bursts"`
	MTU int `json:"mtu"`
}

func parse(b []byte) (Line, error) {
	if len(b) > maxFile {
		return Line{}, fmt.Errorf("a line's JSON has at most %d bytes", maxFile)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var j lineJSON
	var wrong *json.UnmarshalTypeError
	if err := dec.Decode(&j); errors.As(err, &wrong) {
		return Line{}, fmt.Errorf("not a line's JSON: %s cannot be %s", cmp.Or(wrong.Field, "it"), wrong.Value)
	} else if err != nil {
		return Line{}, fmt.Errorf("not a line's JSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Line{}, errors.New("not a line's JSON: something follows its closing brace")
	}
	l := Line{Name: j.Name, About: j.About, Down: j.Down.direction(), Up: j.Up.direction()}
	return l, l.Validate()
}

func (j directionJSON) direction() Direction {
	d := Direction{
		Bps: j.Bps, Delay: ms(j.Delay), Queue: ms(j.Queue), Jitter: ms(j.Jitter), Loss: j.Loss,
		Bursts: Bursts{j.Bursts.P, j.Bursts.R}, MTU: j.MTU,
	}
	for _, s := range j.Steps {
		d.Steps = append(d.Steps, Step{ms(s.At), s.Bps})
	}
	return d
}

// ms turns milliseconds into a duration; what is far beyond every limit stays beyond it.
func ms(x float64) time.Duration {
	const most = 1e12
	return time.Duration(max(-most, min(most, x)) * float64(time.Millisecond))
}

// Validate returns nil, or one sentence about the first field that is out of its range.
func (l Line) Validate() error {
	if err := l.Down.Validate(); err != nil {
		return fmt.Errorf("down: %w", err)
	}
	if err := l.Up.Validate(); err != nil {
		return fmt.Errorf("up: %w", err)
	}
	return nil
}

// Validate returns nil, or one sentence about the first field that is out of its range.
func (d Direction) Validate() error {
	if len(d.Steps) == 0 && !(d.Bps >= minBps && d.Bps <= maxBps) {
		return fmt.Errorf("bps must be from 1000 to 10000000000, not %v", d.Bps)
	}
	for _, f := range []struct {
		name string
		v    time.Duration
	}{{"delay_ms", d.Delay}, {"queue_ms", d.Queue}, {"jitter_ms", d.Jitter}} {
		if f.v < 0 || f.v > maxDelay {
			return fmt.Errorf("%s must be from 0 to 60000, not %v", f.name, inMS(f.v))
		}
	}
	if !(d.Loss >= 0 && d.Loss <= 1) {
		return fmt.Errorf("loss must be from 0 to 1, not %v", d.Loss)
	}
	if b := d.Bursts; b != (Bursts{}) && !(b.P >= 0 && b.P <= 1 && b.R > 0 && b.R <= 1) {
		return fmt.Errorf("loss_bursts needs p from 0 to 1 and r above 0 and up to 1, not %v and %v", b.P, b.R)
	}
	if d.MTU != 0 && (d.MTU < 576 || d.MTU > maxPacket) {
		return fmt.Errorf("mtu must be 0 or from 576 to 65535, not %d", d.MTU)
	}
	return validateSteps(d.Steps)
}

func validateSteps(steps []Step) error {
	if len(steps) == 0 {
		return nil
	}
	if len(steps) == 1 {
		return errors.New("steps must be two or more: the last one says where they begin again")
	}
	for i, s := range steps {
		switch {
		case i == 0 && s.At != 0:
			return fmt.Errorf("steps[0] must be at t_ms 0, not %v", inMS(s.At))
		case i > 0 && s.At-steps[i-1].At < minStep:
			return fmt.Errorf("steps[%d] must be at least 1 ms after the one before", i)
		case s.At > maxLoop:
			return fmt.Errorf("steps[%d] must be at t_ms 86400000 at the latest", i)
		case s.Bps != 0 && !(s.Bps >= minBps && s.Bps <= maxBps):
			return fmt.Errorf("steps[%d]: bps must be 0 or from 1000 to 10000000000, not %v", i, s.Bps)
		}
	}
	if mean := (Direction{Steps: steps}).MeanBps(); mean < minBps {
		return fmt.Errorf("steps must carry 1000 bit/s on average, not %v", mean)
	}
	return nil
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// MeanBps is the rate in bit/s, averaged over the steps.
func (d Direction) MeanBps() float64 {
	if len(d.Steps) < 2 {
		return d.Bps
	}
	var bits float64
	for i, s := range d.Steps[1:] {
		bits += d.Steps[i].Bps * (s.At - d.Steps[i].At).Seconds()
	}
	return bits / d.Steps[len(d.Steps)-1].At.Seconds()
}

// mtu is the length in bytes of the longest packet that passes.
func (d Direction) mtu() int {
	if d.MTU == 0 {
		return plainMTU
	}
	return d.MTU
}
