package transport

import (
	"context"
	"sync"
)

// inbox holds what has arrived until Receive takes it.
type inbox struct {
	mu       sync.Mutex
	messages []Message
	bytes    int
	changed  chan struct{} // closed and made anew when a message comes or goes, or it ends
	end      error         // after the last message
}

// maxInbox in bytes: while more waits nothing is read from the channel, and SCTP's window closes in time. After unreadAfter the Conn
// ends.
const maxInbox = 1 << 20

func newInbox() *inbox { return &inbox{changed: make(chan struct{})} }

func (in *inbox) wake() {
	close(in.changed)
	in.changed = make(chan struct{})
}

func (in *inbox) put(m Message) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.end != nil {
		return
	}
	in.messages = append(in.messages, m)
	in.bytes += m.size()
	in.wake()
}

// size in memory, about.
func (m Message) size() int {
	n := 96 + len(m.Data)
	for _, o := range m.Objects {
		n += 24 + len(o)
	}
	return n
}

// close lets get return err once all messages are taken.
func (in *inbox) close(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.end == nil {
		in.end = err
		in.wake()
	}
}

func (in *inbox) get(ctx context.Context) (Message, error) {
	for {
		in.mu.Lock()
		if len(in.messages) > 0 {
			m := in.messages[0]
			in.messages[0] = Message{}
			in.messages = in.messages[1:]
			in.bytes -= m.size()
			in.wake()
			in.mu.Unlock()
			return m, nil
		}
		end, changed := in.end, in.changed
		in.mu.Unlock()
		if end != nil {
			return Message{}, end
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

func (in *inbox) full() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.bytes > maxInbox
}

// waitForRoom returns false when the inbox has ended.
func (in *inbox) waitForRoom() bool {
	for {
		in.mu.Lock()
		room, end, changed := in.bytes <= maxInbox, in.end, in.changed
		in.mu.Unlock()
		if end != nil {
			return false
		}
		if room {
			return true
		}
		<-changed
	}
}
