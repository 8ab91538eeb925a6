// Package virtual runs simulations: functions in which time is virtual, each in a process
// of its own.
//
//	parent                                 child (the same program)
//	Pool.call --JSON on its stdin-->  Child --> bubble --> the Job's function
//	   ^                                                      |
//	   +----- lines of JSON on its stdout: how far, the result, or an error
//
// Virtual time is testing/synctest's: inside a bubble the clock stands still while
// anything runs and jumps to the next timer when all wait. What goes wrong in a bubble
// (a panic, goroutines that wait for ever) ends the process, so each run has its own; the
// parent turns such an end into one sentence.
//
// A program that simulates calls Child first thing in main.
package virtual
