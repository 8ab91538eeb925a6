package trace

import (
	"encoding/json"
	"fmt"
	"image"
	"io"
)

// head is trace.json.
type head struct {
	Format     string  `json:"format"`
	Name       string  `json:"name"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	DurationMS float64 `json:"duration_ms"`
	Updates    int     `json:"updates"`
	About      string  `json:"about"`
}

func (a *Archive) readHead() error {
	r, err := a.open("trace.json")
	if err != nil {
		return err
	}
	defer r.Close()
	var h head
	if err := json.NewDecoder(io.LimitReader(r, maxLine)).Decode(&h); err != nil {
		return fmt.Errorf("trace.json: %w", err)
	}
	switch {
	case h.Format != format:
		return fmt.Errorf("trace.json: format %q, want %q", h.Format, format)
	case h.Width < 1 || h.Height < 1 || h.Width > MaxSide || h.Height > MaxSide:
		return fmt.Errorf("trace.json: size %d x %d, want 1 x 1 to %d x %d", h.Width, h.Height, MaxSide, MaxSide)
	case h.DurationMS < 0 || h.DurationMS > float64(maxDuration.Milliseconds()):
		return fmt.Errorf("trace.json: duration_ms %g, want 0 to %d", h.DurationMS, maxDuration.Milliseconds())
	case h.Updates < 1 || h.Updates > maxUpdates:
		return fmt.Errorf("trace.json: %d updates, want 1 to %d", h.Updates, maxUpdates)
	}
	a.name, a.about = h.Name, h.About
	a.size = image.Pt(h.Width, h.Height)
	a.duration = milliseconds(h.DurationMS)
	a.updates = make([]archived, 0, min(h.Updates, 1<<16))
	return a.readCount(h.Updates)
}

// readCount checks the number of updates before any is believed.
func (a *Archive) readCount(want int) error {
	got := 0
	err := a.lines("updates.jsonl", func([]byte) error { got++; return nil })
	if err == nil && got != want {
		err = fmt.Errorf("updates.jsonl: %d updates, trace.json says %d", got, want)
	}
	return err
}
