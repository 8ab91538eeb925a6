package main

import (
	"image"
	"image/draw"
	"os"
	"sync"

	"github.com/thinpane/thinpane/session"
)

// canvas is a Sink that keeps the picture in memory and, where it has a file's name, in that file.
type canvas struct {
	file string

	mu     sync.Mutex
	pic    *image.RGBA
	out    *os.File
	err    error
	frames int
}

// Show copies what is new.
func (c *canvas) Show(f session.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frames++
	all := image.Rectangle{Max: f.Picture.Size}
	seen := &image.RGBA{Pix: f.Picture.Pix, Stride: f.Picture.Stride, Rect: all}
	if c.pic == nil || f.Resized {
		c.pic = image.NewRGBA(all)
		f.Damage = []image.Rectangle{all}
	}
	for _, r := range f.Damage {
		draw.Draw(c.pic, r, seen, r.Min, draw.Src)
	}
	if c.file == "" || c.err != nil {
		return
	}
	if c.out == nil || f.Resized {
		c.err = c.begin()
		return
	}
	for _, r := range f.Damage {
		for y := r.Min.Y; y < r.Max.Y && c.err == nil; y++ {
			from, to := c.pic.PixOffset(r.Min.X, y), c.pic.PixOffset(r.Max.X-1, y)+4
			_, c.err = c.out.WriteAt(c.pic.Pix[from:to], int64(from))
		}
	}
}

// begin writes the file under another name, whole, and gives it its name only then: who maps it never sees a part.
func (c *canvas) begin() error {
	if c.out != nil {
		c.out.Close()
	}
	err := os.WriteFile(c.file+".new", c.pic.Pix, 0o644)
	if err == nil {
		err = os.Rename(c.file+".new", c.file)
	}
	if err == nil {
		c.out, err = os.OpenFile(c.file, os.O_WRONLY, 0)
	}
	return err
}

// image is a copy of the picture, nil before the first.
func (c *canvas) image() *image.RGBA {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pic == nil {
		return nil
	}
	img := image.NewRGBA(c.pic.Rect)
	copy(img.Pix, c.pic.Pix)
	return img
}

func (c *canvas) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frames
}

func (c *canvas) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *canvas) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.out != nil && c.err == nil {
		c.err = c.out.Close()
	}
	return c.err
}
