package session_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
)

func TestAPictureArrivesExactly(t *testing.T) {
	for _, line := range []string{"dsl-512k", "lossy-1m", "isdn-64k"} {
		t.Run(line, func(t *testing.T) {
			inBubble(t, line, session.HostConfig{}, func(s *stack) {
				s.show(page(320, 200, 0))
				w := s.mustDial("ann")
				s.shows(w, page(320, 200, 0), 20*time.Second)
				for n := range 5 {
					s.show(page(320, 200, n))
					time.Sleep(150 * time.Millisecond)
				}
				s.shows(w, page(320, 200, 4), 20*time.Second)
				w.Close()
			})
		})
	}
}

func TestAResizeArrives(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		w := s.mustDial("ann")
		for _, size := range []image.Point{{320, 200}, {1, 1}, {333, 77}, {640, 400}} {
			s.show(page(size.X, size.Y, 1))
			s.shows(w, page(size.X, size.Y, 1), 20*time.Second)
		}
		w.Close()
	})
}

func TestInputArrivesInOrderAndIsReleasedInTheEnd(t *testing.T) {
	inBubble(t, "thin-256k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("ann")
		press := session.Input{Kind: session.Key, Keysym: 'e', Code: 8, Text: "é", Down: true}
		for _, in := range []session.Input{
			press,
			{Kind: session.Pointer, X: 1, Y: 1}, {Kind: session.Pointer, X: 2, Y: 2}, {Kind: session.Pointer, X: 3, Y: 3},
			{Kind: session.Wheel, DY: 120, X: 3, Y: 3},
		} {
			require.NoError(t, w.SendInput(in))
		}
		soon(t, time.Second, func() bool { return len(s.heard()) >= 3 }, "the inputs arrive")
		require.Equal(t, []session.Input{press, {Kind: session.Pointer, X: 3, Y: 3}, {Kind: session.Wheel, DY: 120, X: 3, Y: 3}}, s.heard(),
			"moves that waited together are one")
		w.Close()
		soon(t, 5*time.Second, func() bool { return len(s.heard()) == 4 }, "the key is released")
		require.Equal(t, session.Input{Kind: session.Key, Keysym: 'e', Code: 8}, s.heard()[3])
	})
}

func TestAGuestSeesButDoesNotTouch(t *testing.T) {
	inBubble(t, "dsl-512k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("guest")
		s.shows(w, page(64, 64, 0), 5*time.Second)
		require.NoError(t, w.SendInput(session.Input{Kind: session.Key, Keysym: 'x', Down: true}))
		time.Sleep(time.Second)
		require.Empty(t, s.heard())
		w.Close()
	})
}

func TestTheViewerKnowsWhatIsNotExactYet(t *testing.T) {
	inBubble(t, "thin-256k", session.HostConfig{}, func(s *stack) {
		pic := photo(320, 200)
		s.show(pic)
		w := s.mustDial("ann")
		soon(t, 10*time.Second, func() bool { return w.Stats().Coarse > 0 }, "a photograph is coarse at first")
		require.LessOrEqual(t, w.Stats().Coarse, 20*13)
		s.shows(w, pic, 60*time.Second)
		soon(t, time.Second, func() bool { return w.Stats().Coarse == 0 }, "and exact in the end")
		w.Close()
	})
}

func TestWhoIsNotLookedAtGetsNoPixelsUntilSomebodyLooksAgain(t *testing.T) {
	inBubble(t, "thin-256k", session.HostConfig{}, func(s *stack) {
		s.show(page(320, 200, 0))
		w := s.mustDial("ann")
		s.shows(w, page(320, 200, 0), 20*time.Second)
		w.SetSeen(false)
		peer := s.host.Peers()[0]
		soon(t, time.Second, func() bool { return peer.Stats().Unseen }, "the host knows")
		sent := peer.Stats().Sent
		for n := range 5 {
			s.show(page(320, 200, n))
			time.Sleep(time.Second)
		}
		require.Equal(t, sent, peer.Stats().Sent)
		require.NoError(t, w.SendInput(session.Input{Kind: session.Key, Keysym: 'x', Down: true}))
		soon(t, time.Second, func() bool { return len(s.heard()) == 1 }, "inputs go on")
		require.NoError(t, peer.Close(), "the next connection begins as unseen, too")
		soon(t, 20*time.Second, func() bool {
			peers := s.host.Peers()
			return len(peers) == 1 && peers[0] != peer && peers[0].Stats().Unseen
		}, "it is told again")
		w.SetSeen(true)
		s.shows(w, page(320, 200, 4), 20*time.Second)
		w.Close()
	})
}

