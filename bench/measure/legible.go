package measure

// TileSize is the side of a tile in pixels; tiles at the right and bottom edge may be smaller.
const TileSize = 16

// tilePixels are the pixels of a tile, row by row without gaps, as 0x00BBGGRR.
type tilePixels []uint32

// Weights of BT.601's luma, in thousandths.
const lumaRed, lumaGreen, lumaBlue = 299, 587, 114

// What is still legible, in steps of 8-bit values.
const (
	maxTileRMSE  = 10 // luma, over the tile: about 28 dB
	maxBlockRMSE = 16 // luma, over each block of 4 x 4 pixels
	maxMean      = 4  // mean of R, of G and of B
)

// legible tells whether two tiles of the given width look alike to a reader: a comma for
// a full stop, or a red cell for a green one, does not.
func legible(a, b tilePixels, width int) bool {
	var sum, red, green, blue int64
	height := len(a) / width
	for y0 := 0; y0 < height; y0 += 4 {
		for x0 := 0; x0 < width; x0 += 4 {
			var block, n int64
			for y := y0; y < min(y0+4, height); y++ {
				for x := x0; x < min(x0+4, width); x++ {
					n++
					v, u := a[y*width+x], b[y*width+x]
					if v == u {
						continue
					}
					r := int64(v&255) - int64(u&255)
					g := int64(v>>8&255) - int64(u>>8&255)
					bl := int64(v>>16&255) - int64(u>>16&255)
					red, green, blue = red+r, green+g, blue+bl
					d := lumaRed*r + lumaGreen*g + lumaBlue*bl
					block += d * d
				}
			}
			if block > square(maxBlockRMSE*1000)*n {
				return false
			}
			sum += block
		}
	}
	n := int64(len(a))
	return sum <= square(maxTileRMSE*1000)*n && near(red, n) && near(green, n) && near(blue, n)
}

func square(v int64) int64 { return v * v }

func near(sum, n int64) bool { return -maxMean*n <= sum && sum <= maxMean*n }
