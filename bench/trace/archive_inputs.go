package trace

import (
	"encoding/json"
	"errors"
	"fmt"
)

// inputLine is a line of inputs.jsonl.
type inputLine struct {
	TMS    float64   `json:"t_ms"`
	Kind   InputKind `json:"kind"`
	Keysym string    `json:"keysym,omitempty"`
	X      *int      `json:"x,omitempty"`
	Y      *int      `json:"y,omitempty"`
	Button int       `json:"button,omitempty"`
	Down   *bool     `json:"down,omitempty"`
	DX     int       `json:"dx,omitempty"`
	DY     int       `json:"dy,omitempty"`
}

func (a *Archive) readInputs() error {
	return a.lines("inputs.jsonl", func(line []byte) error {
		var l inputLine
		if err := json.Unmarshal(line, &l); err != nil {
			return err
		}
		at, err := a.time(l.TMS)
		if err != nil {
			return err
		}
		if n := len(a.inputs); n > 0 && at < a.inputs[n-1].At {
			return fmt.Errorf("time goes back to %g ms", l.TMS)
		}
		in := Input{At: at, Kind: l.Kind}
		switch {
		case l.Kind == Key && l.Keysym != "":
			in.Keysym = l.Keysym
		case l.Kind == Pointer && l.X != nil && l.Y != nil:
			in.X, in.Y = *l.X, *l.Y
		case l.Kind == Button && l.Button >= 1 && l.Button <= 255 && l.Down != nil:
			in.Button, in.Down = l.Button, *l.Down
		case l.Kind == Wheel:
			in.DX, in.DY = l.DX, l.DY
		default:
			return errors.New("neither a key with its keysym, a pointer with x and y, a button with button and down, nor a wheel")
		}
		if len(a.inputs) == maxUpdates {
			return fmt.Errorf("more than %d inputs", maxUpdates)
		}
		a.inputs = append(a.inputs, in)
		return nil
	})
}
