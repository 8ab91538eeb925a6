package measure

import "image"

// grid is a screen's tiles, by number: from the left in each row, from the top.
type grid struct {
	size    image.Point // pixels
	columns int
	marks   []bool // by tile, for touched
	list    []int
}

func newGrid(size image.Point) grid {
	g := grid{size: size, columns: (size.X + TileSize - 1) / TileSize}
	g.marks = make([]bool, g.columns*((size.Y+TileSize-1)/TileSize))
	return g
}

// touched lists the tiles that rectangles reach into, each once. The list is valid until the next call.
func (g *grid) touched(damage []image.Rectangle) []int {
	g.list = g.list[:0]
	for _, r := range damage {
		r = r.Intersect(image.Rectangle{Max: g.size})
		if r.Empty() {
			continue
		}
		for y := r.Min.Y / TileSize; y <= (r.Max.Y-1)/TileSize; y++ {
			for x := r.Min.X / TileSize; x <= (r.Max.X-1)/TileSize; x++ {
				if i := y*g.columns + x; !g.marks[i] {
					g.marks[i] = true
					g.list = append(g.list, i)
				}
			}
		}
	}
	for _, i := range g.list {
		g.marks[i] = false
	}
	return g.list
}
