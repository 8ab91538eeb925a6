package x11

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"math/bits"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

// Display is an X11 display. It is the Source of its screen, and takes viewers' input.
type Display struct {
	name  string
	log   *slog.Logger
	conn  *xgb.Conn
	root  xproto.Window
	hands *hands

	fetch  fetcher
	pix    []byte // BGRA, what was fetched last
	size   image.Point
	began  time.Time // of the last picture
	took   time.Duration
	damage damage.Damage
	parts  xfixes.Region

	damaged chan struct{} // 1: something has changed since damage was taken last
	resized chan struct{} // 1: perhaps the size, too
	pointer chan struct{} // 1: the pointer has another shape
	gone    chan struct{} // closed when the display has gone away
}

const (
	// breath is the least time between two pictures, so that a program that draws in many small steps is not
	// followed step by step.
	breath = 5 * time.Millisecond
	// restPerWork keeps taking pictures to a fifth of the time while lines are busy with older ones. A newer picture
	// replaces what has not left yet, so it is worth that; once a line has room it is taken at once.
	restPerWork = 4
)

// errGone is what the X library says when the server has closed the connection.
var errGone = io.EOF

func init() { xgb.Logger.SetOutput(io.Discard) } // what it says there is said by errors, too

// Open connects to the display of that name (":1", "host:0"); nothing is shown before Run. log is told what an
// administrator may want to know.
func Open(name string, log *slog.Logger) (*Display, error) {
	d, err := open(name, log)
	if err != nil {
		return nil, fmt.Errorf("the X11 display %s cannot be shown: %w", name, err)
	}
	return d, nil
}

func open(name string, log *slog.Logger) (_ *Display, err error) {
	if err := learn(name); err != nil {
		return nil, err
	}
	conn, err := xgb.NewConnDisplay(name)
	if err != nil {
		return nil, err
	}
	d := &Display{
		name: name, log: log, conn: conn,
		damaged: make(chan struct{}, 1), resized: make(chan struct{}, 1), pointer: make(chan struct{}, 1), gone: make(chan struct{}),
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	setup := xproto.Setup(conn)
	if conn.DefaultScreen >= len(setup.Roots) {
		return nil, fmt.Errorf("it has no screen %d", conn.DefaultScreen)
	}
	screen := setup.Roots[conn.DefaultScreen]
	d.root = screen.Root
	if err := checkFormat(setup, &screen); err != nil {
		return nil, err
	}
	if err := d.watch(); err != nil {
		return nil, err
	}
	d.fetch = newFetcher(conn, d.root, log)
	if d.hands, err = newHands(name, log); err != nil {
		return nil, err
	}
	go d.events()
	return d, nil
}

// checkFormat wants four bytes a pixel, in the order blue, green, red.
func checkFormat(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) error {
	for _, f := range setup.PixmapFormats {
		if f.Depth != screen.RootDepth || f.BitsPerPixel != 32 || setup.ImageByteOrder != xproto.ImageOrderLSBFirst {
			continue
		}
		for _, depth := range screen.AllowedDepths {
			for _, v := range depth.Visuals {
				if v.VisualId == screen.RootVisual && bits.TrailingZeros32(v.RedMask) == 16 && v.BlueMask == 0xff {
					return nil
				}
			}
		}
	}
	return fmt.Errorf("its pixels of %d bits have a form that is not supported; 24 bits of true colour are", screen.RootDepth)
}

// watch asks the server to tell of damage, of another size, and of another shape of the pointer.
func (d *Display) watch() error {
	if err := use(d.conn, extDamage); err != nil {
		return err
	}
	if err := use(d.conn, extFixes); err != nil {
		return err
	}
	if _, err := damage.QueryVersion(d.conn, 1, 1).Reply(); err != nil {
		return fmt.Errorf("its DAMAGE extension: %w", err)
	}
	if _, err := xfixes.QueryVersion(d.conn, 2, 0).Reply(); err != nil {
		return fmt.Errorf("its XFIXES extension: %w", err)
	}
	var err error
	if d.damage, err = damage.NewDamageId(d.conn); err != nil {
		return err
	}
	if d.parts, err = xfixes.NewRegionId(d.conn); err != nil {
		return err
	}
	xfixes.CreateRegion(d.conn, d.parts, nil)
	xfixes.SelectCursorInput(d.conn, d.root, xfixes.CursorNotifyMaskDisplayCursor)
	xproto.ChangeWindowAttributes(d.conn, d.root, xproto.CwEventMask, []uint32{xproto.EventMaskStructureNotify})
	poke(d.damaged)
	poke(d.resized)
	poke(d.pointer)
	return damage.CreateChecked(d.conn, d.damage, xproto.Drawable(d.root), damage.ReportLevelNonEmpty).Check()
}

// events passes on what the server tells, until it has gone.
func (d *Display) events() {
	defer close(d.gone)
	for {
		event, err := d.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		switch e := event.(type) {
		case damage.NotifyEvent:
			poke(d.damaged)
		case xproto.ConfigureNotifyEvent:
			if e.Window == d.root {
				poke(d.resized)
				poke(d.damaged)
			}
		case xfixes.CursorNotifyEvent:
			poke(d.pointer)
		}
		if err != nil {
			d.log.Debug("the X server refuses", "err", err)
		}
	}
}

// poke sets a flag that is a channel of one place.
func poke(flag chan struct{}) {
	select {
	case flag <- struct{}{}:
	default:
	}
}

// Run shows the display until ctx ends. A display that goes away is an error.
func (d *Display) Run(ctx context.Context, s *session.Screen) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var others sync.WaitGroup
	defer others.Wait()
	defer cancel(nil)
	others.Go(func() {
		select {
		case <-d.gone:
			cancel(fmt.Errorf("the X11 display %s has gone away", d.name))
		case <-ctx.Done():
		}
	})
	others.Go(func() { d.showPointer(ctx, s) })
	for {
		err := d.moment(ctx, s)
		if err == nil {
			err = d.picture(s)
		}
		if errors.Is(err, errGone) {
			<-ctx.Done() // the cause says it better
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return fmt.Errorf("the X11 display %s: %w", d.name, err)
		}
	}
}

