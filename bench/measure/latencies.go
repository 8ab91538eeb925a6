package measure

import "time"

// Latencies are the figures of all updates of a recording after the first screen.
type Latencies struct {
	Updates      int // in the percentiles
	Free         int // legible already when they happened: in no percentile
	Pages        int // of Updates, those of more than PageTiles tiles
	LegibleNever int // of Updates
	ExactNever   int

	LegibleP50, LegibleP95 Millis
	SmallP95               Millis  // legible latency of updates of at most SmallTiles tiles
	PagesPerSecond         float64 // moments at which pages became legible, from the first page to the last such moment
	PageP50, PageP95       Millis  // legible latency of pages
	ExactP50, ExactP95     Millis
}

// PageTiles is the number of tiles above which an update is a page: a caret's blink, or a
// letter typed, does not dilute them.
const PageTiles = 64

// SmallTiles is up to how many tiles an update is small: what is typed.
const SmallTiles = 8

// LatenciesOf sums up updates. Those without tiles changed nothing and do not count.
func LatenciesOf(updates []*Update) Latencies {
	var l Latencies
	var legible, exact, page, small []Millis
	moments := map[time.Duration]bool{}
	var begun, ended time.Duration
	for _, u := range updates {
		switch {
		case u.Tiles == 0:
			continue
		case u.Free:
			l.Free++
			continue
		}
		seen, full := MillisIf(u.Legible()), MillisIf(u.Exact())
		l.LegibleNever += one(seen.Infinite())
		l.ExactNever += one(full.Infinite())
		legible, exact = append(legible, seen), append(exact, full)
		if u.Tiles <= SmallTiles {
			small = append(small, seen)
		}
		if u.Tiles > PageTiles {
			if len(page) == 0 {
				begun = u.At
			}
			page = append(page, seen)
			if d, ok := u.Legible(); ok {
				moments[u.At+d] = true
				ended = max(ended, u.At+d)
			}
		}
	}
	if ended > begun {
		l.PagesPerSecond = float64(len(moments)) / (ended - begun).Seconds()
	}
	l.SmallP95 = Percentile(small, 95)
	l.Updates, l.Pages = len(legible), len(page)
	l.LegibleP50, l.LegibleP95 = Percentile(legible, 50), Percentile(legible, 95)
	l.PageP50, l.PageP95 = Percentile(page, 50), Percentile(page, 95)
	l.ExactP50, l.ExactP95 = Percentile(exact, 50), Percentile(exact, 95)
	return l
}
