// Package codec carries a changing picture in small objects, over lines so thin that nothing may be sent for nothing.
//
// A Screen holds the newest picture. Each viewer has an Encoder, which keeps a model of what that viewer sees, and writes
// objects of at most so many bytes whenever its caller may send: always from the newest picture, never from one that has
// been overtaken. A Decoder at the viewer's end keeps the picture. Text is exact at once; photographs are coarse at first
// and made exact when nothing else is left.
//
//	            Screen.Update: what changed, what moved, which tiles are photographs      (damage, finder, classify)
//	                 |  once for all viewers
//	                 v
//	 Encoder.Append: look --> copies --------> tiles, the most urgent first ------------------> object
//	                 (judge)  (planner, copies)  |  place, mode, blocks (side)                    |
//	                                             +--> what it showed before        (former)       |
//	                                             +--> strong: twelve contexts      (exact_strong) |
//	                                             +--> fast: candidates             (exact_fast)   |
//	                                             +--> coarse: transform, levels    (coarse)       |
//	                                             +--> photo, refine: differences   (photo)        |
//	                                             all decisions: adaptive bits      (prob, rangecoder)
//	                                                                                              v
//	Decoder.Decode:  the same stream code, run the other way, on the same model <--------- transport
//
// Both ends need memory: 8 MB for what tiles showed before, 11 MB for the strong mode's tables and 2 MB for the others',
// 14 bytes for each pixel of the picture. An end makes the first two as they come to be used.
//
// What crosses the line is defined by SPEC.md. The package knows no clock, no network, no goroutine and no randomness: the
// same calls give the same bytes.
package codec
