package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
