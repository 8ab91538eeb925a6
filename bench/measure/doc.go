// Package measure says what a person sees, and when: it compares the picture in front of
// the user with what the source showed, by the definitions of bench/README.md.
//
// The screen is cut into tiles of 16 x 16 pixels from the top left corner. A Tracker is
// told each change of the source's picture S and of the user's V, with the time; it knows
// for each tile the versions that somebody still waits for, and says for each update when
// it was legible and when it was exact. It has no clock: the same calls give the same
// figures, in virtual time or in real time.
package measure
