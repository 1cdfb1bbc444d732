// Package keyring holds the paper's keys: it encrypts what is stored, makes
// hashes that nobody can guess at without the key, and signs the links that a
// paper mails out. All keys come from one master key, made once and kept in a
// file outside the database, so that a copy of the database alone opens
// nothing.
//
// It is not for passwords, which need a slow hash, nor for the signatures of
// the public record, which others must be able to verify.
//
// Every use names its purpose, such as "original picture". A purpose has keys of
// its own: what was made for one is worthless for another. An empty purpose is
// a programming error. A Keyring is safe for concurrent use, and processes that
// opened the same file understand one another.
package keyring

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"example.org/broadside"
)

// keySize is the length of the master key and of every derived one, in bytes.
// [Keyring.derive] relies on its being that of one SHA-256.
const keySize = sha256.Size

// A Keyring holds the master key. Get one from [Open].
type Keyring struct {
	master [keySize]byte
	prk    []byte // what HKDF extracts from the master key
}

func newKeyring(master [keySize]byte) *Keyring {
	extract := hmac.New(sha256.New, make([]byte, sha256.Size))
	extract.Write(master[:])
	return &Keyring{master: master, prk: extract.Sum(nil)}
}

// String returns a fixed word, lest a key be printed into a log.
func (*Keyring) String() string { return "keyring" }

// GoString returns a fixed word, lest a key be printed into a log.
func (*Keyring) GoString() string { return "keyring" }

// derive returns the key of one use for one purpose: HKDF-SHA-256 of RFC 5869
// without salt. For 32 bytes its section 2.3 needs a single block.
func (k *Keyring) derive(use, purpose string) []byte {
	expand := hmac.New(sha256.New, k.prk)
	fmt.Fprintf(expand, "broadside 1 %s %s\x01", use, purpose)
	return expand.Sum(nil)
}

func checkPurpose(purpose string) error {
	if purpose == "" {
		return broadside.Errorf(broadside.Internal, "A key was asked for without a purpose; this is a mistake in the program.")
	}
	return nil
}

// Encrypt returns plaintext encrypted and authenticated with
// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 24 bytes of random nonce,
// then the ciphertext, 16 bytes longer than the plaintext. The same plaintext
// looks different every time.
func (k *Keyring) Encrypt(purpose string, plaintext []byte) ([]byte, error) {
	if err := checkPurpose(purpose); err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(k.derive("encrypt", purpose))
	if err != nil {
		return nil, fmt.Errorf("cipher for %s: %w", purpose, err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plaintext)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plaintext, []byte(purpose)), nil
}

// Decrypt returns what [Keyring.Encrypt] was given for the same purpose. It
// gives a [broadside.Internal] error if ciphertext was made with other keys,
// for another purpose, or has changed by a single bit.
func (k *Keyring) Decrypt(purpose string, ciphertext []byte) ([]byte, error) {
	if err := checkPurpose(purpose); err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(k.derive("encrypt", purpose))
	if err != nil {
		return nil, fmt.Errorf("cipher for %s: %w", purpose, err)
	}
	if len(ciphertext) < aead.NonceSize()+aead.Overhead() {
		return nil, broadside.Errorf(broadside.Internal, "What was stored encrypted (%s) is damaged: its %d bytes are too few.", purpose, len(ciphertext))
	}
	nonce, sealed := ciphertext[:aead.NonceSize()], ciphertext[aead.NonceSize():]
	plaintext, err := aead.Open(nil, nonce, sealed, []byte(purpose))
	if err != nil {
		return nil, broadside.Errorf(broadside.Internal,
			"What was stored encrypted (%s) cannot be read: it is damaged, or the paper's keys are not those it was encrypted with.", purpose)
	}
	return plaintext, nil
}

// Hash returns the HMAC-SHA-256 (RFC 2104) of data, 32 bytes: the same for the
// same data and purpose, and of no use to whoever has no key. It returns nil if
// purpose is empty.
func (k *Keyring) Hash(purpose string, data []byte) []byte {
	if purpose == "" {
		return nil
	}
	h := hmac.New(sha256.New, k.derive("hash", purpose))
	h.Write(data)
	return h.Sum(nil)
}
