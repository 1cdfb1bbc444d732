package telemetry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"example.org/broadside"
)

const reader = "198.51.100.7"

func TestALogHoldsNoReadersAddress(t *testing.T) {
	request := httptest.NewRequest("GET", "/", nil)
	request.RemoteAddr = reader + ":5012"
	request.Header.Set("X-Forwarded-For", reader)
	remote := &net.TCPAddr{IP: net.ParseIP(reader), Port: 5012}
	broken := fmt.Errorf("body: %w", &net.OpError{Op: "read", Net: "tcp", Source: &net.TCPAddr{}, Addr: remote, Err: errors.New("reset")})
	attrs := []slog.Attr{
		slog.String("addr", reader), slog.String("remote_addr", reader), slog.String("RemoteAddr", reader),
		slog.String("ip", reader), slog.String("client_ip", reader), slog.String("X-Forwarded-For", reader),
		slog.String("user_agent", reader), slog.String("User-Agent", reader),
		slog.Group("request", slog.String("remote", reader), slog.Any("headers", request.Header)),
		slog.Any("from", remote), slog.Any("from", net.ParseIP(reader)), slog.Any("from", netip.MustParseAddr(reader)),
		slog.Any("from", netip.MustParseAddrPort(reader+":1")), slog.Any("r", request), slog.Any("h", request.Header),
		slog.Any("err", broken), slog.String("err", broken.Error()),
	}
	for _, format := range []string{"text", "json"} {
		for _, attr := range attrs {
			var out bytes.Buffer
			log, err := Logger(&out, "debug", format)
			if err != nil {
				t.Fatal(err)
			}
			log.LogAttrs(context.Background(), slog.LevelInfo, "a page was read", attr)
			log.With(attr).WithGroup("g").Error("and again", "err", broken)
			log.Warn(broken.Error())
			if strings.Contains(out.String(), reader) {
				t.Errorf("%s log shows the attribute %v:\n%s", format, attr, &out)
			}
		}
	}
}

func TestALogKeepsWhatIsNotAReaders(t *testing.T) {
	var out bytes.Buffer
	log, err := Logger(&out, "info", "text")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("served", "listen", "127.0.0.1:8080", "route", "GET /{section}/{slug}",
		"err", fmt.Errorf("store: %w", errors.New("dial tcp 127.0.0.1:5432: connection refused")))
	for _, want := range []string{"127.0.0.1:8080", "GET /{section}/{slug}", "127.0.0.1:5432: connection refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, &out)
		}
	}
}

// What remains of a network error has to say what happened.
func TestANetworkErrorKeepsItsCause(t *testing.T) {
	const text = "body: read tcp 192.0.2.1:80->198.51.100.7:5012: connection reset by peer"
	got := withoutReaders(nil, slog.String("err", text)).Value.String()
	if want := "body: read tcp: connection reset by peer"; got != want {
		t.Errorf("logged %q, want %q", got, want)
	}
}

func TestLevelAndFormatAreChecked(t *testing.T) {
	for _, tt := range []struct{ level, format string }{{"loud", "text"}, {"info", "xml"}, {"", "text"}, {"info", ""}} {
		if _, err := Logger(nil, tt.level, tt.format); broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("Logger(%q, %q) = %v, want an invalid error", tt.level, tt.format, err)
		}
	}
}

func TestLessThanTheLevelIsNotLogged(t *testing.T) {
	var out bytes.Buffer
	log, err := Logger(&out, "warn", "json")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.Warn("loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.Contains(got, `"msg":"loud"`) {
		t.Errorf("log at level warn:\n%s", got)
	}
}

func TestTheServersOwnMessagesNameNobody(t *testing.T) {
	var out bytes.Buffer
	log, err := Logger(&out, "info", "text")
	if err != nil {
		t.Fatal(err)
	}
	ServerLog(log).Printf("http: TLS handshake error from %s:5012: EOF", reader)
	ServerLog(log).Printf("http: TLS handshake error from %s: EOF", "[2001:db8::7%eth0]:5012")
	got := out.String()
	if strings.Contains(got, reader) || strings.Contains(got, "2001:db8") || strings.Count(got, "TLS handshake error from …: EOF") != 2 {
		t.Errorf("the server's log:\n%s", got)
	}
}
