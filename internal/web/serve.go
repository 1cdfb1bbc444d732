package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"example.org/broadside/internal/telemetry"
)

// What a connection is allowed. A page takes a phone on 2G most of a minute; a
// handler that sends or takes more gives itself more time through an
// [http.ResponseController].
const (
	headerTime  = 10 * time.Second
	requestTime = 2 * time.Minute
	idleTime    = 2 * time.Minute
	headerSize  = 16 << 10

	// stopTime is how long requests that have begun may take to end once the
	// server is told to stop.
	stopTime = 10 * time.Second
)

// Serve answers requests on ln with h until ctx ends. Then it takes no more of
// them, lets those that have begun end, cuts off what is left after ten
// seconds, and returns nil. It closes ln.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          telemetry.ServerLog(log),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("server: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(grace); errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests cut off at the end", "after", stopTime)
	} else if err != nil {
		log.Warn("server", "err", err)
	}
	_ = server.Close() // what Shutdown has left; that it is closed already is no news
	return nil
}
