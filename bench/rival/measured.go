package rival

import "github.com/thinpane/thinpane/bench/measure"

// TigerVNC is what TigerVNC 1.12 (Debian 12; Xvnc and its viewer with their defaults) did
// with a recording of this repository, in real time over a line between two network
// namespaces, by the same definitions. Linux's TCP with Reno; one run each.
type TigerVNC struct {
	Recording, Line        string
	FirstLegible           measure.Millis
	LegibleP50, LegibleP95 measure.Millis
	PageP50, PageP95       measure.Millis
	LegibleNever           int
	BytesFirst, BytesDown  int
	QueueP95               measure.Millis
	Staleness              float64
}

// Measured are all such runs.
var Measured = []TigerVNC{
	{"typing", "thin-256k", 6120.8, 72.2, 925.3, 298.2, 298.2, 0, 169523, 595766, 216.5, 0.00093},
	{"typing", "dsl-512k", 3213.1, 47.5, 83.0, 161.6, 161.6, 0, 170337, 470794, 56.0, 0.00049},
	{"table", "thin-256k", 11254.2, 6497.9, 11054.3, 7126.0, 16979.1, 0, 333361, 1535340, 453.4, 0.58525},
	{"table", "dsl-512k", 5712.0, 1953.6, 3634.4, 3211.5, 9014.3, 0, 340433, 1613831, 380.0, 0.42033},
	{"page", "thin-256k", 8497.4, 8007.2, 10266.6, 8007.2, 10266.6, 0, 245725, 2022264, 444.9, 0.46766},
	{"page", "dsl-512k", 4340.1, 3638.5, 4742.5, 3638.5, 4742.5, 0, 245946, 2058322, 357.1, 0.44001},
}
