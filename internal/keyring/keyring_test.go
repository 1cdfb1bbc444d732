package keyring

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
)

// fixed returns a keyring whose keys are known to the test.
func fixed(first byte) *Keyring {
	return newKeyring([keySize]byte{first, 1, 2, 3})
}

func wantKind(t *testing.T, call string, err error, want broadside.Kind) {
	t.Helper()
	if err == nil || broadside.KindOf(err) != want {
		t.Errorf("%s: got error %v of kind %s, want %s", call, err, broadside.KindOf(err), want)
	}
}

// The standard library's HKDF is the judge of ours.
func TestKeysAreDerivedAsRFC5869Says(t *testing.T) {
	k := fixed(7)
	want, err := hkdf.Key(sha256.New, k.master[:], nil, "broadside 1 hash subscriber", keySize)
	if err != nil {
		t.Fatal(err)
	}
	if got := k.derive("hash", "subscriber"); !bytes.Equal(got, want) {
		t.Errorf("derive = %x, want %x", got, want)
	}
	h := hmac.New(sha256.New, want)
	h.Write([]byte("ana@example.org"))
	if got := k.Hash("subscriber", []byte("ana@example.org")); !bytes.Equal(got, h.Sum(nil)) {
		t.Errorf("Hash = %x, want %x", got, h.Sum(nil))
	}
}

// A later version that derived other keys could not read what this one wrote.
func TestKeysNeverChange(t *testing.T) {
	k := fixed(7)
	if got, want := fmt.Sprintf("%x", k.Hash("golden", []byte("x"))), goldenHash; got != want {
		t.Errorf("Hash = %s, want %s", got, want)
	}
	if got, want := k.Sign("golden", "x", time.UnixMilli(1_800_000_000_000)), goldenToken; got != want {
		t.Errorf("Sign = %s, want %s", got, want)
	}
	plain, err := k.Decrypt("golden", unhex(t, goldenCiphertext))
	if err != nil || string(plain) != "x" {
		t.Errorf("Decrypt = %q, %v, want x", plain, err)
	}
}

func TestWhatIsEncryptedComesBack(t *testing.T) {
	k := fixed(1)
	for _, plain := range []string{"", "a", strings.Repeat("picture ", 10_000)} {
		sealed, err := k.Encrypt("original", []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		if len(plain) > 8 && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("the ciphertext of %d bytes holds them in the clear", len(plain))
		}
		got, err := k.Decrypt("original", sealed)
		if err != nil || string(got) != plain {
			t.Errorf("Decrypt of %d bytes = %d bytes, %v", len(plain), len(got), err)
		}
	}
	first, _ := k.Encrypt("original", []byte("the same"))
	second, _ := k.Encrypt("original", []byte("the same"))
	if bytes.Equal(first, second) {
		t.Error("the same plaintext looks the same twice")
	}
}

func TestDecryptRefusesWhatChanged(t *testing.T) {
	k := fixed(1)
	sealed, err := k.Encrypt("original", []byte("a name"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		harmed := bytes.Clone(sealed)
		harmed[i] ^= 1
		_, err := k.Decrypt("original", harmed)
		wantKind(t, fmt.Sprintf("Decrypt with byte %d changed", i), err, broadside.Internal)
		_, err = k.Decrypt("original", sealed[:i])
		wantKind(t, fmt.Sprintf("Decrypt of %d bytes", i), err, broadside.Internal)
	}
	_, err = k.Decrypt("portrait", sealed)
	wantKind(t, "Decrypt for another purpose", err, broadside.Internal)
	_, err = fixed(2).Decrypt("original", sealed)
	wantKind(t, "Decrypt with another paper's keys", err, broadside.Internal)
}

func TestHashesDependOnKeyAndPurpose(t *testing.T) {
	seen := map[string]string{}
	for _, first := range []byte{1, 2} {
		for _, purpose := range []string{"a", "b", "ab"} {
			for _, data := range []string{"", "a", "b"} {
				name := fmt.Sprintf("keys %d, purpose %s, data %q", first, purpose, data)
				h := string(fixed(first).Hash(purpose, []byte(data)))
				if len(h) != 32 {
					t.Errorf("%s: %d bytes, want 32", name, len(h))
				}
				if other := seen[h]; other != "" {
					t.Errorf("%s and %s hash alike", name, other)
				}
				seen[h] = name
			}
		}
	}
}

func TestAPurposeIsNeverEmpty(t *testing.T) {
	k := fixed(1)
	_, err := k.Encrypt("", []byte("x"))
	wantKind(t, "Encrypt", err, broadside.Internal)
	_, err = k.Decrypt("", make([]byte, 100))
	wantKind(t, "Decrypt", err, broadside.Internal)
	_, err = k.Verify("", k.Sign("link", "x", time.Now().Add(time.Hour)), time.Now())
	wantKind(t, "Verify", err, broadside.Internal)
	if got := k.Hash("", nil); got != nil {
		t.Errorf("Hash = %x, want nil", got)
	}
	if got := k.Sign("", "x", time.Now()); got != "" {
		t.Errorf("Sign = %q, want nothing", got)
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	k, err := Open(filepath.Join(t.TempDir(), "keyring"))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, k); got != "keyring" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}
