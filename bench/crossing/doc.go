// Package crossing lets recordings cross simulated lines and says what the user at the
// far end saw, and when.
//
// One run is one recording, one line and one seed, in virtual time:
//
//	recording --clock--> Stage --Update--> near end ==== netsim.Net ==== far end --Show--> Stage
//	    |                  |                                                                 |
//	    |                  +---------------------> measure.Tracker <-----------------------+
//	    +--inputs-------------------------------> far end ==== line ==== near end --Arrived--+
//
// What stands at the two ends is a System: Thinpane, or a rival over the same line with
// the same clock and the same measure. Run must be called in virtual time (package
// virtual, or a test's synctest bubble).
package crossing
