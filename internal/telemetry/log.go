// Package telemetry tells the people who run the paper how it is doing: a log,
// metrics for Prometheus, profiles, and an answer to whoever asks whether it
// is well. It never tells them who reads the paper.
//
// Everything in it may be used by any number of goroutines.
package telemetry

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"example.org/broadside"
)

// Logger returns a logger that writes to w from the given level on: "debug",
// "info", "warn" or "error". The format is "text" or "json". Anything else is
// a [broadside.Invalid] error.
//
// The logger drops every attribute that could hold a reader's address or
// device, by name and by type, and cuts the two ends of a connection out of
// the texts of network errors. In some places the list of a paper's readers is
// what the police come for; what was never written cannot be handed over.
// So nobody has to remember that when logging, and an attribute for one of our
// own addresses needs a name of its own, such as "listen".
func Logger(w io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, broadside.Errorf(broadside.Invalid, "The level of the log cannot be %q: it is debug, info, warn or error.", level)
	}
	opt := &slog.HandlerOptions{Level: least, ReplaceAttr: withoutReaders}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opt)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opt)), nil
	}
	return nil, broadside.Errorf(broadside.Invalid, "The format of the log cannot be %q: it is text or json.", format)
}

// readerKeys are names under which programs commonly log a reader's address
// or device, in lower case and without hyphens and underscores.
var readerKeys = map[string]bool{
	"addr": true, "address": true, "remote": true, "remoteaddr": true, "remoteaddress": true, "remotehost": true,
	"ip": true, "clientip": true, "realip": true, "remoteip": true, "client": true, "peer": true,
	"xforwardedfor": true, "xrealip": true, "forwarded": true, "cfconnectingip": true, "trueclientip": true,
	"useragent": true, "agent": true, "referer": true, "referrer": true,
	"cookie": true, "authorization": true, "header": true, "headers": true,
}

var (
	plainKey = strings.NewReplacer("_", "", "-", "", " ", "", ".", "")

	// ends are the two addresses in the text of a network error, as in
	// "read tcp 192.0.2.1:80->198.51.100.7:5012: connection reset by peer".
	ends = regexp.MustCompile(` ?\S+->[^\s"]*[^\s":]`)
)

// withoutReaders replaces an attribute by what may be logged of it.
func withoutReaders(_ []string, a slog.Attr) slog.Attr {
	if readerKeys[plainKey.Replace(strings.ToLower(a.Key))] {
		return slog.Attr{}
	}
	switch value := a.Value.Any().(type) {
	case net.Addr, net.IP, netip.Addr, netip.AddrPort, http.Header, *http.Request:
		return slog.Attr{}
	case error:
		return slog.String(a.Key, ends.ReplaceAllString(value.Error(), ""))
	case string:
		return slog.String(a.Key, ends.ReplaceAllString(value, ""))
	}
	return a
}

// anyAddress is a host with its port as net/http writes it into its messages.
var anyAddress = regexp.MustCompile(`(\[[0-9a-fA-F:.%\w]+\]|\d+\.\d+\.\d+\.\d+):\d+`)

// ServerLog returns a logger for [http.Server.ErrorLog] that hands each
// message on to l as a warning, with every address in it struck out.
func ServerLog(l *slog.Logger) *log.Logger {
	return log.New(serverLog{l}, "", 0)
}

type serverLog struct{ log *slog.Logger }

func (s serverLog) Write(message []byte) (int, error) {
	s.log.Log(context.Background(), slog.LevelWarn, "http server",
		"message", anyAddress.ReplaceAllString(strings.TrimSpace(string(message)), "…"))
	return len(message), nil
}
