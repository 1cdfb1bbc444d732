package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"example.org/broadside"
)

// A token is, in base64: the expiry in Unix milliseconds as eight bytes with
// the highest first, the value, and the tag, which covers both.
const (
	expirySize = 8
	tagSize    = 16 // RFC 2104, section 5, permits to cut the HMAC to its half
)

// tokenText is strict, so that a token has one spelling only.
var tokenText = base64.RawURLEncoding.Strict()

func (k *Keyring) tag(purpose string, signed []byte) []byte {
	h := hmac.New(sha256.New, k.derive("sign", purpose))
	h.Write(signed)
	return h.Sum(nil)[:tagSize]
}

// Sign returns a token for a link that carries value until expires. It holds
// only letters, digits, hyphens and underlines, and anybody can read the value
// in it. It returns "", which [Keyring.Verify] refuses, if purpose is empty.
func (k *Keyring) Sign(purpose, value string, expires time.Time) string {
	if purpose == "" {
		return ""
	}
	signed := make([]byte, 0, expirySize+len(value)+tagSize)
	signed = binary.BigEndian.AppendUint64(signed, uint64(expires.UnixMilli()))
	signed = append(signed, value...)
	return tokenText.EncodeToString(append(signed, k.tag(purpose, signed)...))
}

// Verify returns the value that [Keyring.Sign] put into the token for the same
// purpose. A token that was not made so gives [broadside.Denied]; one that was,
// but has expired by now, gives [broadside.Gone].
func (k *Keyring) Verify(purpose, token string, now time.Time) (value string, err error) {
	if err := checkPurpose(purpose); err != nil {
		return "", err
	}
	raw, ok := decodeToken(token)
	if !ok {
		return "", notOurs()
	}
	signed, tag := raw[:len(raw)-tagSize], raw[len(raw)-tagSize:]
	if !hmac.Equal(tag, k.tag(purpose, signed)) {
		return "", notOurs()
	}
	if !now.Before(expiry(raw)) {
		return "", broadside.Errorf(broadside.Gone, "This link has expired. Please ask for a new one.")
	}
	return string(signed[expirySize:]), nil
}

func decodeToken(token string) (raw []byte, ok bool) {
	raw, err := tokenText.DecodeString(token)
	if err != nil || len(raw) < expirySize+tagSize {
		return nil, false
	}
	// The decoder passes over line breaks; a token has none.
	return raw, len(token) == tokenText.EncodedLen(len(raw))
}

func expiry(raw []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(raw)))
}

func notOurs() error {
	return broadside.Errorf(broadside.Denied, "This link is not complete, or it is not one of ours. Please copy all of it from the message it came in.")
}
