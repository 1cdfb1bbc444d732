package site

import (
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// forever tells caches that the bytes at this address never change.
const forever = "public, max-age=31536000, immutable"

// mediaFormats are the formats of pictures by the ending of their address.
var mediaFormats = map[string]struct{ format, mime string }{
	".jpg":  {"jpeg", "image/jpeg"},
	".webp": {"webp", "image/webp"},
}

// picture sends a picture in one of its widths: /media/{picture}/{width}.jpg.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	kind, ok := mediaFormats[path.Ext(name)]
	width, err := strconv.Atoi(strings.TrimSuffix(name, path.Ext(name)))
	if !ok || err != nil {
		return nothingAt()
	}
	f, err := s.Newsroom.Rendition(r.Context(), r.PathValue("picture"), width, kind.format)
	if err != nil {
		return err
	}
	defer f.Close()
	s.send(w, r, kind.mime, f)
	return nil
}

// file sends a sound, a film or a document that an article offers.
func (s *Site) file(w http.ResponseWriter, r *http.Request) error {
	info, f, err := s.Newsroom.File(r.Context(), r.PathValue("file"))
	if err != nil {
		return err
	}
	defer f.Close()
	if info.Name != r.PathValue("name") {
		return nothingAt()
	}
	if !strings.HasPrefix(info.MIME, "audio/") && !strings.HasPrefix(info.MIME, "video/") {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": info.Name}))
	}
	s.send(w, r, info.MIME, f)
	return nil
}

// send answers with bytes that never change, or with the part of them that was
// asked for. The entity tag is made of the address, which stands for them.
func (s *Site) send(w http.ResponseWriter, r *http.Request, contentType string, f io.ReadSeeker) {
	// A film on a slow line takes longer than a page may.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)) // where it cannot be set, the shorter one stays
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", forever)
	w.Header().Set("Etag", `"`+hex.EncodeToString([]byte(path.Base(r.URL.Path)))+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
}
