// Package x11 shows an X11 display as a session's Source and plays viewers' input on it.
//
//	X server --DAMAGE--> Display.Run: wait for damage, wait until a viewer has room, then
//	                     DamageSubtract, ShmGetImage of the damaged rectangles, session.Screen.Update
//	         --XFIXES--> the pointer's shape, for the viewer to draw: session.Screen.SetCursor
//	         <--XTEST--- hands: one queue of all viewers' input, played in order
//	                       keyboard: what is typed -> keycodes, under the layout that the display has now
//
// What is known without a server (keymap, keyboard, spares, wheel, rectangles) is in plain structs; display.go,
// shared.go, cursor.go and hands.go talk to it.
package x11
