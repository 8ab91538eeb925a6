package x11

import (
	"fmt"
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"
)

// shared fetches through memory that the X server writes into (MIT-SHM).
type shared struct {
	conn *xgb.Conn
	root xproto.Window
	mem  []byte // the segment
	seg  shm.Seg
}

// newShared fails where there is no such extension, or the server cannot reach this machine's memory.
func newShared(conn *xgb.Conn, root xproto.Window) (fetcher, error) {
	if err := use(conn, extShm); err != nil {
		return nil, err
	}
	f := &shared{conn: conn, root: root}
	if err := f.grow(1 << 20); err != nil {
		return nil, err
	}
	return f, nil
}

// grow makes the segment n bytes or more.
func (f *shared) grow(n int) error {
	if n <= len(f.mem) {
		return nil
	}
	f.close()
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, n, unix.IPC_CREAT|0o600)
	if err != nil {
		return fmt.Errorf("a shared memory segment of %d bytes: %w", n, err)
	}
	defer unix.SysvShmCtl(id, unix.IPC_RMID, nil) // it lives for as long as someone has it attached
	if f.mem, err = unix.SysvShmAttach(id, 0, 0); err != nil {
		return fmt.Errorf("a shared memory segment of %d bytes: %w", n, err)
	}
	if f.seg, err = shm.NewSegId(f.conn); err == nil {
		err = shm.AttachChecked(f.conn, f.seg, uint32(id), false).Check()
	}
	if err != nil {
		unix.SysvShmDetach(f.mem)
		f.mem = nil
	}
	return err
}

func (f *shared) fetch(pix []byte, stride int, rects []image.Rectangle) error {
	if err := f.grow(len(pix)); err != nil {
		return err
	}
	// All are asked for before the first answer is waited for; one lies behind the other in the segment.
	asked := make([]shm.GetImageCookie, len(rects))
	at := 0
	for i, r := range rects {
		asked[i] = shm.GetImage(f.conn, xproto.Drawable(f.root), int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()),
			allPlanes, xproto.ImageFormatZPixmap, f.seg, uint32(at))
		at += 4 * r.Dx() * r.Dy()
	}
	var failed error
	at = 0
	for i, r := range rects {
		if _, err := asked[i].Reply(); err != nil {
			failed = err
			continue
		}
		place(pix, stride, r, f.mem[at:])
		at += 4 * r.Dx() * r.Dy()
	}
	return failed
}

func (f *shared) close() {
	if f.mem != nil {
		shm.Detach(f.conn, f.seg)
		unix.SysvShmDetach(f.mem)
		f.mem = nil
	}
}
