package codec

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode: any bytes are decoded or refused alike by the decoder and by the plain one, and never panic. The input is
// a sequence of objects, each after a byte with its length.
func FuzzDecode(f *testing.F) {
	for seed := range uint64(4) {
		sc := newScene(seed, 40, 30)
		screen := NewScreen(ScreenConfig{})
		v := newLink(f, screen)
		var all []byte
		for range 4 {
			sc.step()
			_, err := screen.Update(PictureOf(sc), Hints{})
			require.NoError(f, err)
			for _, refine := range []bool{false, true} {
				if b, o := v.Append(nil, Limits{Bytes: 200, Sharpness: 40, Refine: refine}); o.State != 0 {
					all = append(append(all, byte(len(b))), b...)
				}
			}
		}
		f.Add(all)
	}
	f.Fuzz(func(t *testing.T, all []byte) {
		d, p := NewDecoder(DecoderConfig{MaxSize: image.Pt(200, 200)}), newPlain()
		work := 0
		for n := 0; n < 20 && len(all) > 1; n++ {
			k := min(int(all[0]), len(all)-1)
			obj := all[1 : 1+k]
			all = all[1+k:]
			c, err := d.Decode(obj)
			if err != nil {
				if !errors.Is(err, ErrLimit) && d.view != nil && d.view.size.X*d.view.size.Y < 10000 { // above it the plain one takes too long
					require.Error(t, p.decode(obj))
				}
				_, err = d.Decode(obj)
				require.ErrorIs(t, err, ErrBroken)
				return
			}
			s := d.Picture().Size
			area := int64(s.X * s.Y)
			require.LessOrEqual(t, c.Work.Exact+c.Work.Strong+c.Work.Photo+c.Work.Coarse, area, "%v", c)
			require.LessOrEqual(t, c.Work.Copied, 4*area) // a resize, copies through memory, flat runs
			if work += s.X * s.Y; work > 40000 {
				return
			}
			require.NoError(t, p.decode(obj))
			require.True(t, bytes.Equal(p.picture().Pix, d.Picture().Pix))
		}
	})
}

// FuzzScreen: whatever is drawn and whenever objects are asked for, the model equals the picture and the end is exact.
// The input is a program: each byte draws, or asks for an object.
func FuzzScreen(f *testing.F) {
	f.Add([]byte{1, 0x10, 0x91, 0x22, 0xf3, 0x84, 0x7f, 0xa0})
	f.Add([]byte{2, 0x41, 0xc1, 0x41, 0xd1, 0x09, 0xe1, 0x05, 0x85, 0x3f, 0xff})
	f.Add([]byte{3, 0x0c, 0x8c, 0x14, 0x9c, 0x24, 0xac, 0x34, 0xbc})
	f.Fuzz(func(t *testing.T, program []byte) {
		if len(program) == 0 {
			return
		}
		sc := newScene(uint64(program[0]), 30+int(program[0])/4, 25+int(program[0])/3)
		screen := NewScreen(ScreenConfig{})
		v := newLink(t, screen)
		for _, op := range program[1:min(len(program), 60)] {
			if op < 0x80 {
				sc.rng.Uint64()
				damage, moves := sc.step()
				h := Hints{}
				if op&1 != 0 {
					h.Damage = []image.Rectangle{damage}
				}
				if op&2 != 0 {
					h.Moves = moves
				}
				if op&0x7c == 0x7c {
					sc = newScene(uint64(op), 1+int(op), 40)
					h = Hints{}
				}
				_, err := screen.Update(sc.as(Format(op>>2&1), int(op>>3&3)*4), h)
				require.NoError(t, err)
				continue
			}
			v.send(t, Limits{Bytes: MinObject + int(op&15)*80, Work: int64(op&3) * 100_000, Sharpness: Sharpness(op & 0x70), Mode: Mode(op & 1), Refine: op&8 != 0, Focus: sc.area()})
		}
		if screen.Version() > 0 {
			v.finish(t, sc)
		}
	})
}
