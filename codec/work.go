package codec

// MaxWork is what an Append codes at most when its Limits name no Work, in the units of Work.Cost: 5 ms of a slow core.
// Looks and copies come before that and are not cut short: see Append.
const MaxWork = 5_000_000

// Work counts pixels by what was done to them, so that effort can be bounded and charged without a clock.
type Work struct {
	Scanned int64 // compared or hashed
	Copied  int64 // taken over from a caller, moved, or filled in runs
	Exact   int64 // coded one by one, fast
	Strong  int64 // coded one by one, strongly
	Photo   int64 // photographic, coded one by one
	Coarse  int64 // transformed
	Sought  int64 // for which an encoder sought a coarse form, once for each quantiser
}

// Add gives the sum.
func (w Work) Add(v Work) Work {
	return Work{w.Scanned + v.Scanned, w.Copied + v.Copied, w.Exact + v.Exact, w.Strong + v.Strong, w.Photo + v.Photo, w.Coarse + v.Coarse, w.Sought + v.Sought}
}

// Cost in nanoseconds of a slow core, half as fast as the 2-core server that it was measured on.
// The benchmarks' slow-x compares it with the time taken.
func (w Work) Cost() int64 {
	return w.Scanned*costScanned + w.Copied*costCopied + w.Exact*costExact + w.Strong*costStrong + w.Photo*costPhoto + w.Coarse*costCoarse + w.Sought*costSought
}

// Nanoseconds of a slow core for each pixel: twice what a least-squares fit over all Appends of recorded desktops gave.
// Exact is a mean: text that repeats itself takes half as long, colours never seen twice.
const (
	costScanned = 2
	costCopied  = 3
	costExact   = 220
	costStrong  = 600
	costPhoto   = 900
	costCoarse  = 60
	costSought  = 260
)
