package web_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThePagesPassAxe(t *testing.T) {
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no axe-core here: run npm ci in session/web")
	}
	require.NoError(t, err)
	screen := desktop(400, 300, 0)
	for name, url := range map[string]string{
		"page":    openDesk(t, still(screen)).server.URL + "/#token=secret",
		"refused": openDesk(t, still(screen)).server.URL + "/#token=guess",
		"embed":   example(t, "embed", "Open "),
	} {
		p := openTab(t, url)
		if name == "refused" {
			p.until(says + `.startsWith("Refused")`)
			p.forgive("401")
		} else {
			p.until(says + `=== "Connected"`)
		}
		p.eval(string(axe)+"; 0", nil)
		var violations []string
		p.eval(`axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.html).join(" ")))`, &violations)
		require.Empty(t, violations, name)
	}
}

func TestTheLineBelowSaysWhatIsNotExactYet(t *testing.T) {
	screen := desktop(1000, 600, 0)
	d := openDesk(t, still(screen))
	p := openTab(t, d.server.URL+"/own")
	p.until(`document.title === "Own"`)
	// What the line says is gathered: on this machine it is over soon.
	p.eval(`import("/thinpane.js").then(async (m) => {
		window.said = [];
		window.viewer = await m.connect(document.body, { url: "/", token: "secret" });
		const figures = document.body.shadowRoot.querySelector(".figures");
		new MutationObserver(() => said.push(figures.textContent)).observe(figures, { childList: true, characterData: true, subtree: true });
	})`, nil)
	p.shows(screen)
	p.until(`viewer.stats().coarse === 0 && !document.body.shadowRoot.querySelector(".figures").textContent.includes("not exact")`)
	var said []string
	p.eval(`said`, &said)
	require.Contains(t, strings.Join(said, "|"), " % not exact yet")
}

func TestFrenchBrowsersAreSpokenToInFrench(t *testing.T) {
	screen := desktop(400, 300, 0)
	p := openTab(t, "about:blank")
	p.call("Emulation.setLocaleOverride", map[string]any{"locale": "fr-FR"}, nil)
	p.call("Network.setUserAgentOverride", map[string]any{"userAgent": "test", "acceptLanguage": "fr-FR"}, nil)
	p.call("Page.navigate", map[string]any{"url": openDesk(t, still(screen)).server.URL + "/#token=secret"}, nil)
	p.until(says + `=== "Connecté"`)
	p.shows(screen)
	p.until(canvas + `.getRootNode().querySelector(".figures").textContent.includes("aller-retour")`)
	p.screenshot("french")
}
