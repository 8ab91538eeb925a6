package x11

import "image"

// maxRectangles is the most that are fetched one by one.
const maxRectangles = 64

// simplify makes few rectangles of many, for a screen of size: neighbours in the list (which is sorted by rows) are
// joined until they are few enough. None overlap unless they were joined, and all together are no more than the
// screen.
func simplify(list []image.Rectangle, size image.Point) []image.Rectangle {
	all := image.Rectangle{Max: size}
	kept := list[:0:0]
	for _, r := range list {
		if r = r.Intersect(all); !r.Empty() {
			kept = append(kept, r)
		}
	}
	for len(kept) > maxRectangles {
		for i := range (len(kept) + 1) / 2 {
			r := kept[2*i]
			if 2*i+1 < len(kept) {
				r = r.Union(kept[2*i+1])
			}
			kept[i] = r
		}
		kept = kept[:(len(kept)+1)/2]
	}
	area := 0
	for _, r := range kept {
		area += r.Dx() * r.Dy()
	}
	if area >= size.X*size.Y {
		return []image.Rectangle{all}
	}
	return kept
}
