package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// nginxConfiguration takes the line that names the user, an address and the
// lines that add to the header. What nginx would write stays in its directory.
const nginxConfiguration = `daemon off;
%s
worker_processes auto;
pid nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
	access_log off;
	sendfile on;
	etag off;
	keepalive_requests 1000000000;
	open_file_cache max=16;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	default_type "text/html; charset=utf-8";
	server {
		listen %s;
		root .;
%s		location / { try_files /page =404; }
	}
}
`

// nginx starts nginx with an answer as a file, compressed as it is, and waits
// until it gives it.
func (g *ground) nginx(ctx context.Context, a answer) (*server, error) {
	path, err := find("nginx-light", "nginx")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(g.dir, "nginx-"+address)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "page"), a.Body, 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), nginxConfigured(address, a), 0o644); err != nil {
		return nil, err
	}
	s, err := startServer(exec.CommandContext(ctx, path, "-p", dir, "-c", "nginx.conf", "-e", "stderr"), address)
	if err != nil {
		return nil, err
	}
	_, err = s.ready(ctx)
	return s, err
}

func nginxConfigured(address string, a answer) []byte {
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // the usual one may not enter the ground
	}
	var more strings.Builder
	for _, name := range []string{"Content-Encoding", "Etag"} {
		if v := a.Header.Get(name); v != "" {
			fmt.Fprintf(&more, "\t\tadd_header %s '%s';\n", name, v)
		}
	}
	return fmt.Appendf(nil, nginxConfiguration, user, address, &more)
}
