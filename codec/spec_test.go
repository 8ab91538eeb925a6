package codec

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plain decodes by SPEC.md, section by section, and by nothing else: every pixel through a function, every probability
// in a map. It shares no code with the decoder proper.
type plain struct {
	w, h, tx, ty int
	pix          map[[2]int]uint32
	fresh, errs  map[[2]int]int
	stamp        map[[2]int]uint64
	mask         map[[2]int]int
	open         *plainTile
	number       uint64

	obj              []byte
	pos, shifts      int
	width, code      uint32
	probs            map[plainProb]*[2]uint32
	lastOffs         [4][2]int
	lastTarget       [4]int
	px, py, start, r int
	jumps            [4][2]int
	m                int
	was              plainShape
	notes            map[[2]int]plainNote
	weights          map[plainProb]*[4]int32
	met              map[string]int // forms of coarse tiles and the like, to know what a test has shown
	large, small     map[uint32]*plainSlot
	after            map[uint32]*[8]uint32
	colours          map[uint32]uint32
	last             int
	filters          map[[2]int]*[26]int
	former           map[[2]int]*plainFormers
	hand             int
	strong           *plainStrong
}

// plainFormers is what a tile showed before.
type plainFormers struct {
	birth    uint32
	recalled *[2]uint32
	list     []plainContent
}

type plainContent struct {
	pixels string
	life   [2]uint32
}

// plainProb names a probability: of those that are mixed, of says which of the four.
type plainProb struct {
	name  string
	of, i int
}

// plainModels are the names of what the channels of photo and refine rows have.
var plainModels = map[int][3]struct{ contexts, lower string }{
	2: {{"photo green", "photo lower green"}, {"photo red", "photo lower red"}, {"photo blue", "photo lower blue"}},
	3: {{"refine green", "refine lower green"}, {"refine red", "refine lower red"}, {"refine blue", "refine lower blue"}},
}

type plainTile struct {
	x, y, mode, mask, row int
	was                   map[[2]int]uint32
}

type plainSlot struct{ check, c0, count, c1 uint32 }

var errPlain = errors.New("refused")

func newPlain() *plain {
	return &plain{strong: newPlainStrong(), probs: map[plainProb]*[2]uint32{}, notes: map[[2]int]plainNote{}, weights: map[plainProb]*[4]int32{}, met: map[string]int{}, large: map[uint32]*plainSlot{}, small: map[uint32]*plainSlot{},
		after: map[uint32]*[8]uint32{}, colours: map[uint32]uint32{}, filters: map[[2]int]*[26]int{}}
}

func (d *plain) next() (b uint32) {
	if d.pos < len(d.obj) {
		b = uint32(d.obj[d.pos])
	}
	d.pos++
	return b
}

func (d *plain) bit(p uint32) int {
	bound := d.width >> 16 * p
	b := 0
	if d.code < bound {
		d.width, b = bound, 1
	} else {
		d.code -= bound
		d.width -= bound
	}
	for d.width < 1<<24 {
		d.width <<= 8
		d.code = d.code<<8 | d.next()
		d.shifts++
	}
	if d.shifts >= len(d.obj) {
		panic(errPlain)
	}
	return b
}

func (d *plain) raw(n int) (v int) {
	for range n {
		v = v<<1 | d.bit(32768)
	}
	return v
}

func (d *plain) learn(name string, i int, limit, least uint32) int {
	p := d.probs[plainProb{name, 0, i}]
	if p == nil {
		p = &[2]uint32{1 << 21, 0}
		d.probs[plainProb{name, 0, i}] = p
	}
	b := d.bit(min(max(p[0]>>6, least), 65536-least))
	d.teach(p, b, limit)
	return b
}

func (d *plain) teach(p *[2]uint32, b int, limit uint32) {
	r := 131072 / (2*p[1] + 3)
	if b == 1 {
		p[0] += (1<<22 - 1 - p[0]) >> 6 * r >> 10
	} else {
		p[0] -= p[0] >> 6 * r >> 10
	}
	if p[1] < limit {
		p[1]++
	}
}

const side, pixel, literal, noise = 20, 30, 20, 250

