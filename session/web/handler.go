package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed page.html page.css dist
var files embed.FS

// Handler serves the page at its address, which must end with a slash, and the viewer's module and its types below it
// (thinpane.js, thinpane.d.ts); it answers GET and HEAD. It may stand under any path, without http.StripPrefix.
func Handler() http.Handler { return http.HandlerFunc(serve) }

// file is what is served under one name.
type file struct {
	kind     string
	text     []byte
	packed   []byte // gzip
	etag     string // without quotes
	policy   string // Content-Security-Policy
	versions bool   // ?v= names what is served: it may be kept for ever
}

// all is made once, by name: "" is the page.
var all = sync.OnceValue(func() map[string]*file {
	script := read("dist/thinpane.js")
	first := strings.TrimSpace(string(read("dist/first.js")))
	style := strings.TrimSpace(string(read("page.css")))
	page := strings.NewReplacer("{{first}}", first, "{{style}}", style, "{{version}}", short(script)).Replace(string(read("page.html")))
	policy := strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' '" + hash(first) + "'",
		"style-src '" + hash(style) + "'",
		"worker-src 'self'",
		"connect-src 'self'",
		"img-src data:", // the pointer's shape
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'self'",
	}, "; ")
	return map[string]*file{
		"":              newFile("text/html; charset=utf-8", []byte(page), policy, false),
		"thinpane.js":   newFile("text/javascript; charset=utf-8", script, policy, true), // a worker has a policy of its own
		"thinpane.d.ts": newFile("text/plain; charset=utf-8", read("dist/thinpane.d.ts"), "default-src 'none'", true),
	}
})

func newFile(kind string, text []byte, policy string, versions bool) *file {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is valid
	}
	_, _ = z.Write(text) // to memory
	_ = z.Close()
	return &file{kind: kind, text: text, packed: b.Bytes(), etag: short(text), policy: policy, versions: versions}
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return b
}

func short(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "There is only something to GET here.", http.StatusMethodNotAllowed)
		return
	}
	name := ""
	if !strings.HasSuffix(r.URL.Path, "/") {
		name = path.Base(r.URL.Path)
	}
	f := all()[name]
	if f == nil {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	body, etag := f.text, f.etag
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, etag = f.packed, f.etag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", f.policy)
	h.Set("Referrer-Policy", "no-referrer")
	if r.Header.Get("Sec-Fetch-Dest") != "" {
		// Isolated from other origins the browser's clock is exact to 5 us (W3C High Resolution Time), else to 100. Over
		// plain HTTP browsers refuse that with an error on their console, and send no Sec-Fetch-Dest.
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("ETag", `"`+etag+`"`)
	h.Set("Cache-Control", "no-cache") // keep, but ask whether it is still the same
	if f.versions && r.URL.Query().Get("v") == f.etag {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body)) // answers If-None-Match and HEAD
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3) as far as gzip is named in it.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
