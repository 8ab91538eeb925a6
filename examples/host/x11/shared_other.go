//go:build !linux

package x11

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func newShared(*xgb.Conn, xproto.Window) (fetcher, error) {
	return nil, errors.New("shared memory is used on Linux only")
}