func (d *plain) adapt(name string, i int, limit uint32) int  { return d.learn(name, i, limit, 32) }
func (d *plain) adaptT(name string, i int, limit uint32) int { return d.learn(name, i, limit, 256) }

func (d *plain) tree(name string, base, n int, limit uint32) int {
	node := 1
	for range n {
		node = 2*node + d.adaptT(name, base+node, limit)
	}
	return node - 1<<n
}

// spot is what the specification calls place.
func (d *plain) spot(name string, n int) int {
	node := 1
	for range n {
		node = 2*node + d.learn(name, node, side, 4096)
	}
	return node - 1<<n
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// decode is section 3.
func (d *plain) decode(obj []byte) (err error) {
	defer func() {
		if r := recover(); r == errPlain {
			err = errPlain
		} else if r != nil {
			panic(r)
		}
	}()
	d.obj, d.pos, d.shifts, d.width, d.code = obj, 0, 0, 1<<32-1, 0
	for range 4 {
		d.code = d.code<<8 | d.next()
	}
	d.number++
	if d.adapt("resized", 0, side) == 1 {
		w, h := d.w, d.h
		if d.w, d.h = d.raw(13)+1, d.raw(13)+1; d.w == w && d.h == h {
			return errPlain
		}
		d.tx, d.ty = (d.w+15)/16, (d.h+15)/16
		old := d.pix
		d.pix, d.fresh, d.errs, d.stamp, d.mask = map[[2]int]uint32{}, map[[2]int]int{}, map[[2]int]int{}, map[[2]int]uint64{}, map[[2]int]int{}
		d.notes = map[[2]int]plainNote{}
		d.former, d.hand = map[[2]int]*plainFormers{}, 0
		for p, v := range old {
			if p[0] < d.w && p[1] < d.h {
				d.pix[p] = v
			}
		}
		d.open, d.px, d.py, d.start, d.jumps, d.lastTarget = nil, -1, 0, 0, [4][2]int{}, [4]int{}
	}
	if d.pix == nil {
		return errPlain
	}
	ended := false
	if d.open != nil && d.adapt("goOn", 0, side) == 1 {
		d.stamp[[2]int{d.open.x, d.open.y}] = d.number
		ended = d.rows()
	} else {
		d.open = nil
		d.copies()
	}
	for first := 1; !ended; first = 0 {
		if d.adapt("more", 2*first+d.r, side) == 0 {
			break
		}
		d.place(first)
		if d.px < 0 || d.px >= d.tx || d.py < 0 || d.py >= d.ty || d.stamp[[2]int{d.px, d.py}] == d.number {
			return errPlain
		}
		d.head()
		if d.open != nil {
			ended = d.rows()
		}
	}
	if d.shifts+1 != len(obj) {
		return errPlain
	}
	return nil
}

func (d *plain) copies() {
	type move struct{ dx, dy, x0, y0, x1, y1 int }
	var all []move
	area := 0
	for len(all) < 32 && d.adapt("copies", one(len(all) > 0), side) == 1 {
		var off [2]int
		k := 0
		for k < 4 && d.adapt("offset", k, side) == 0 {
			k++
		}
		if k < 4 {
			off = d.lastOffs[k]
		} else {
			for c := range 2 {
				if d.adapt("zero offset", c, side) == 0 {
					off[c] = d.raw(14) - 8192
				}
			}
			k = 3
		}
		copy(d.lastOffs[1:k+1], d.lastOffs[:k])
		d.lastOffs[0] = off
		for s := range 4 {
			if d.adapt("side", s, side) == 0 {
				d.lastTarget[s] = d.spot([4]string{"target left", "target top", "target right", "target bottom"}[s], bits.Len(uint([4]int{d.tx, d.ty, d.tx, d.ty}[s])))
			}
		}
		t := d.lastTarget
		m := move{off[0], off[1], min(16*t[0], d.w), min(16*t[1], d.h), min(16*t[2], d.w), min(16*t[3], d.h)}
		area += (m.x1 - m.x0) * (m.y1 - m.y0)
		if m.x0 >= m.x1 || m.y0 >= m.y1 || m.x0-m.dx < 0 || m.y0-m.dy < 0 || m.x1-m.dx > d.w || m.y1-m.dy > d.h || area > d.w*d.h {
			panic(errPlain)
		}
		all = append(all, m)
	}
	for _, m := range all {
		for y := m.y0 / 16; 16*y < m.y1; y++ {
			for x := m.x0 / 16; 16*x < m.x1; x++ {
				d.changes(x, y)
			}
		}
	}
	to := map[[2]int]uint32{}
	for _, m := range all {
		for y := m.y0; y < m.y1; y++ {
			for x := m.x0; x < m.x1; x++ {
				to[[2]int{x, y}] = d.pix[[2]int{x - m.dx, y - m.dy}]
			}
		}
	}
	for p, v := range to {
		d.pix[p] = v
	}
}

// place is section 4.
func (d *plain) place(first int) {
	if d.px+1 < d.tx {
		up := one(d.py > 0 && d.lately(d.px+1, d.py-1))
		d.r = d.adapt("right", first+2*d.r+4*one(d.lately(d.px+1, d.py))+8*up, side)
		if d.r == 1 {
			d.px++
			return
		}
	}
	d.r = 0
	if first == 1 {
		for k := range 4 {
			if d.adapt("recent", k, side) == 1 {
				p := d.jumps[k]
				copy(d.jumps[1:k+1], d.jumps[:k])
				d.jumps[0] = p
				d.px, d.py, d.start = p[0], p[1], p[0]
				return
			}
		}
	}
	if d.adapt("down", 0, side) == 1 {
		d.px, d.py = d.start+d.tree("downNear", 0, 3, side)-4, d.py+1
		d.start = d.px
		return
	}
	if d.adapt("gap", 0, side) == 1 {
		d.px += 2 + d.tree("gapNear", 0, 3, side)
		return
	}
	d.px = d.spot("column", bits.Len(uint(d.tx-1)))
	d.py = d.spot("line", bits.Len(uint(d.ty-1)))
	d.start = d.px
	if first == 1 {
		copy(d.jumps[1:], d.jumps[:3])
		d.jumps[0] = [2]int{d.px, d.py}
	}
}

func (d *plain) lately(x, y int) bool {
	s := d.stamp[[2]int{x, y}]
	return s != 0 && s >= d.number-1
}

// formers gives those of a tile.
func (d *plain) formers(x, y int) *plainFormers {
	t := d.former[[2]int{x, y}]
	if t == nil {
		t = &plainFormers{}
		d.former[[2]int{x, y}] = t
	}
	return t
}

// shortest tells which content from k on stood for the shortest time.
func (t *plainFormers) shortest(k int) int {
	for j := k; j < len(t.list); j++ {
		if t.list[j].life[1]-t.list[j].life[0] < t.list[k].life[1]-t.list[k].life[0] {
			k = j
		}
	}
	return k
}

func (d *plain) changes(x, y int) {
	t, now := d.formers(x, y), uint32(d.number)
	if t.birth == now {
		return
	}
	if d.stamp[[2]int{x, y}] != 0 {
		c := plainContent{life: [2]uint32{t.birth, now}}
		for j := range 256 {
			c.pixels += fmt.Sprint(d.pix[[2]int{16*x + j%16, 16*y + j/16}], " ")
		}
		t.list = slices.DeleteFunc(t.list, func(o plainContent) bool { return o.pixels == c.pixels })
		if len(t.list) == 6 {
			k := t.shortest(1)
			t.list = slices.Delete(t.list, k, k+1)
		}
		t.list = slices.Insert(t.list, 0, c)
		for d.contents() > min(8192, 2*d.tx*d.ty) {
			d.forget()
		}
	}
	t.birth = now
}

// contents counts the different ones.
func (d *plain) contents() int {
	all := map[string]bool{}
	for _, t := range d.former {
		for _, c := range t.list {
			all[c.pixels] = true
		}
	}
	return len(all)
}

func (d *plain) forget() {
	d.met["forget"]++
	var victim *plainFormers
	for seen := 0; seen < 64; {
		d.hand = (d.hand + 1) % (d.tx * d.ty)
		t := d.formers(d.hand%d.tx, d.hand/d.tx)
		if len(t.list) == 0 {
			continue
		}
		seen++
		length := func(t *plainFormers) uint32 { l := t.list[t.shortest(0)].life; return l[1] - l[0] }
		if victim == nil || length(t) < length(victim) {
			victim = t
		}
	}
	k := victim.shortest(0)
	victim.list = slices.Delete(victim.list, k, k+1)
}

// recall is the part of a tile's head about former contents. It tells whether the tile is done.
func (d *plain) recall() (done bool) {
	x, y := d.px, d.py
	t := d.formers(x, y)
	guess, c := -1, 0
	var beside *plainFormers
	if x > 0 && d.lately(x-1, y) {
		beside = d.formers(x-1, y)
	} else if y > 0 && d.lately(x, y-1) {
		beside = d.formers(x, y-1)
	}
	if beside != nil {
		c = 1
		if l := beside.recalled; l != nil {
			overlap := func(o [2]uint32) int32 { return int32(min(o[1], l[1]) - max(o[0], l[0])) }
			c = 2
			best := overlap([2]uint32{t.birth, uint32(d.number)})
			for k, o := range t.list {
				if v := overlap(o.life); v > best {
					best, guess, c = v, k, 3
				}
			}
		}
	}
	t.recalled = nil
	n := len(t.list)
	if n == 0 {
		return false
	}
	f := guess
	if d.adapt("unguessed", c, side) == 1 {
		others := []int{}
		for k := -1; k < n; k++ {
			if k != guess {
				others = append(others, k)
			}
		}
		f = others[len(others)-1]
		for _, k := range others[:len(others)-1] {
			if d.adaptT("former", 4*(k+1)+c, side) == 1 {
				f = k
				break
			}
		}
	}
	if f < 0 {
		return false
	}
	d.met["recalled"]++
	back := t.list[f]
	done = d.adapt("whole", one(c == 3), side) == 1
	if done {
		t.list = slices.Delete(t.list, f, f+1)
	}
	d.changes(x, y)
	for j, v := range strings.Fields(back.pixels) {
		if p := [2]int{16*x + j%16, 16*y + j/16}; p[0] < d.w && p[1] < d.h {
			n, _ := strconv.Atoi(v)
			d.pix[p] = uint32(n)
		}
	}
	t.recalled = &back.life
	if done {
		d.mask[[2]int{x, y}], d.stamp[[2]int{x, y}] = 15, d.number
	}
	return done
}

func (d *plain) head() {
	x, y := d.px, d.py
	d.open = nil
	if d.recall() {
		d.met["whole former"]++
		return
	}
	k := 0
	for k < 4 && d.adapt("mode", 4*d.m+k, side) == 0 {
		k++
	}
	d.m = (d.m + k) % 5
	mask := 15
	if d.m == 0 || d.m == 4 {
		mask = 0
		has := func(x, y, q int) int { // block q of a tile, -1 for one that is not there
			if x < 0 || y < 0 || !d.lately(x, y) {
				return 0
			}
			return d.mask[[2]int{x, y}] >> q & 1
		}
		for q := range 4 {
			if 16*x+q%2*8 >= d.w || 16*y+q/2*8 >= d.h {
				continue
			}
			left, up := has(x-1, y, q+1), has(x, y-1, q+2)
			if q%2 == 1 {
				left = mask >> (q - 1) & 1
			}
			if q >= 2 {
				up = mask >> (q - 2) & 1
			}
			before := d.mask[[2]int{x, y}] >> q & 1
			mask |= d.adapt("block", q+4*left+8*up+16*before+32*one(mask != 0), side) << q
		}
	}
	if d.m == 1 {
		mask = 31
	}
	if d.m != 3 || d.mask[[2]int{x, y}] != 31 {
		d.changes(x, y)
	}
	d.mask[[2]int{x, y}], d.stamp[[2]int{x, y}] = mask, d.number
	if d.m == 1 {
		d.coarse(x, y)
		return
	}
	t := &plainTile{x: x, y: y, mode: d.m, mask: mask, was: map[[2]int]uint32{}}
	for j := range 16 {
		for i := range 16 {
			t.was[[2]int{16*x + i, 16*y + j}] = d.pix[[2]int{16*x + i, 16*y + j}]
		}
	}
	if d.seek(t) {
		d.open = t
	}
}

// seek goes to the next row that has a coded block.
func (d *plain) seek(t *plainTile) bool {
	for ; t.row < 16 && 16*t.y+t.row < d.h; t.row++ {
		if t.mask>>(t.row/8*2)&3 != 0 {
			return true
		}
	}
	return false
}

func (d *plain) rows() (ended bool) {
	for first := true; d.open != nil; first = false {
		t := d.open
		if !first && d.adapt("stop", t.mode, noise) == 1 {
			return true
		}
		y := 16*t.y + t.row
		var xs []int
		for i := range 16 {
			if t.mask>>(t.row/8*2+i/8)&1 == 1 && 16*t.x+i < d.w {
				xs = append(xs, 16*t.x+i)
			}
		}
		u := d.shifts
		for len(xs) > 0 {
			n := d.pixel(t, xs[0], y, len(xs), u)
			xs = xs[n:]
		}
		t.row++
		if !d.seek(t) {
			d.open = nil
		}
	}
	return false
}

const p1, p2, p3, p4, p5, p6, p7, p8 = 0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5, 0xB55A4F09

func plainHash(h uint32) uint32 {
	h = (h ^ h>>15) * 0x2C1B3C6D
	return h ^ h>>13
}

func plainClass(n uint32) int {
	for c, most := range []uint32{0, 1, 2, 3, 5, 9, 17} {
		if n <= most {
			return c
		}
	}
	return 7
}

// pixel is section 5: it decodes the pixel at x, y, n from the row's end, or a run, and returns how many.
func (d *plain) pixel(t *plainTile, x, y, n, u int) int {
	at := func(dx, dy int) uint32 { return d.pix[[2]int{x + dx, y + dy}] }
	set := func(v uint32, fresh int) { d.pix[[2]int{x, y}], d.fresh[[2]int{x, y}] = v, fresh }
	if d.shifts-u > 32 {
		v := d.raw(12)
		set(uint32(v<<12|d.raw(12)), 1)
		return 1
	}
	W, N, NW, NE, WW, NN, RE, O := at(-1, 0), at(0, -1), at(-1, -1), at(1, -1), at(-2, 0), at(0, -2), at(1, 0), at(0, 0)
	switch t.mode {
	case 2, 3:
		set(d.photo(t, x, y), 1)
		return 1
	case 4:
		return d.strongPixel(t, x, y, n)
	}
	if W == N && W == NW && W == NE && W == WW && n >= 8 {
		k := 0
		for k < n && at(k, -1) == W {
			k++
		}
		if k >= 8 {
			e, h := k-1, k/2
			c := one(k >= 16) + 2*one(O == W) + 4*one(at(e, 0) == W && at(h, 0) == W) + 8*one(at(0, -2) == W && at(e, -2) == W) + 16*int(W*p1>>30)
			if d.adapt("flat", c, pixel) == 1 {
				for i := range k {
					d.pix[[2]int{x + i, y}], d.fresh[[2]int{x + i, y}] = W, 0
				}
				return k
			}
		}
	}
	f := d.fresh[[2]int{x - 1, y}] + d.fresh[[2]int{x, y - 1}] + d.fresh[[2]int{x - 1, y - 1}] + d.fresh[[2]int{x + 1, y - 1}]
	if f >= 3 && d.adapt("photo", f, pixel) == 1 {
		set(d.residual(W, N, NW, NE), 1)
		return 1
	}
	h := plainHash(W*p1 + N*p2 + NW*p3 + NE*p4 + O*p5 + WW*p6 + NN*p7 + RE*p8)
	g := plainHash(W*p1 + N*p2 + NE*p3)
	slot := func(m map[uint32]*plainSlot, i uint32) *plainSlot {
		if m[i] == nil {
			m[i] = &plainSlot{}
		}
		return m[i]
	}
	a, b := slot(d.large, h>>16), slot(d.small, g>>18)
	hitA := a.check == h&255 && (a.count != 0 || a.c1 != 0)
	hitB := b.check == g&255 && (b.count != 0 || b.c1 != 0)
	v, fresh := d.colour(W, N, NE, O, a, b, hitA, hitB)
	set(v, fresh)
	for _, s := range []struct {
		*plainSlot
		hit   bool
		check uint32
	}{{a, hitA, h & 255}, {b, hitB, g & 255}} {
		switch {
		case !s.hit:
			*s.plainSlot = plainSlot{s.check, v, 1, v}
		case s.c0 == v:
			s.count = min(s.count+1, 31)
		case s.c1 == v || s.count < 4:
			s.c1, s.c0, s.count = s.c0, v, 1
		default:
			s.count, s.c1 = s.count/2, v
		}
	}
	return 1
}

// colour is steps 5 to 8 of section 5.
func (d *plain) colour(W, N, NE, O uint32, a, b *plainSlot, hitA, hitB bool) (uint32, int) {
	var tried []uint32
	isTried := func(c uint32) bool { return contains(tried, c) }
	if hitA {
		c := 12*plainClass(a.count) + 2*one(a.c0 == W) + one(a.c0 == O)
		if hitB {
			c += 4 + 4*one(a.c0 == b.c0)
		}
		if d.adapt("first", c, pixel) == 1 {
			return a.c0, 0
		}
		tried = append(tried, a.c0)
	}
	if hitB && !isTried(b.c0) {
		if d.adapt("second", 8*plainClass(b.count)+4*one(hitA)+2*one(b.c0 == W)+one(b.c0 == O), pixel) == 1 {
			return b.c0, 0
		}
		tried = append(tried, b.c0)
	}
	for k, c := range []uint32{a.c1, W, N, O, NE, b.c1} {
		if k == 0 && !hitA || k == 5 && !hitB || isTried(c) {
			continue
		}
		if d.adapt("later", 2*(8*k+len(tried))+one(hitA), pixel) == 1 {
			return c, 0
		}
		tried = append(tried, c)
	}
	i := plainHash(W*p1+N*p2) >> 20
	list := d.after[i]
	if list == nil {
		list = &[8]uint32{}
		d.after[i] = list
	}
	for k, c := range list {
		if !isTried(c) && d.adaptT("listed", 8*k+min(len(tried), 7), pixel) == 1 {
			copy(list[1:k+1], list[:k])
			list[0] = c
			return c, 0
		}
	}
	var v uint32
	fresh := 0
	if d.adaptT("known", 0, pixel) == 1 {
		v = d.colours[uint32(d.tree("index", 0, 12, literal))]
	} else {
		g := d.tree("green", 0, 8, literal)
		r := d.tree("red", 256*g, 8, literal)
		bl := d.tree("blue", 256*(r>>2^g), 8, literal)
		v, fresh = uint32(r<<16|g<<8|bl), 1
		d.colours[v*p1>>20] = v
	}
	copy(list[1:], list[:7])
	list[0] = v
	return v, fresh
}

func contains(s []uint32, v uint32) bool {
	for _, x := range s {
		if x == v {
			return true
		}
	}
	return false
}

// Section 6.

func absolute(a int) int { return max(a, -a) }

func plainMed(w, n, nw int) int {
	switch {
	case nw >= max(w, n):
		return min(w, n)
	case nw <= min(w, n):
		return max(w, n)
	}
	return w + n - nw
}

func (d *plain) residual(W, N, NW, NE uint32) (v uint32) {
	off := 0
	for c, sh := range []int{8, 16, 0} {
		w, n, nw, ne := int(W>>sh&255), int(N>>sh&255), int(NW>>sh&255), int(NE>>sh&255)
		p := plainMed(w, n, nw)
		if c > 0 {
			p = min(max(p+off, 0), 255)
		}
		x := d.channel(c, p, off, absolute(w-nw)+absolute(n-nw)+absolute(ne-n))
		off = x - p
		v |= uint32(x << sh)
	}
	return v
}

// photo is the second half of section 6.
func (d *plain) photo(t *plainTile, x, y int) (v uint32) {
	place := func(dx, dy int) [2]int {
		p := [2]int{x + dx, y + dy}
		if p[1] >= 16*t.y {
			p[0] = min(p[0], 16*t.x+15, d.w-1)
		}
		return p
	}
	near := [][2]int{place(-1, 0), place(0, -1), place(-1, -1), place(1, -1), place(-2, 0), place(0, -2), place(1, -2), place(2, -1), place(-2, -1)}
	was := func(dx, dy int) uint32 {
		p := [2]int{x + dx, y + dy}
		if v, ok := t.was[p]; ok {
			return v
		}
		return d.pix[p]
	}
	stood := []uint32{was(0, 0), was(1, 0), was(0, 1), was(-1, 0), was(0, -1), d.pix[[2]int{x + 1, y + 1}], d.pix[[2]int{x - 1, y + 1}]}
	refine := t.mode == 3
	e1 := (d.errs[near[0]] + d.errs[near[1]] + 1) >> 1
	e2 := (d.errs[near[0]] + d.errs[near[1]] + d.errs[near[2]] + d.errs[near[3]] + 2) >> 2
	half := func(a int) int {
		n := bits.Len(uint(a))
		if a < 3 {
			return a
		}
		return 2*n - 2 + a>>(n-2)&1
	}
	L := bits.Len(uint(e2))
	g, errs := 0, 0
	for c, sh := range []int{8, 16, 0} {
		of := func(v uint32, sh int) int { return int(v >> sh & 255) }
		a := func(k int) int { return of(d.pix[near[k]], sh) }
		first := min(max(plainMed(a(0), a(1), a(2))+g, 0), 255)
		var X []int
		for k := range near {
			X = append(X, a(k)-first)
		}
		for _, b := range []int{8, 16, 0}[:c] {
			w, n, nw := of(d.pix[near[0]], b), of(d.pix[near[1]], b), of(d.pix[near[2]], b)
			X = append(X, of(v, b)-w, of(v, b)-n, n-nw)
		}
		if refine {
			for _, o := range stood {
				X = append(X, of(o, sh)-first)
			}
			X = append(X, a(0)-of(stood[3], sh), a(1)-of(stood[4], sh))
			for _, b := range []int{8, 16, 0}[:c] {
				X = append(X, of(v, b)-of(stood[0], b))
			}
		}
		filter := d.filters[[2]int{t.mode, c}]
		if filter == nil {
			filter = new([26]int)
			d.filters[[2]int{t.mode, c}] = filter
		}
		s, squares := 0, 256
		for i, x := range X {
			s += filter[i] * x >> 4
			squares += x * x
		}
		q := min(max(16*first+s>>8, 0), 4080)
		p := (q + 8) >> 4
		activity := bits.Len(uint((absolute(a(0)-a(4)) + absolute(a(1)-a(2)) + absolute(a(3)-a(1)) + absolute(a(0)-a(2)) + absolute(a(1)-a(5)) + absolute(a(3)-a(6))) >> 1))
		before := 0
		if c > 0 {
			before = 1 + bits.Len(uint(absolute(g))) + 9*one(g < 0)
		}
		moved := p - first
		if refine {
			moved = of(stood[0], sh) - p
		}
		moved = 15 + min(max(moved, -15), 15)
		part := q & 15 >> 2
		C := [4]int{19*half(e2) + before, 4*(19*activity+before) + part, 9*moved + L, 4*(11*half(e1)+activity) + part}
		model := plainModels[t.mode][c]
		decision := func(k int) int {
			var at [4]int
			for i, c := range C {
				at[i] = 16*c + k
			}
			return d.mix(model.contexts, at, [4]int{}, model.contexts, 9*L+k)
		}
		e := 0
		if decision(0) == 0 {
			negative := decision(1)
			n := 1
			for n < 8 && decision(1+n) == 1 {
				n++
			}
			e = 1
			for k := range n - 1 {
				switch k {
				case 0:
					e = 2*e + d.adaptT(model.lower, 32*L+n, noise)
				case 1:
					e = 2*e + d.adaptT(model.lower, 32*L+6+n+8*(e&1), noise)
				default:
					e = 2*e + d.raw(1)
				}
			}
			errs += e
			if negative == 1 {
				e = -e
			}
		}
		value := (p + e) & 255
		g = value - p
		v |= uint32(value) << sh
		h := bits.Len(uint(squares)) - 8
		for i, x := range X {
			filter[i] = min(max(filter[i]+(x*(16*value-q)+1<<(h-1))>>h, -262144), 262144)
		}
	}
	d.errs[[2]int{x, y}] = min(errs, 255)
	return v
}

func (d *plain) channel(c, p, off, activity int) int {
	before := d.last
	if c > 0 {
		before = bits.Len(uint(absolute(off)))
	}
	t := 32 * (10*(10*c+min(bits.Len(uint(activity/2)), 9)) + min(before, 9))
	e := 0
	if d.adaptT("nodes", t, noise) == 0 {
		negative := d.adaptT("nodes", t+1, noise)
		n := 1
		for n < 8 && d.adaptT("nodes", t+1+n, noise) == 1 {
			n++
		}
		e = 1
		for k := range n - 1 {
			switch k {
			case 0:
				e = 2*e + d.adaptT("nodes", t+7+n, noise)
			case 1:
				e = 2*e + d.adaptT("nodes", t+13+n+8*(e&1), noise)
			default:
				e = 2*e + d.raw(1)
			}
		}
		if negative == 1 {
			e = -e
		}
	}
	x := (p + e) & 255
	if c == 0 {
		d.last = bits.Len(uint(absolute(x - p)))
	}
	return x
}

func (d *plain) picture() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, d.w, d.h))
	for p, v := range d.pix {
		i := m.PixOffset(p[0], p[1])
		m.Pix[i], m.Pix[i+1], m.Pix[i+2] = byte(v>>16), byte(v>>8), byte(v)
	}
	for i := 3; i < len(m.Pix); i += 4 {
		m.Pix[i] = 255
	}
	return m
}