func TestAViewerMaySeeGreyWhileOthersSeeAllColours(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.show(page(320, 200, 1))
		ann, bob := s.mustDial("ann"), s.mustDial("guest")
		s.shows(ann, page(320, 200, 1), 20*time.Second)
		soon(t, time.Second, func() bool { return len(s.host.Peers()) == 2 }, "both are listed")
		for _, p := range s.host.Peers() {
			if p.Grant().User == "guest" {
				require.NoError(t, p.SetPolicy(session.Policy{Colours: codec.Grey}))
			}
		}
		grey := func(pic *image.RGBA) *image.RGBA {
			screen := codec.NewScreen(codec.ScreenConfig{Colours: codec.Grey})
			_, err := screen.Update(codec.PictureOf(pic), codec.Hints{})
			require.NoError(t, err)
			return screen.Picture().Image()
		}
		s.shows(bob, grey(page(320, 200, 1)), 20*time.Second)
		s.show(page(320, 200, 2))
		s.shows(bob, grey(page(320, 200, 2)), 20*time.Second)
		s.shows(ann, page(320, 200, 2), 20*time.Second)
		for _, p := range s.host.Peers() {
			require.NoError(t, p.SetPolicy(session.Policy{}))
		}
		s.shows(bob, page(320, 200, 2), 20*time.Second)
		ann.Close()
		bob.Close()
	})
}

func TestAStrangerIsRefused(t *testing.T) {
	inBubble(t, "dsl-512k", session.HostConfig{}, func(s *stack) {
		_, err := s.dial("stranger")
		require.ErrorIs(t, err, transport.ErrRefused)
		require.Empty(t, s.host.Peers())
	})
}

func TestEachViewerHasItsOwnPace(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.show(page(320, 200, 0))
		full, capped := s.mustDial("ann"), s.mustDial("guest")
		soon(t, time.Second, func() bool { return len(s.host.Peers()) == 2 }, "both are listed")
		for _, p := range s.host.Peers() {
			if p.Grant().User == "guest" {
				require.NoError(t, p.SetPolicy(session.Policy{RateCap: 100_000}))
			}
		}
		s.shows(full, page(320, 200, 0), 20*time.Second)
		s.shows(capped, page(320, 200, 0), 20*time.Second)
		before := time.Now()
		s.show(page(320, 200, 7))
		s.shows(full, page(320, 200, 7), 10*time.Second)
		quick := time.Since(before)
		s.shows(capped, page(320, 200, 7), 60*time.Second)
		require.Greater(t, time.Since(before), 3*quick)
		full.Close()
		soon(t, 5*time.Second, func() bool { return len(s.host.Peers()) == 1 }, "who left is no longer listed")
		capped.Close()
	})
}

func TestWhoIsSentAwayLearnsWhyAndStaysAway(t *testing.T) {
	inBubble(t, "dsl-512k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("ann")
		soon(t, time.Second, func() bool { return len(s.host.Peers()) == 1 }, "it is listed")
		require.NoError(t, s.host.Peers()[0].SendAway("the office closes"))
		<-w.Done()
		require.ErrorIs(t, w.Err(), session.ErrSentAway)
		require.ErrorContains(t, w.Err(), "the office closes")
		time.Sleep(30 * time.Second)
		require.Empty(t, s.host.Peers())
		gone := s.happened(session.Disconnected)
		require.Len(t, gone, 1)
		require.NoError(t, gone[0].Err)
	})
}

