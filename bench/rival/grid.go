package rival

import "image"

// key says what is in a tile. Neighbours with the same key become one rectangle.
type key int64

const (
	clean key = 0
	mixed key = 1
	solid key = 2 // and above: tiles of one colour, solid + the colour
)

// grid is a key for each tile of the screen.
type grid struct {
	size    image.Point
	columns int
	keys    []key
}

func newGrid(size image.Point) grid {
	columns, rows := (size.X+tileSize-1)/tileSize, (size.Y+tileSize-1)/tileSize
	return grid{size, columns, make([]key, columns*rows)}
}

// tile is the rectangle of tile i; at the right and bottom edge it may be smaller.
func (g grid) tile(i int) image.Rectangle {
	at := image.Pt(i%g.columns*tileSize, i/g.columns*tileSize)
	return image.Rectangle{at, at.Add(image.Pt(tileSize, tileSize))}.Intersect(image.Rectangle{Max: g.size})
}

// each calls f for every tile that a rectangle reaches into.
func (g grid) each(r image.Rectangle, f func(i int)) {
	r = r.Intersect(image.Rectangle{Max: g.size})
	for y := r.Min.Y / tileSize; y*tileSize < r.Max.Y; y++ {
		for x := r.Min.X / tileSize; x*tileSize < r.Max.X; x++ {
			f(y*g.columns + x)
		}
	}
}

// area is a rectangle of tiles of one key.
type area struct {
	image.Rectangle
	key key
}

// areas covers all tiles that are not clean: runs of one key in a row of tiles; a run that
// has the same ends and key as one right above it is joined with that.
func (g grid) areas() []area {
	var all []area
	above := map[[2]int]int{} // in all, by the left and right end
	for first := 0; first < len(g.keys); first += g.columns {
		here := map[[2]int]int{}
		for x := 0; x < g.columns; {
			k, end := g.keys[first+x], x+1
			for end < g.columns && g.keys[first+end] == k {
				end++
			}
			if k != clean {
				r := g.tile(first + x).Union(g.tile(first + end - 1))
				i, joined := above[[2]int{x, end}]
				if joined && all[i].key == k {
					all[i].Rectangle = all[i].Union(r)
				} else {
					i = len(all)
					all = append(all, area{r, k})
				}
				here[[2]int{x, end}] = i
			}
			x = end
		}
		above = here
	}
	return all
}
