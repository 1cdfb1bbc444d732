package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Markers of a JPEG file: ITU-T T.81, table B.1.
const (
	markSOF0  = 0xc0
	markSOF1  = 0xc1
	markSOF2  = 0xc2
	markDHT   = 0xc4
	markRST0  = 0xd0
	markRST7  = 0xd7
	markSOI   = 0xd8
	markEOI   = 0xd9
	markSOS   = 0xda
	markDQT   = 0xdb
	markDRI   = 0xdd
	markAPP0  = 0xe0
	markAPP1  = 0xe1
	markAPP2  = 0xe2
	markAPP13 = 0xed
	markAPP14 = 0xee
)

// A segment is one part of a JPEG file.
type segment struct {
	marker byte
	body   []byte // without marker and length
	scan   []byte // what follows the header of a scan: its compressed data
}

// jpegFile is what a JPEG file is made of, without a look at its pixels.
type jpegFile struct {
	segments   []segment
	components []byte // their identifiers, as the frame header lists them
	scanned    []byte // the identifiers that the scans hold
	jfif       bool
	adobe      bool // there is an Adobe segment; transform is what it says
	transform  byte
}

var errJPEG = errors.New("the segments of the JPEG do not follow one another")

// parseJPEG splits a JPEG file up to its first end-of-image marker. The slices
// are parts of data. It is as lenient as decoders are about bytes between
// segments, none of which it returns.
func parseJPEG(data []byte) (*jpegFile, error) {
	j := &jpegFile{}
	for rest := data[min(2, len(data)):]; ; {
		at := bytes.IndexByte(rest, 0xff)
		if at < 0 || at+1 >= len(rest) {
			return nil, errJPEG
		}
		marker := rest[at+1]
		rest = rest[at+1:]
		switch {
		case marker == 0xff:
			continue
		case marker == 0, markRST0 <= marker && marker <= markRST7:
			rest = rest[1:]
			continue
		case marker == markEOI:
			return j, nil
		}
		if len(rest) < 3 {
			return nil, errJPEG
		}
		length := int(binary.BigEndian.Uint16(rest[1:]))
		if length < 2 || len(rest) < 1+length {
			return nil, errJPEG
		}
		s := segment{marker: marker, body: rest[3 : 1+length]}
		rest = rest[1+length:]
		if marker == markSOS {
			n := scanLength(rest)
			s.scan, rest = rest[:n], rest[n:]
		}
		j.add(s)
	}
}

// scanLength returns how far compressed data goes: to the next marker that is
// neither an escaped 0xff nor a restart.
func scanLength(data []byte) int {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != 0xff {
			continue
		}
		if next := data[i+1]; next != 0 && (next < markRST0 || markRST7 < next) {
			return i
		}
	}
	return len(data)
}

func (j *jpegFile) add(s segment) {
	j.segments = append(j.segments, s)
	switch {
	case s.marker == markAPP0 && bytes.HasPrefix(s.body, []byte("JFIF\x00")):
		j.jfif = true
	case s.marker == markAPP14 && len(s.body) >= 12 && bytes.HasPrefix(s.body, []byte("Adobe")):
		j.adobe, j.transform = true, s.body[11]
	case markSOF0 <= s.marker && s.marker <= markSOF2:
		for i := 6; i < len(s.body); i += 3 {
			j.components = append(j.components, s.body[i])
		}
	case s.marker == markSOS && len(s.body) > 0:
		for i := 1; i < len(s.body)-3; i += 2 {
			j.scanned = append(j.scanned, s.body[i])
		}
	}
}

// whole reports whether every component has a scan. A decoder does not miss
// one, and paints what is left in false colours.
func (j *jpegFile) whole() bool {
	for _, c := range j.components {
		if bytes.IndexByte(j.scanned, c) < 0 {
			return false
		}
	}
	return len(j.components) > 0
}

// isRGB reports whether three components are red, green and blue rather than
// luma and chroma. Decoders agree on this order of the evidence.
func (j *jpegFile) isRGB() bool {
	switch {
	case len(j.components) != 3 || j.jfif:
		return false
	case j.adobe:
		return j.transform == 0
	}
	return string(j.components) == "RGB"
}

var (
	// jfifHead says luma and chroma, square pixels, no thumbnail.
	jfifHead = segment{marker: markAPP0, body: []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")}
	// rgbHead says that the colours are not transformed.
	rgbHead = segment{marker: markAPP14, body: []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")}
	// needed lists the segments that decoding needs.
	needed = []byte{markSOF0, markSOF1, markSOF2, markDHT, markSOS, markDQT, markDRI}
)

// stripped returns the file with nothing in it but what decoding needs: tables,
// frame, scans. Their bytes are those of the original.
func (j *jpegFile) stripped() []byte {
	out := []byte{0xff, markSOI}
	head := jfifHead
	if j.isRGB() {
		head = rgbHead
	}
	out = head.append(out)
	for _, s := range j.segments {
		if bytes.IndexByte(needed, s.marker) >= 0 {
			out = s.append(out)
		}
	}
	return append(out, 0xff, markEOI)
}

func (s segment) append(out []byte) []byte {
	out = append(out, 0xff, s.marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(s.body)+2))
	out = append(out, s.body...)
	return append(out, s.scan...)
}

// keepJPEG makes a master of a JPEG without encoding it anew, or returns nil
// if it must be: it lies on its side, is meant for a press, or has colours
// that need their profile.
func keepJPEG(data []byte, orientation int) (*Master, error) {
	j, err := parseJPEG(data)
	if err == nil && !j.whole() {
		err = errors.New("a component has no scan")
	}
	if err != nil {
		c, _ := codecOf("jpeg")
		return nil, damaged(c, err)
	}
	if orientation > 1 || len(j.components) == 4 || j.colours() != nil {
		return nil, nil
	}
	kept := j.stripped()
	img, err := decode("jpeg", kept)
	if err != nil {
		return nil, err
	}
	size := img.Bounds().Size()
	return &Master{Data: kept, Format: "jpeg", Width: size.X, Height: size.Y, Colour: dominant(img)}, nil
}

// colours returns the profile that the file's colours need, or nil.
func (j *jpegFile) colours() *profile {
	if len(j.components) != 3 {
		return nil
	}
	return parseProfile(j.profile())
}

// profile returns the ICC profile that the file embeds, put together from its
// chunks as annex B.4 of ICC.1 says, or nil.
func (j *jpegFile) profile() []byte {
	const name = "ICC_PROFILE\x00"
	var profile []byte
	next := byte(1)
	for _, s := range j.segments {
		if s.marker != markAPP2 || !bytes.HasPrefix(s.body, []byte(name)) || len(s.body) < len(name)+2 {
			continue
		}
		if s.body[len(name)] != next {
			return nil
		}
		next++
		profile = append(profile, s.body[len(name)+2:]...)
	}
	return profile
}
