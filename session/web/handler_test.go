package web_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session/web"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	web.Handler().ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}

var source = regexp.MustCompile(`(?:src|data-viewer)="([^"]+)"`)

func TestThePageAndAllItNeedsAreTwoFilesOfLessThan60Kilobytes(t *testing.T) {
	page := get(t, "/", "Accept-Encoding", "gzip")
	require.Equal(t, "gzip", page.Header.Get("Content-Encoding"))
	packed := text(t, page)
	html := text(t, get(t, "/"))
	sources := source.FindAllStringSubmatch(html, -1)
	require.Len(t, sources, 1, "files that the page asks for")
	require.Contains(t, html, `href="data:,"`, "no browser must look for an icon")
	script := text(t, get(t, "/"+sources[0][1], "Accept-Encoding", "gzip, br"))
	t.Logf("page %d bytes, script %d bytes", len(packed), len(script))
	require.Less(t, len(packed)+len(script), 60_000)
	require.Less(t, len(packed), 4_000, "the first script is to be there within the first packets")
	require.NotRegexp(t, `https?://`, html+text(t, get(t, "/thinpane.js")), "nothing comes from elsewhere")
}

func TestGzipGivesTheSameFile(t *testing.T) {
	z, err := gzip.NewReader(get(t, "/thinpane.js", "Accept-Encoding", "br;q=1, GZIP;q=0.5").Body)
	require.NoError(t, err)
	unpacked, err := io.ReadAll(z)
	require.NoError(t, err)
	require.Equal(t, text(t, get(t, "/thinpane.js", "Accept-Encoding", "gzip;q=0, identity")), string(unpacked))
}

func TestThePolicyAllowsTheInlineScriptAndStyleAndNothingElse(t *testing.T) {
	page := get(t, "/", "Sec-Fetch-Dest", "document")
	policy := page.Header.Get("Content-Security-Policy")
	html := text(t, page)
	for _, tag := range []string{"script", "style"} {
		inline := regexp.MustCompile(`(?s)<`+tag+`[^>]*>(.*?)</`+tag+`>`).FindAllStringSubmatch(html, -1)
		require.Len(t, inline, 1)
		sum := sha256.Sum256([]byte(inline[0][1]))
		require.Contains(t, policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'", tag)
	}
	require.True(t, strings.HasPrefix(policy, "default-src 'none'; "))
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "*")
	require.Contains(t, get(t, "/thinpane.js").Header.Get("Content-Security-Policy"), "default-src 'none'", "the worker's own")
	for key, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Embedder-Policy": "require-corp", "Content-Type": "text/html; charset=utf-8",
	} {
		require.Equal(t, want, page.Header.Get(key), key)
	}
	require.Empty(t, get(t, "/").Header.Get("Cross-Origin-Opener-Policy"), "over plain HTTP it would be an error")
}

func TestWhatIsKeptIsAskedForOrNamedByItsContent(t *testing.T) {
	named := source.FindStringSubmatch(text(t, get(t, "/")))[1]
	require.Equal(t, "public, max-age=31536000, immutable", get(t, "/"+named).Header.Get("Cache-Control"))
	require.Equal(t, "no-cache", get(t, "/thinpane.js?v=old").Header.Get("Cache-Control"))
	for _, path := range []string{"/", "/thinpane.js", "/thinpane.d.ts"} {
		for _, coding := range []string{"", "gzip"} {
			first := get(t, path, "Accept-Encoding", coding)
			require.Equal(t, "Accept-Encoding", first.Header.Get("Vary"))
			again := get(t, path, "Accept-Encoding", coding, "If-None-Match", first.Header.Get("ETag"))
			require.Equal(t, http.StatusNotModified, again.StatusCode, path)
			require.Empty(t, text(t, again))
		}
	}
	require.NotEqual(t, get(t, "/").Header.Get("ETag"), get(t, "/", "Accept-Encoding", "gzip").Header.Get("ETag"))
}

func TestAnyPathWillDo(t *testing.T) {
	require.Equal(t, text(t, get(t, "/")), text(t, get(t, "/rooms/7/?host=a")))
	require.Equal(t, text(t, get(t, "/thinpane.js")), text(t, get(t, "/rooms/7/thinpane.js")))
	require.Equal(t, http.StatusNotFound, get(t, "/page.html").StatusCode)
	require.Equal(t, http.StatusNotFound, get(t, "/dist/first.js").StatusCode)
}

func TestOnlyGETAndHEAD(t *testing.T) {
	for method, status := range map[string]int{http.MethodHead: 200, http.MethodPost: 405, http.MethodDelete: 405} {
		w := httptest.NewRecorder()
		web.Handler().ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		require.Equal(t, status, w.Code, method)
		if status == 200 {
			require.Zero(t, w.Body.Len())
		}
	}
}