func TestTheDecoderFollowsTheSpecification(t *testing.T) {
	for seed := range rounds(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 8))
			sc := newScene(seed+50, 20+rng.IntN(110), 20+rng.IntN(90))
			screen := NewScreen(ScreenConfig{})
			v, p := newLink(t, screen), newPlain()
			for n := range 25 {
				sc.step()
				if rng.IntN(9) == 0 {
					sc = newScene(seed+uint64(n), 1+rng.IntN(120), 1+rng.IntN(100))
				}
				_, err := screen.Update(PictureOf(sc), Hints{})
				require.NoError(t, err)
				for range rng.IntN(6) {
					b, o := v.send(t, Limits{Bytes: MinObject + rng.IntN(600), Sharpness: Sharpness(rng.IntN(101)), Mode: Mode(rng.IntN(2)), Refine: rng.IntN(2) == 0})
					if o.State != 0 {
						require.NoError(t, p.decode(b))
						require.True(t, bytes.Equal(p.picture().Pix, v.Picture().Pix), "object %d", o.State)
					}
				}
			}
		})
	}
}

func TestTheDecoderRefusesWhatTheSpecificationRefuses(t *testing.T) {
	screen := NewScreen(ScreenConfig{})
	sc := newScene(4, 60, 40)
	sc.page(sc.Rect)
	_, err := screen.Update(PictureOf(sc), Hints{})
	require.NoError(t, err)
	fast, _ := newLink(t, screen).Append(nil, Limits{Bytes: 300, Mode: Fast})
	strong, _ := newLink(t, screen).Append(nil, Limits{Bytes: 300})
	rng := rand.New(rand.NewPCG(1, 1))
	accepted := 0
	for range rounds(3000) {
		good := fast
		if rng.IntN(5) == 0 {
			good = strong
		}
		b := bytes.Clone(good[:1+rng.IntN(len(good))])
		for range rng.IntN(3) {
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		}
		d, p := NewDecoder(DecoderConfig{MaxSize: image.Pt(300, 300)}), newPlain()
		_, err := d.Decode(b)
		if errors.Is(err, ErrLimit) {
			continue
		}
		plainErr := p.decode(b)
		require.Equal(t, plainErr == nil, err == nil, "%x: %v, %v", b, err, plainErr)
		if err == nil {
			accepted++
			require.True(t, bytes.Equal(p.picture().Pix, d.Picture().Pix))
		}
	}
	require.Positive(t, accepted)
}
