package transport

import (
	"context"
	"net/http"
)

// Host answers viewers' offers. It is an http.Handler for one URL and all paths below it.
type Host struct{}

func NewHost(cfg HostConfig) (*Host, error)                      { panic("soon") }
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("soon") }
func (h *Host) Accept(ctx context.Context) (*Conn, error)        { panic("soon") }
func (h *Host) Close() error                                     { panic("soon") }
