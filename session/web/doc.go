// Package web is the viewer in a browser: a page that shows a session's screen, and a module for one's own pages.
//
// [Handler] serves both, from files that are part of the program; nothing comes from anywhere else. A host is two lines
// on one mux, since viewers post their offers to the address of the page:
//
//	mux.Handle("GET /", web.Handler())
//	mux.Handle("/", host) // *session.Host
//
// The address to open is the page's with the token in its fragment, which no server and no log sees:
// http://host:8080/#token=TOKEN. README.md beside this file tells how to embed the viewer in another page.
//
// The sources are in src, in TypeScript; build.sh bundles them into dist, which is committed.
package web
