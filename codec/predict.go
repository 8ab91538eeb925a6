package codec

// Prediction of a block from the pixels above it and to its left, in the manner of H.264's and H.265's intra prediction.
const (
	predictMean = iota
	predictSmooth
	predictDown
	predictRight
	predictDownLeft
	predictDiagonal
	predictSteep
	predictFlat
	directions
)

// plane is a tile's luma or chroma with what borders on it: a row above that goes on to the right, a column to the left.
type plane struct {
	n int // side of the tile in it: 16, or 8 with half the resolution
	v [17 * planeStride]int32
}

const planeStride = 33

func (p *plane) at(x, y int) int { return (y+1)*planeStride + x + 1 }

// predict writes the n x n prediction of the block at x, y.
func (p *plane) predict(x, y, n int, direction uint8, out *block) {
	var edge [50]int32 // from the left column's lower end over the corner, edge[16], to the upper row's right end
	at := p.at(x, y)
	for k := range n {
		edge[15-k] = p.v[at+k*planeStride-1]
	}
	copy(edge[16:], p.v[at-planeStride-1:][:n+1])
	if y == 0 || x+n < p.n { // what is above to the right is known
		copy(edge[17+n:], p.v[at-planeStride+n:][:n])
	} else {
		for k := range n {
			edge[17+n+k] = edge[16+n]
		}
	}
	edge[17+2*n] = edge[16+2*n]
	top, left := edge[17:], edge[:16] // left[15-y]
	round := int32(n)
	switch direction {
	case predictMean:
		sum := round
		for k := range n {
			sum += top[k] + left[15-k]
		}
		v := sum >> log2(2*n)
		for k := range out[:n*n] {
			out[k] = v
		}
	case predictSmooth:
		shift := log2(2 * n)
		right, low := top[n], left[16-n]
		for y := range n {
			l, row := left[15-y], out[n*y:][:n]
			for x := range row {
				row[x] = (int32(n-1-x)*l + int32(x+1)*right + int32(n-1-y)*top[x] + int32(y+1)*low + round) >> shift
			}
		}
	case predictDown:
		for y := range n {
			copy(out[n*y:][:n], top)
		}
	case predictRight:
		for y := range n {
			l, row := left[15-y], out[n*y:][:n]
			for x := range row {
				row[x] = l
			}
		}
	case predictDownLeft:
		for y := range n {
			for x := range n {
				e := edge[17+x+y:][:3]
				out[n*y+x] = (e[0] + 2*e[1] + e[2] + 2) >> 2
			}
		}
	case predictDiagonal:
		for y := range n {
			for x := range n {
				e := edge[15+x-y:][:3]
				out[n*y+x] = (e[0] + 2*e[1] + e[2] + 2) >> 2
			}
		}
	case predictSteep:
		for y := range n {
			for x := range n {
				k := 2*x - y + 1
				switch {
				case k < 0:
					out[n*y+x] = edge[16+k]
				case k&1 == 0:
					out[n*y+x] = (edge[16+k>>1] + edge[17+k>>1] + 1) >> 1
				default:
					out[n*y+x] = edge[17+k>>1]
				}
			}
		}
	case predictFlat:
		for y := range n {
			for x := range n {
				k := 2*y - x + 1
				switch {
				case k < 0:
					out[n*y+x] = edge[16-k]
				case k&1 == 0:
					out[n*y+x] = (edge[16-k>>1] + edge[15-k>>1] + 1) >> 1
				default:
					out[n*y+x] = edge[15-k>>1]
				}
			}
		}
	}
}

// log2 of a power of two.
func log2(n int) uint { return uint(size(int32(n))) - 1 }