// moment returns when a picture is to be taken: something has changed, and a viewer has room on its line, or is busy
// with what has been overtaken.
func (d *Display) moment(ctx context.Context, s *session.Screen) error {
	select {
	case <-d.damaged:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !s.Watched() {
		return s.Wanted(ctx)
	}
	busy, cancel := context.WithDeadline(ctx, d.began.Add(max(breath, d.took+restPerWork*d.took)))
	defer cancel()
	if s.Wanted(busy) == nil {
		time.Sleep(time.Until(d.began.Add(breath)))
	}
	return ctx.Err()
}

// picture takes what has changed and hands it on.
func (d *Display) picture(s *session.Screen) error {
	d.began = time.Now()
	defer func() { d.took = time.Since(d.began) }()
	// Damage is taken before the pixels: what changes in between is fetched now, and told again.
	damage.Subtract(d.conn, d.damage, xfixes.RegionNone, d.parts)
	region, err := xfixes.FetchRegion(d.conn, d.parts).Reply()
	if err != nil {
		return err
	}
	var hints codec.Hints
	var rects []image.Rectangle
	select {
	case <-d.resized:
		rects, err = d.resize()
	default:
		rects = simplify(rectangles(region.Rectangles), d.size)
		hints.Damage = rects
	}
	if err != nil || len(rects) == 0 {
		return err
	}
	if err := d.fetch.fetch(d.pix, d.size.X*4, rects); err != nil {
		if _, outside := err.(xproto.MatchError); outside { // it has become smaller
			poke(d.resized)
			poke(d.damaged)
			return nil
		}
		return err
	}
	return s.Update(codec.Picture{Pix: d.pix, Stride: d.size.X * 4, Size: d.size, Format: codec.BGRA}, hints)
}

// resize asks for the screen's size; all of it is to be fetched.
func (d *Display) resize() ([]image.Rectangle, error) {
	g, err := xproto.GetGeometry(d.conn, xproto.Drawable(d.root)).Reply()
	if err != nil {
		return nil, err
	}
	d.size = image.Pt(int(g.Width), int(g.Height))
	d.pix = make([]byte, d.size.X*d.size.Y*4)
	return []image.Rectangle{{Max: d.size}}, nil
}

func rectangles(list []xproto.Rectangle) (rects []image.Rectangle) {
	for _, r := range list {
		rects = append(rects, image.Rect(int(r.X), int(r.Y), int(r.X)+int(r.Width), int(r.Y)+int(r.Height)))
	}
	return rects
}

// Input plays what a viewer's user did, behind all that came before. It blocks while too much waits.
func (d *Display) Input(viewer string, in session.Input) { d.hands.add(viewer, in) }

// Close lets everything go that viewers hold and leaves the display as it was. Run must have ended.
func (d *Display) Close() {
	d.hands.close()
	d.fetch.close()
	d.conn.Close()
}
