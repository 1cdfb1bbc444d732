package e2e

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"example.org/broadside/internal/newstest"
)

const (
	accessKey = "newsroom"
	secretKey = "not-a-secret-but-long-enough"
)

var pictureAddress = regexp.MustCompile(`/media/[a-z0-9]+/\d+\.jpg`)

// A paper whose pictures are in a bucket is a paper like any other.
func TestPicturesInABucket(t *testing.T) {
	p := newPaper(t)
	address := startGateway(t)
	p.env = []string{"BROADSIDE_S3_ENDPOINT=" + address, "BROADSIDE_S3_BUCKET=paper", "BROADSIDE_S3_PREFIX=record/", "BROADSIDE_S3_REGION=us-east-1",
		"BROADSIDE_S3_ACCESS_KEY=" + accessKey, "BROADSIDE_S3_SECRET_KEY=" + secretKey, "BROADSIDE_S3_INSECURE=true"}
	p.write(t, "quay.jpg", string(newstest.JPEG(t, 900, 600, 1)))
	file := p.write(t, "quay.md", article("quay", "picture: {file: quay.jpg, alt: A quay at dawn, credit: Ivo Tarn}\n"))
	p.must(t, "import", "markdown", "--publish", file)
	if _, err := os.Stat(filepath.Join(p.dir, "blobs")); !os.IsNotExist(err) {
		t.Errorf("there are blobs in the directory too: %v", err)
	}
	s := p.serve(t)
	picture := pictureAddress.FindString(s.want(t, "/harbour/quay", http.StatusOK, "A quay at dawn"))
	if got := s.want(t, picture, http.StatusOK); !strings.HasPrefix(got, "\xff\xd8\xff") {
		t.Errorf("%s is no JPEG: %.20q", picture, got)
	}
	s.stop(t)
	p.wantSound(t)

	file = filepath.Join(p.desk, "paper.backup")
	p.must(t, "backup", "-o", file)
	home := newPaper(t) // without a bucket
	home.must(t, "restore", file)
	home.wantSound(t)
	s = home.serve(t)
	s.want(t, picture, http.StatusOK)
}

// startGateway runs an S3 server with an empty bucket until the test ends and
// returns its address.
func startGateway(t *testing.T) string {
	t.Helper()
	address := freeAddress(t)
	var log record
	cmd := exec.Command(gateway(t), "--access", accessKey, "--secret", secretKey, "--port", address, "--quiet",
		"posix", "--sidecar", t.TempDir(), t.TempDir())
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	for range 1000 {
		time.Sleep(10 * time.Millisecond)
		c, err := net.Dial("tcp", address)
		if err != nil {
			continue
		}
		c.Close()
		s3, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
		if err == nil {
			err = s3.MakeBucket(t.Context(), "paper", minio.MakeBucketOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatalf("versitygw did not listen within ten seconds:\n%s", &log)
	return ""
}

// gateway returns the path of the S3 server versitygw: that which make test
// has built, or else the go command's own build of it, which the first time
// takes a minute.
func gateway(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("BROADSIDE_TEST_VERSITYGW"); path != "" {
		return path
	}
	cmd := exec.Command("go", "tool", "-modfile=tools/go.mod", "-n", "versitygw")
	cmd.Dir = ".."
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	path, err := cmd.Output()
	if err != nil {
		t.Fatalf("building versitygw, the S3 server of this test: %v\n%sRun make test, or give its path in BROADSIDE_TEST_VERSITYGW.", err, &complaint)
	}
	return strings.TrimSpace(string(path))
}
