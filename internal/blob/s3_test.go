package blob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
)

const (
	accessKey = "newsroom"
	secretKey = "not-a-secret-but-long-enough"
	bucket    = "paper"
)

// gateway returns the path of the S3 server versitygw: that which make test
// has built, or else the go command's own build of it, which the first time
// takes a minute.
func gateway(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("BROADSIDE_TEST_VERSITYGW"); path != "" {
		return path
	}
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatalf("where the module is: %v", err)
	}
	cmd := exec.Command("go", "tool", "-modfile=tools/go.mod", "-n", "versitygw")
	cmd.Dir = filepath.Dir(strings.TrimSpace(string(mod)))
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	path, err := cmd.Output()
	if err != nil {
		t.Fatalf("building versitygw, the S3 server of this test: %v\n%sRun make test, or give its path in BROADSIDE_TEST_VERSITYGW.", err, &complaint)
	}
	return strings.TrimSpace(string(path))
}

// freeAddress returns a loopback address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startGateway runs an S3 server over the directory files until the test ends
// and returns its address. Each directory in files is a bucket.
func startGateway(t *testing.T, files string) string {
	t.Helper()
	address, sidecar := freeAddress(t), t.TempDir()
	var log bytes.Buffer
	cmd := exec.Command(gateway(t), "--access", accessKey, "--secret", secretKey, "--port", address, "--quiet",
		"posix", "--sidecar", sidecar, files)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
		}
	})
	for range 1000 {
		select {
		case err := <-ended:
			t.Fatalf("versitygw ended at once: %v\n%s", err, &log)
		case <-time.After(10 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return address
		}
	}
	t.Fatal("versitygw did not listen within ten seconds")
	return ""
}

func config(address string) blob.S3Config {
	return blob.S3Config{
		Endpoint: address, Bucket: bucket, Prefix: "the-paper/", Region: "us-east-1",
		AccessKey: accessKey, SecretKey: secretKey, Insecure: true,
	}
}

func client(t *testing.T, address string) *minio.Client {
	t.Helper()
	c, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newBucket starts a server that has an empty bucket.
func newBucket(t *testing.T) string {
	t.Helper()
	address := startGateway(t, t.TempDir())
	if err := client(t, address).MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	return address
}

func openS3(t *testing.T) backend {
	t.Helper()
	address := newBucket(t)
	s, err := blob.OpenS3(t.Context(), config(address))
	if err != nil {
		t.Fatal(err)
	}
	return backend{s, func(t *testing.T, name string, data []byte) {
		t.Helper()
		key := config(address).Prefix + name
		_, err := client(t, address).PutObject(t.Context(), bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}}
}

// A bucket may hold more than the paper's blobs.
func TestABucketIsShared(t *testing.T) {
	address := newBucket(t)
	s, err := blob.OpenS3(t.Context(), config(address))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"the-paper/README", "other/" + sum("x"), sum("x")} {
		_, err := client(t, address).PutObject(t.Context(), bucket, key, strings.NewReader("x"), 1, minio.PutObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, s); len(got) != 0 {
		t.Errorf("Walk found %q, which are not the paper's", got)
	}
	_, err = s.Open(t.Context(), sum("x"))
	wantKind(t, "Open of a name outside the prefix", err, broadside.NotFound)
}

func TestOpenS3SaysWhatIsWrong(t *testing.T) {
	address := newBucket(t)
	tests := []struct {
		name   string
		change func(*blob.S3Config)
		kind   broadside.Kind
		says   string
	}{
		{"no bucket named", func(c *blob.S3Config) { c.Bucket = "" }, broadside.Invalid, "name of a bucket"},
		{"no such bucket", func(c *blob.S3Config) { c.Bucket = "elsewhere" }, broadside.Invalid, `no bucket "elsewhere"`},
		{"an address with a path", func(c *blob.S3Config) { c.Endpoint = "http://" + address + "/x" }, broadside.Invalid, "without https://"},
		{"a wrong secret", func(c *blob.S3Config) { c.SecretKey = "wrong" }, broadside.Unavailable, "refuses the access key"},
		{"nobody there", func(c *blob.S3Config) { c.Endpoint = freeAddress(t) }, broadside.Unavailable, "does not answer"},
	}
	for _, tt := range tests {
		c := config(address)
		tt.change(&c)
		_, err := blob.OpenS3(t.Context(), c)
		wantKind(t, tt.name, err, tt.kind)
		if got := fmt.Sprint(err); !strings.Contains(got, tt.says) {
			t.Errorf("%s: the error says %q, want %q in it", tt.name, got, tt.says)
		}
	}
}

// The server may vanish while a blob is being read.
func TestAServerThatGoesAwayIsUnavailable(t *testing.T) {
	var address string
	var s *blob.S3
	var reading io.ReadSeekCloser
	name := ""
	t.Run("while it runs", func(t *testing.T) {
		address = newBucket(t)
		var err error
		if s, err = blob.OpenS3(t.Context(), config(address)); err != nil {
			t.Fatal(err)
		}
		name = put(t, s, strings.Repeat("news ", 4_000_000))
		ctx := context.WithoutCancel(t.Context()) // the reader outlives this part
		if reading, err = s.Open(ctx, name); err != nil {
			t.Fatal(err)
		}
	})
	defer reading.Close()
	calls := map[string]func() error{
		"Put": func() error {
			_, _, err := s.Put(t.Context(), strings.NewReader("late"))
			return err
		},
		"Open": func() error {
			_, err := s.Open(t.Context(), name)
			return err
		},
		"Size": func() error {
			_, err := s.Size(t.Context(), name)
			return err
		},
		"Delete": func() error { return s.Delete(t.Context(), name) },
		"Check":  func() error { return s.Check(t.Context(), name) },
		"Walk":   func() error { return s.Walk(t.Context(), func(string, int64) error { return nil }) },
		"Read": func() error {
			_, err := io.Copy(io.Discard, reading)
			return err
		},
	}
	var group sync.WaitGroup
	for call, f := range calls {
		group.Go(func() { wantKind(t, call, f(), broadside.Unavailable) })
	}
	group.Wait()
}
