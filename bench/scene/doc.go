// Package scene draws a recording by program: a web page with antialiased text and
// photographs, which a reader scrolls in steps of the wheel. It stands beside the
// recordings of real desktops for what those in this repository lack: photographs, whose
// licences are known here (testdata/photos/CREDITS.txt).
//
// The same photographs give the same pixels on every machine.
package scene
