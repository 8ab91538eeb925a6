// Package trace reads, cuts and writes recordings of desktops: the input of every
// measurement.
//
// A Recording is a picture, its changes and what the user did, each at a time. It is
// either a file of the format thinpane-trace/1, opened with Open, or drawn by a program
// (Drawn); Cut makes a shorter one of any. All are played alike, by ranging over Updates.
//
// # The format thinpane-trace/1
//
// A zip archive of
//
//   - trace.json: {"format":"thinpane-trace/1","name":…,"width":…,"height":…,
//     "duration_ms":…,"updates":N,"about":…};
//   - updates.jsonl: one update a line, in time order:
//     {"t_ms":1234,"patches":[{"x":0,"y":0,"w":64,"h":16,"file":"p/000012-0.png"}]};
//     the first, at t_ms 0, covers the whole screen; patches of one update do not overlap,
//     and all of them become visible at once; a patch is an opaque PNG of exactly w x h
//     pixels; between updates nothing changes;
//   - inputs.jsonl: what the user did: {"t_ms":1200,"kind":"key","keysym":"a"},
//     {"kind":"pointer","x":…,"y":…}, {"kind":"button","button":1,"down":true},
//     {"kind":"wheel","dy":1}.
package trace
