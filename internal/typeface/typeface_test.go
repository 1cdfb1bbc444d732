package typeface

import (
	"bytes"
	"testing"

	"github.com/go-text/typesetting/font"
)

// Each face holds what its readers write with, in a file of modest size.
func TestData(t *testing.T) {
	const (
		latin    = "Aaéßøłőșığəœ0123456789.,:;!?–—‑…“”‘’„«»†‡→№%‰€£₸₽"
		cyrillic = "АаЯяЁёІіЇїЄєҐґЎўӘәҒғҚқҢңӨөҰұҮүҺһҲҳҶҷӢӣӮӯЂђЉљЊњЋћЏџ\u0301"
		arabic   = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىةپچژگکیٹڈڑںےۇۋە٠١٢۰۱۲،؛؟\u064b\u0651"
	)
	tests := []struct {
		face Face
		want string
	}{
		{Head700, latin + cyrillic}, {Head900, latin + cyrillic}, {Text400, latin + cyrillic}, {Naskh700, arabic + " \u00a0"},
	}
	for _, tt := range tests {
		data := Data(tt.face)
		if len(data) == 0 || len(data) > 200_000 {
			t.Errorf("face %d is %d bytes long", tt.face, len(data))
		}
		f, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("face %d: %v", tt.face, err)
		}
		for _, r := range tt.want {
			if _, ok := f.NominalGlyph(r); !ok {
				t.Errorf("face %d lacks %q", tt.face, r)
			}
		}
	}
	if Data(-1) != nil || Data(99) != nil {
		t.Error("a face that does not exist has a file")
	}
}
