package x11

import (
	"fmt"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The extensions that are used, by their names in the protocol.
const (
	extDamage = "DAMAGE"
	extFixes  = "XFIXES"
	extShm    = "MIT-SHM"
	extTest   = "XTEST"
)

var learning sync.Mutex

// learn teaches xgb which numbers a server gives to the events and errors of extensions. xgb keeps them in tables of the
// whole process, which each open connection reads and its own Init functions write without a lock. So they are asked
// for on a connection of its own, and written when that has ended and those that need them have not begun.
func learn(display string) error {
	learning.Lock()
	defer learning.Unlock()
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return err
	}
	replies := map[string]*xproto.QueryExtensionReply{}
	for _, name := range []string{extDamage, extFixes, extShm, extTest} {
		reply, err := xproto.QueryExtension(conn, uint16(len(name)), name).Reply()
		if err != nil {
			conn.Close()
			return err
		}
		replies[name] = reply
	}
	conn.Close()
	for event, err := conn.WaitForEvent(); event != nil || err != nil; event, err = conn.WaitForEvent() {
	}
	for name, reply := range replies {
		if !reply.Present {
			continue
		}
		for n, parse := range xgb.NewExtEventFuncs[name] {
			if at := int(reply.FirstEvent) + n; xgb.NewEventFuncs[at] == nil {
				xgb.NewEventFuncs[at] = parse
			}
		}
		for n, parse := range xgb.NewExtErrorFuncs[name] {
			if at := int(reply.FirstError) + n; xgb.NewErrorFuncs[at] == nil {
				xgb.NewErrorFuncs[at] = parse
			}
		}
	}
	return nil
}

// use lets a connection use an extension whose numbers have been learnt.
func use(conn *xgb.Conn, name string) error {
	reply, err := xproto.QueryExtension(conn, uint16(len(name)), name).Reply()
	if err != nil {
		return err
	}
	if !reply.Present {
		return fmt.Errorf("it lacks the %s extension", name)
	}
	conn.ExtLock.Lock()
	conn.Extensions[name] = reply.MajorOpcode
	conn.ExtLock.Unlock()
	return nil
}