func TestAViewerComesBackByItself(t *testing.T) {
	inBubble(t, "dsl-512k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("ann")
		s.shows(w, page(64, 64, 0), 5*time.Second)
		s.host.Peers()[0].Close()
		soon(t, 30*time.Second, func() bool { return w.Stats().Connects == 2 }, "it is connected again")
		s.show(page(64, 64, 1))
		s.shows(w, page(64, 64, 1), 5*time.Second)
		w.Close()
		require.ErrorIs(t, w.Err(), session.ErrClosed)
	})
}

func TestWhatIsTypedWithoutAConnectionIsRefused(t *testing.T) {
	inBubble(t, "dsl-512k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("ann")
		s.shows(w, page(64, 64, 0), 5*time.Second)
		s.host.Peers()[0].Close()
		soon(t, 5*time.Second, func() bool { return w.Stats().Connecting }, "the connection is lost")
		require.ErrorIs(t, w.SendInput(session.Input{Kind: session.Key, Keysym: 'r', Down: true}), session.ErrNotConnected)
		soon(t, 30*time.Second, func() bool { return w.Stats().Connects == 2 }, "it is connected again")
		time.Sleep(2 * time.Second)
		require.Empty(t, s.heard())
		require.NoError(t, w.happened(session.Disconnected)[0].Err, "both ends closed in order")
		w.Close()
	})
}

func TestWhoMayNoLongerTouchMayStillLetGo(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		w := s.mustDial("ann")
		shift := session.Input{Kind: session.Key, Keysym: 0xffe1, Code: 225, Down: true}
		require.NoError(t, w.SendInput(shift))
		soon(t, time.Second, func() bool { return len(s.heard()) == 1 }, "the key is down")
		require.NoError(t, s.host.Peers()[0].SetPolicy(session.Policy{ViewOnly: true}))
		require.NoError(t, w.SendInput(session.Input{Kind: session.Key, Keysym: 'x', Down: true}))
		shift.Down = false
		require.NoError(t, w.SendInput(shift))
		soon(t, time.Second, func() bool { return len(s.heard()) == 2 }, "the key is up")
		require.Equal(t, shift, s.heard()[1])
		w.Close()
	})
}

func TestAPositionOutsideThePictureIsTheNearestInside(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 48, 0))
		w := s.mustDial("ann")
		require.NoError(t, w.SendInput(session.Input{Kind: session.Pointer, X: 8000, Y: 20}))
		soon(t, time.Second, func() bool { return len(s.heard()) == 1 }, "the pointer moves")
		require.Equal(t, session.Input{Kind: session.Pointer, X: 63, Y: 20}, s.heard()[0])
		w.Close()
	})
}

func TestAHostWithoutASourceLetsNobodyIn(t *testing.T) {
	broken := errors.New("the display went away")
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.fail <- broken
		<-s.host.Done()
		require.ErrorIs(t, s.host.Err(), broken)
		soon(t, 5*time.Second, func() bool { _, err := s.dial("ann"); return err != nil }, "a viewer is turned away")
	})
}

func TestAViewerThatCannotShowTheScreenGivesUp(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{}, func(s *stack) {
		s.show(page(640, 480, 0))
		cfg := s.viewerConfig("ann")
		cfg.Decoder.MaxSize = image.Pt(320, 240)
		v, err := session.Dial(s.t.Context(), s.url, session.SinkFunc(func(session.Frame) {}), cfg)
		require.NoError(t, err)
		<-v.Done()
		require.ErrorIs(t, v.Err(), codec.ErrLimit)
	})
}

// slowCore is a processor that takes as long as the work costs.
type slowCore struct{ session.CPU }

func (c slowCore) Do(ctx context.Context, p session.Priority, f func() codec.Work) error {
	return c.CPU.Do(ctx, p, func() codec.Work {
		w := f()
		time.Sleep(time.Duration(w.Cost()))
		return w
	})
}

