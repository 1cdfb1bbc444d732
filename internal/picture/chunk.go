package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// maxNotes is how much of a file's notes is read, in bytes. More is not the
// work of a person.
const maxNotes = 1 << 20

// pngChunk returns the content of the first chunk of that kind whose content
// begins with head, or nil.
func pngChunk(data []byte, kind, head string) []byte {
	for i := 8; i+12 <= len(data); {
		n := uint64(binary.BigEndian.Uint32(data[i:]))
		if n > uint64(len(data)-i-12) {
			return nil
		}
		content := data[i+8 : i+8+int(n)]
		if string(data[i+4:i+8]) == kind && bytes.HasPrefix(content, []byte(head)) {
			return content
		}
		i += 12 + int(n)
	}
	return nil
}

// riffChunk returns the content of the first chunk of that kind in a WebP
// file, or nil.
func riffChunk(data []byte, kind string) []byte {
	for i := 12; i+8 <= len(data); {
		n := uint64(binary.LittleEndian.Uint32(data[i+4:]))
		if n > uint64(len(data)-i-8) {
			return nil
		}
		if string(data[i:i+4]) == kind {
			return data[i+8 : i+8+int(n)]
		}
		i += 8 + int(n+n%2)
	}
	return nil
}

// inflate returns what zlib compressed, or nil if that is damaged or too long.
func inflate(data []byte) []byte {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, maxNotes+1))
	if err != nil || len(out) > maxNotes {
		return nil
	}
	return out
}
