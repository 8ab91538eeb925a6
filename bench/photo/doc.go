// Package photo measures how well photographs are coded: by Thinpane's codec, coarsely at several sharpnesses and exactly,
// and by other coders whose programs are installed. It measures through codec's public API: what a viewer sees.
package photo