func TestALargeScreenThatAlwaysChangesIsShown(t *testing.T) {
	inBubble(t, "dsl-2m", session.HostConfig{CPU: slowCore{session.NewQueue(1)}}, func(s *stack) {
		w := s.mustDial("ann")
		for n := range 12 {
			pic := image.NewRGBA(image.Rect(0, 0, 2560, 1440))
			draw.Draw(pic, pic.Rect, image.NewUniform(color.Gray{uint8(20 * n)}), image.Point{}, draw.Src)
			s.show(pic)
		}
		require.NotZero(t, w.Stats().Objects)
		w.Close()
	})
}

func TestASlowSinkSeesTheNewestPicture(t *testing.T) {
	inBubble(t, "lan", session.HostConfig{}, func(s *stack) {
		var newest atomic.Uint32
		v, err := session.Dial(s.t.Context(), s.url, session.SinkFunc(func(f session.Frame) {
			time.Sleep(16 * time.Millisecond)
			newest.Store(uint32(f.Picture.Pix[0]))
		}), s.viewerConfig("ann"))
		require.NoError(t, err)
		for n := range 60 {
			pic := noise(256, 256, uint32(n))
			pic.Pix[0] = byte(n)
			s.show(pic)
			time.Sleep(50 * time.Millisecond)
		}
		soon(t, 500*time.Millisecond, func() bool { return newest.Load() == 59 }, "the newest picture is seen")
		v.Close()
	})
}

func TestTheApplicationHasStreamsOfItsOwn(t *testing.T) {
	var mu sync.Mutex
	var got []string
	cfg := session.HostConfig{OnMessage: func(p *session.Peer, st transport.Stream, b []byte) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(b))
	}}
	inBubble(t, "dsl-512k", cfg, func(s *stack) {
		w := s.mustDial("ann")
		require.NoError(t, w.Send(s.t.Context(), session.FirstStream, []byte("one")))
		require.NoError(t, w.Send(s.t.Context(), session.FirstStream, []byte("two")))
		require.Error(t, w.Send(s.t.Context(), session.FirstStream-1, []byte("mine")))
		time.Sleep(time.Second)
		mu.Lock()
		require.Equal(t, []string{"one", "two"}, got)
		mu.Unlock()
		w.Close()
	})
}

func TestASourcesErrorEndsTheHost(t *testing.T) {
	broken := errors.New("the display went away")
	host, err := session.NewHost(session.SourceFunc(func(ctx context.Context, s *session.Screen) error { return broken }), session.HostConfig{})
	require.NoError(t, err)
	<-host.Done()
	require.ErrorIs(t, host.Err(), broken)
	require.NoError(t, host.Close())
}

func TestThePointersShapeArrivesAtConnectAndAtChanges(t *testing.T) {
	inBubble(t, "thin-256k", session.HostConfig{}, func(s *stack) {
		s.show(page(64, 64, 0))
		require.False(t, s.screen.Watched())
		dot := session.Cursor{Size: image.Pt(1, 1), Pix: []byte{9, 8, 7, 255}}
		bar := session.Cursor{Size: image.Pt(1, 2), Pix: []byte{1, 2, 3, 255, 4, 5, 6, 255}}
		require.NoError(t, s.screen.SetCursor(dot))
		w := s.mustDial("ann")
		soon(t, 5*time.Second, func() bool { return slices.EqualFunc(w.cursors(), []session.Cursor{dot}, sameShape) }, "the shape at connect")
		require.True(t, s.screen.Watched())
		for _, c := range []session.Cursor{bar, {}, dot} {
			before := len(w.cursors())
			require.NoError(t, s.screen.SetCursor(c))
			soon(t, time.Second, func() bool { return len(w.cursors()) == before+1 && sameShape(w.cursors()[before], c) }, "the new shape")
		}
		w.Close()
	})
}

func sameShape(a, b session.Cursor) bool {
	return a.Size == b.Size && a.Hot == b.Hot && bytes.Equal(a.Pix, b.Pix)
}
