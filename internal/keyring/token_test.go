package keyring

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestALinkCarriesItsValueUntilItExpires(t *testing.T) {
	k := fixed(1)
	for _, value := range []string{"", "01932b1e", "ana@example.org", "اسم", "\x00\xff"} {
		token := k.Sign("confirm", value, noon)
		if url.PathEscape(token) != token || url.QueryEscape(token) != token {
			t.Errorf("token %q cannot stand in an address as it is", token)
		}
		got, err := k.Verify("confirm", token, noon.Add(-time.Millisecond))
		if err != nil || got != value {
			t.Errorf("Verify just before noon = %q, %v, want %q", got, err, value)
		}
		_, err = k.Verify("confirm", token, noon)
		wantKind(t, "Verify at noon", err, broadside.Gone)
	}
}

func TestForgedLinksAreRefused(t *testing.T) {
	k := fixed(1)
	token := k.Sign("confirm", "ana", noon)
	before := noon.Add(-time.Hour)

	_, err := k.Verify("unsubscribe", token, before)
	wantKind(t, "Verify for another purpose", err, broadside.Denied)
	_, err = fixed(2).Verify("confirm", token, before)
	wantKind(t, "Verify with another paper's keys", err, broadside.Denied)

	for _, forged := range []string{"", "x", "====", token + "A", token + "\n", "\n" + token, token + "=", strings.Repeat("A", 32), strings.ToLower(token)} {
		_, err := k.Verify("confirm", forged, before)
		wantKind(t, "Verify "+forged, err, broadside.Denied)
	}
	for i := range token {
		_, err := k.Verify("confirm", token[:i], before)
		wantKind(t, "Verify of a token cut off", err, broadside.Denied)
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		_, err = k.Verify("confirm", token[:i]+string(other)+token[i+1:], before)
		wantKind(t, "Verify of a token with one letter changed", err, broadside.Denied)
	}
}

// A forged token must not say whether it would have expired.
func TestAForgedLinkIsDeniedEvenWhenItIsOld(t *testing.T) {
	_, err := fixed(1).Verify("confirm", fixed(2).Sign("confirm", "ana", noon), noon.Add(time.Hour))
	wantKind(t, "Verify", err, broadside.Denied)
}

func FuzzVerify(f *testing.F) {
	k := fixed(1)
	f.Add(k.Sign("confirm", "ana", noon))
	f.Add(fixed(2).Sign("confirm", "ana", noon))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		value, err := k.Verify("confirm", token, noon.Add(-time.Hour))
		if err != nil {
			return
		}
		// Whatever is accepted was signed here: its own parts make it again.
		raw, _ := decodeToken(token)
		if again := k.Sign("confirm", value, expiry(raw)); again != token {
			t.Errorf("Verify accepts %q, which Sign writes as %q", token, again)
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	k := fixed(1)
	sealed, err := k.Encrypt("original", []byte("a name"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte{})
	f.Add(make([]byte, 40))
	f.Fuzz(func(t *testing.T, data []byte) {
		if plain, err := k.Decrypt("original", data); err == nil && string(plain) != "a name" {
			t.Errorf("Decrypt made %q of bytes that nobody encrypted", plain)
		}
	})
}
