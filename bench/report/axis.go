package report

import (
	"math"
	"strconv"
)

// axis maps values from 0 to top onto pixels, with marks at round values.
type axis struct {
	top    float64 // a mark, at or above the largest value
	step   float64 // between marks
	origin float64 // pixels, of 0
	length float64 // pixels to top; negative: upwards
}

// newAxis reaches at least to most, with about the given number of marks above 0.
func newAxis(most float64, marks int, origin, length float64) axis {
	if !(most > 0) || math.IsInf(most, 0) {
		most = 1
	}
	raw := most / float64(marks)
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * unit
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= raw*(1-1e-9) {
			step = m * unit
			break
		}
	}
	return axis{top: step * math.Ceil(most/step-1e-9), step: step, origin: origin, length: length}
}

// at is the place of a value, which is kept within the axis.
func (a axis) at(v float64) float64 {
	return a.origin + a.length*min(max(v/a.top, 0), 1)
}

// marks are the values from 0 to top.
func (a axis) marks() (all []float64) {
	for i := 0; float64(i)*a.step <= a.top*(1+1e-9); i++ {
		all = append(all, float64(i)*a.step)
	}
	return all
}

// label writes a mark with just the digits that its step needs.
func (a axis) label(v float64) string {
	digits := max(0, int(-math.Floor(math.Log10(a.step)+1e-9)))
	return strconv.FormatFloat(v, 'f', digits, 64)
}
