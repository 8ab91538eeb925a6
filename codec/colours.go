package codec

import "fmt"

// Colours says how many colours a Screen has. Fewer take fewer bytes: grey has a third of the information, and few colours
// make edges and photographs repeat themselves.
type Colours uint8

const (
	AllColours Colours = iota // 24 bits
	FewColours                // 8 levels of red, green and blue each
	Grey                      // luma (BT.601) in 32 levels
)

// String names the setting.
func (c Colours) String() string {
	switch c {
	case AllColours:
		return "all colours"
	case FewColours:
		return "few colours"
	case Grey:
		return "grey"
	}
	return fmt.Sprintf("Colours(%d)", uint8(c))
}

// spread gives v, 0 to 255, the nearest of n levels that reach from 0 to 255.
func spread(v, n uint32) uint32 {
	level := (v*(n-1) + 127) / 255
	return (level*255 + (n-1)/2) / (n - 1)
}

// of gives a pixel in these colours. Black and white stay what they are.
func (c Colours) of(v uint32) uint32 {
	switch c {
	case FewColours:
		return spread(v>>16, 8)<<16 | spread(v>>8&255, 8)<<8 | spread(v&255, 8)
	case Grey:
		luma := (77*(v>>16) + 150*(v>>8&255) + 29*(v&255) + 128) >> 8
		return spread(luma, 32) * 0x010101
	}
	return v
}
