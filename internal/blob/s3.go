package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"example.org/broadside"
)

// retries is how often a request is tried. More would only keep a reader
// waiting: whoever can wait longer is a job, and jobs try again.
const retries = 3

// S3Config names a bucket and how to reach it.
type S3Config struct {
	Endpoint  string // host, or host:port, without https://
	Bucket    string // must exist
	Prefix    string // put before every name, such as "paper/"; may be empty
	AccessKey string
	SecretKey string
	Region    string // empty: asked of the server
	Insecure  bool   // plain HTTP, for a server on the same machine
}

// An S3 keeps blobs as objects in a bucket of any server that speaks the S3
// protocol. While the server is away its methods give
// [broadside.Unavailable].
type S3 struct {
	client         *minio.Client
	bucket, prefix string
}

// OpenS3 connects to the bucket and sees that it is there. It gives
// [broadside.Invalid] if the configuration cannot be right, and
// [broadside.Unavailable] if the server does not answer or refuses the keys.
func OpenS3(ctx context.Context, c S3Config) (*S3, error) {
	if c.Endpoint == "" || c.Bucket == "" {
		return nil, broadside.Errorf(broadside.Invalid, "The S3 storage needs an endpoint, such as s3.example.org, and the name of a bucket.")
	}
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:     !c.Insecure,
		Region:     c.Region,
		MaxRetries: retries,
	})
	if err != nil {
		return nil, &broadside.Error{Kind: broadside.Invalid, Err: err,
			Public: fmt.Sprintf("The S3 endpoint %q must be a host, or host:port, without https:// and without a path.", c.Endpoint)}
	}
	s := &S3{client: client, bucket: c.Bucket, prefix: c.Prefix}
	there, err := client.BucketExists(ctx, c.Bucket)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", c.Bucket, s.explain(err))
	}
	if !there {
		return nil, broadside.Errorf(broadside.Invalid, "There is no bucket %q on the S3 server %s: make it, or correct the name.", c.Bucket, c.Endpoint)
	}
	return s, nil
}

func (s *S3) key(name string) string { return s.prefix + name }

// Put implements [Store]. It writes the bytes to a temporary file first, since
// the name and the length must be known before the first byte is sent.
func (s *S3) Put(ctx context.Context, r io.Reader) (name string, size int64, err error) {
	f, err := os.CreateTemp("", "broadside-blob-")
	if err != nil {
		return "", 0, fmt.Errorf("new blob: %w", plain(err))
	}
	defer func() {
		// The file was only a copy of what was sent.
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	if name, size, err = copyHashed(ctx, f, r); err != nil {
		return "", 0, fmt.Errorf("new blob: %w", plain(err))
	}
	if err := s.send(ctx, name, size, f); err != nil {
		return "", 0, err
	}
	return name, size, nil
}

func (s *S3) send(ctx context.Context, name string, size int64, f *os.File) error {
	there, err := s.Size(ctx, name)
	if err == nil && there == size {
		return nil
	}
	if err != nil && broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("new blob: %w", err)
	}
	opt := minio.PutObjectOptions{ContentType: "application/octet-stream"}
	if _, err := s.client.PutObject(ctx, s.bucket, s.key(name), f, size, opt); err != nil {
		return fmt.Errorf("storing blob %s: %w", name, s.explain(err))
	}
	return nil
}

// Open implements [Store]. What it returns reads over the network, so reading
// and seeking may give [broadside.Unavailable].
func (s *S3) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, s.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, s.about(name, err)
	}
	if _, err := o.Stat(); err != nil {
		return nil, errors.Join(s.about(name, err), o.Close())
	}
	return &object{o, s, name}, nil
}

// An object is a blob of an S3 that is being read.
type object struct {
	*minio.Object
	s    *S3
	name string
}

func (o *object) Read(p []byte) (int, error) {
	n, err := o.Object.Read(p)
	if err != nil && err != io.EOF {
		err = o.s.about(o.name, err)
	}
	return n, err
}

func (o *object) Seek(offset int64, whence int) (int64, error) {
	n, err := o.Object.Seek(offset, whence)
	if err != nil {
		return n, o.s.about(o.name, err)
	}
	return n, nil
}

// Size implements [Store].
func (s *S3) Size(ctx context.Context, name string) (int64, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, s.key(name), minio.StatObjectOptions{})
	if err != nil {
		return 0, s.about(name, err)
	}
	return info.Size, nil
}

// Delete implements [Store].
func (s *S3) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, s.key(name), minio.RemoveObjectOptions{})
	if err := s.about(name, err); err != nil && broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	return nil
}

// Walk implements [Store]. Objects that are not blobs are passed over.
func (s *S3) Walk(ctx context.Context, f func(name string, size int64) error) error {
	opt := minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}
	for o := range s.client.ListObjectsIter(ctx, s.bucket, opt) {
		if o.Err != nil {
			return fmt.Errorf("listing blobs: %w", s.explain(o.Err))
		}
		name := strings.TrimPrefix(o.Key, s.prefix)
		if !isName(name) {
			continue
		}
		if err := f(name, o.Size); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Check implements [Store].
func (s *S3) Check(ctx context.Context, name string) error { return check(ctx, s, name) }

// about explains an error of a request that concerned one blob.
func (s *S3) about(name string, err error) error {
	if err == nil {
		return nil
	}
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return notFound(name)
	}
	return fmt.Errorf("blob %s: %w", name, s.explain(err))
}

// explain turns what stands between us and the bucket into
// [broadside.Unavailable]: the network, the server's bad day, keys that were
// changed. What the caller has done itself, such as ending the context, passes.
func (s *S3) explain(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	what := "does not answer: see whether it runs and can be reached"
	if answer, ok := errors.AsType[minio.ErrorResponse](err); ok {
		switch {
		case answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusUnauthorized:
			what = "refuses the access key: see whether it is right and may use the bucket"
		case answer.Code == minio.NoSuchBucket:
			what = "has no such bucket any more: make it again and put its files back from a backup"
		default:
			what = "could not do it: try again in a while"
		}
	}
	return &broadside.Error{Kind: broadside.Unavailable, Err: err,
		Public: fmt.Sprintf("The storage at %s %s.", s.client.EndpointURL().Host, what)}
}
