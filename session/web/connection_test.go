package web_test

import (
	"context"
	"fmt"
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

func TestTheViewerComesBackWhenTheConnectionIsLost(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	peers := d.host.Peers()
	require.Len(t, peers, 1)
	require.NoError(t, peers[0].Close())
	p.until(says + `.startsWith("Connection lost")`)
	p.screenshot("reconnecting")
	p.until(says + `=== "Connected"`)
	require.NotEqual(t, peers[0].ID(), d.host.Peers()[0].ID())
	p.shows(screen)
}

// TestAHiddenPageIsSentNoPixels hides the page by its own account: a headless browser shows all its tabs.
func TestAHiddenPageIsSentNoPixels(t *testing.T) {
	first, last := desktop(400, 300, 0), desktop(400, 300, 9)
	more := make(chan *image.RGBA)
	d := openDesk(t, session.SourceFunc(func(ctx context.Context, s *session.Screen) error {
		for pic := first; ; {
			if err := s.Update(codec.PictureOf(pic), codec.Hints{}); err != nil {
				return err
			}
			select {
			case pic = <-more:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(first)
	turn := func(hidden bool) {
		p.eval(fmt.Sprintf(`Object.defineProperty(document, "hidden", { get: () => %v, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`, hidden), nil)
		require.Eventually(t, func() bool { return d.host.Peers()[0].Stats().Unseen == hidden }, 10*time.Second, 5*time.Millisecond)
	}
	turn(true)
	sent := d.host.Peers()[0].Stats().Sent
	more <- desktop(400, 300, 5)
	more <- last
	p.eval(`new Promise((r) => setTimeout(r, 300))`, nil)
	require.Equal(t, sent, d.host.Peers()[0].Stats().Sent)
	turn(false)
	p.shows(last)
}

func TestTheHostsGoodbyeIsFinalAndShown(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	require.NoError(t, d.host.Peers()[0].SendAway("The office closes."))
	p.until(says + `=== "The host has ended the session: The office closes."`)
}

func TestAPageThatGoesGivesItsPlaceBack(t *testing.T) {
	screen := desktop(400, 300, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/#token=secret")
	p.shows(screen)
	require.Len(t, d.host.Peers(), 1)
	p.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	require.Eventually(t, func() bool { return len(d.host.Peers()) == 0 }, 5*time.Second, 10*time.Millisecond)
}

func TestAWrongTokenIsSaidAndNotTriedAgain(t *testing.T) {
	d := openDesk(t, still(desktop(200, 100, 0)))
	p := openTab(t, d.server.URL+"/#token=guess")
	p.until(says + `.startsWith("Refused")`)
	p.screenshot("refused")
	p.forgive("401")
}
