package codec

import (
	"bytes"
	"errors"
	"image"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// objectOf lets a test write an object by hand.
func objectOf(write func(s *stream)) []byte {
	s := newStream()
	s.rc.startEncoding(nil)
	s.number++
	write(s)
	return s.rc.finish()
}

// sized begins an object with a size.
func sized(s *stream, w, h int) {
	s.rc.adapt(&s.side.resized, 1, limitSide)
	s.rc.raw(uint32(w-1), 13)
	s.rc.raw(uint32(h-1), 13)
	s.resize(image.Pt(w, h))
}

func TestBrokenObjects(t *testing.T) {
	offset := func(s *stream, x, y int) {
		s.rc.adapt(&s.side.copies[0], 1, limitSide)
		s.side.codeOffset(&s.rc, image.Pt(x, y))
	}
	for _, c := range []struct {
		name  string
		obj   []byte
		is    error
		error string
	}{
		{"nothing", nil, ErrCorrupt, "codec: object 1: corrupt object: it ends too early"},
		{"zeros", make([]byte, 40), ErrLimit,
			"codec: object 1: limit exceeded: a picture of 8192 x 8192 pixels, at most 2000 x 2000 are allowed"},
		{"no size", objectOf(func(s *stream) { s.rc.adapt(&s.side.resized, 0, limitSide) }), ErrCorrupt,
			"codec: object 1: corrupt object: the first object has no size"},
		{"too large", objectOf(func(s *stream) { sized(s, 2001, 10) }), ErrLimit,
			"codec: object 1: limit exceeded: a picture of 2001 x 10 pixels, at most 2000 x 2000 are allowed"},
		{"copy from outside", objectOf(func(s *stream) {
			sized(s, 64, 64)
			offset(s, 1, 0)
			s.side.codeTarget(&s.rc, image.Rect(0, 0, 16, 16), s.view)
		}), ErrCorrupt, "codec: object 1: corrupt object: a copy from or to outside the picture"},
		{"empty copy", objectOf(func(s *stream) {
			sized(s, 64, 64)
			offset(s, -1, 0)
			s.side.codeTarget(&s.rc, image.Rect(16, 16, 16, 32), s.view)
		}), ErrCorrupt, "codec: object 1: corrupt object: a copy from or to outside the picture"},
		{"large copies", objectOf(func(s *stream) {
			sized(s, 64, 64)
			for k := range 2 {
				s.rc.adapt(&s.side.copies[k], 1, limitSide)
				s.side.codeOffset(&s.rc, image.Pt(0, -16))
				s.side.codeTarget(&s.rc, image.Rect(0, 0, 64, 48), s.view)
			}
		}), ErrCorrupt, "codec: object 1: corrupt object: copies larger than the picture"},
		{"tile outside", objectOf(func(s *stream) {
			sized(s, 80, 64)
			s.rc.adapt(&s.side.copies[0], 0, limitSide)
			s.codeNext(image.Pt(7, 0), true, true)
		}), ErrCorrupt, "codec: object 1: corrupt object: a tile outside the picture"},
		{"tile twice", objectOf(func(s *stream) {
			sized(s, 64, 64)
			s.rc.adapt(&s.side.copies[0], 0, limitSide)
			for k := range 2 {
				s.codeNext(image.Pt(2, 2), true, k == 0)
				s.codeHead(image.Pt(2, 2), tileWay{mode: modeFast, former: -1})
			}
		}), ErrCorrupt, "codec: object 1: corrupt object: a tile twice"},
		{"too long", append(objectOf(func(s *stream) {
			sized(s, 64, 64)
			s.rc.adapt(&s.side.copies[0], 0, limitSide)
			s.codeNext(image.Point{}, false, true)
		}), 0), ErrCorrupt, "codec: object 1: corrupt object: 5 bytes instead of 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := NewDecoder(DecoderConfig{MaxSize: image.Pt(2000, 2000)})
			ch, err := d.Decode(c.obj)
			require.ErrorIs(t, err, c.is)
			require.EqualError(t, err, c.error)
			require.Equal(t, Change{}, ch)
			_, err = d.Decode(c.obj)
			require.ErrorIs(t, err, ErrBroken)
		})
	}
}

// TestTruncationsAreRefused allows for the few that happen to end where a shorter object would: there is no checksum.
func TestTruncationsAreRefused(t *testing.T) {
	accepted, all := 0, 0
	for seed := range uint64(5) {
		sc := newScene(seed, 100, 80)
		sc.photo(sc.Rect)
		sc.page(image.Rect(10, 10, 60, 60))
		screen := NewScreen(ScreenConfig{})
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		b, _ := newLink(t, screen).Append(nil, Limits{Bytes: 600, Sharpness: 50})
		for n := range b {
			if _, err := NewDecoder(DecoderConfig{}).Decode(b[:n]); err == nil {
				accepted++
			} else {
				require.ErrorIs(t, err, ErrCorrupt)
			}
		}
		all += len(b)
		_, err = NewDecoder(DecoderConfig{}).Decode(append(bytes.Clone(b), 0))
		require.ErrorIs(t, err, ErrCorrupt)
		_, err = NewDecoder(DecoderConfig{}).Decode(b)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, accepted, all/200)
}

// resizes gives objects that only resize, one for each size.
func resizes(sizes ...image.Point) (objects [][]byte) {
	s := newStream()
	for _, size := range sizes {
		s.rc.startEncoding(nil)
		s.number++
		sized(s, size.X, size.Y)
		s.rc.adapt(&s.side.copies[0], 0, limitSide)
		s.codeNext(image.Point{}, false, true)
		objects = append(objects, s.rc.finish())
	}
	return objects
}

func TestAResizeToTheSameSizeIsRefused(t *testing.T) {
	objects := resizes(image.Pt(64, 48), image.Pt(64, 49), image.Pt(64, 49))
	d, p := NewDecoder(DecoderConfig{}), newPlain()
	for _, o := range objects[:2] {
		_, err := d.Decode(o)
		require.NoError(t, err)
		require.NoError(t, p.decode(o))
	}
	_, err := d.Decode(objects[2])
	require.EqualError(t, err, "codec: object 3: corrupt object: a resize to the same size")
	require.ErrorIs(t, p.decode(objects[2]), errPlain)
}

func TestResizesAreChargedAndTakeNoNewMemory(t *testing.T) {
	var sizes []image.Point
	for k := range 40 {
		sizes = append(sizes, image.Pt(512-k&1, 512))
	}
	objects := resizes(sizes...)
	d := NewDecoder(DecoderConfig{})
	var begun, done runtime.MemStats
	for k, o := range objects {
		c, err := d.Decode(o)
		require.NoError(t, err)
		require.Less(t, len(o), 6)
		require.Equal(t, Work{Copied: int64(sizes[k].X) * 512}, c.Work)
		require.Equal(t, sizes[k], d.Picture().Size)
		if k == 0 {
			runtime.ReadMemStats(&begun)
		}
	}
	runtime.ReadMemStats(&done)
	require.Less(t, done.TotalAlloc-begun.TotalAlloc, uint64(1<<20), "39 resizes, each of which would take 2 MB")
}

func TestALostObjectIsNoticedAtTheLatestByItsErrors(t *testing.T) {
	d := NewDecoder(DecoderConfig{})
	require.Zero(t, d.Picture().Size)
	_, err := d.Decode([]byte{255, 255, 255})
	require.Error(t, err)
	require.False(t, errors.Is(err, ErrBroken))
	_, err = d.Decode(nil)
	require.ErrorIs(t, err, ErrBroken)
	require.ErrorIs(t, err, ErrCorrupt, "the cause is still there")
}
