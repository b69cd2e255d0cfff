package main

import (
	"strings"
	"testing"
)

// kernelText is a function as the printer writes it.
func kernelText(requires string, body ...string) []byte {
	return []byte("// func f()\n// Requires: " + requires + "\nTEXT ·f(SB), NOSPLIT, $0\n\t" + strings.Join(body, "\n\t") + "\n")
}

func TestLint(t *testing.T) {
	for _, c := range []struct {
		what    string
		isa     *ISA
		text    []byte
		refused string // part of the message, or nothing where the text is right
	}{
		{"AVX2", avx2, kernelText("AVX, AVX2, FMA3", "VADDPD Y0, Y1, Y15", "VZEROUPPER", "RET"), ""},
		{"AVX-512", avx512, kernelText("AVX, AVX512F", "VADDPD Y16, Y17, Y31", "VZEROUPPER", "RET"), ""},
		{"two returns", avx2, kernelText("AVX", "JZ end", "VZEROUPPER", "RET", "end:", "VZEROUPPER", "RET"), ""},
		{"a label with a high number", avx2, kernelText("AVX", "JZ LY16_", "VZEROUPPER", "RET"), ""},
		{"Y16 in AVX2", avx2, kernelText("AVX", "VADDPD Y0, Y1, Y16", "VZEROUPPER", "RET"), "Y16"},
		{"Y29 in AVX2", avx2, kernelText("AVX", "VADDPD Y29, Y1, Y0", "VZEROUPPER", "RET"), "Y29"},
		{"X17 in AVX2", avx2, kernelText("AVX", "VMOVSD X17, ret+8(FP)", "VZEROUPPER", "RET"), "X17"},
		{"X31 in AVX2", avx2, kernelText("AVX", "VMOVSD (AX), X31", "VZEROUPPER", "RET"), "X31"},
		{"a masked load", avx2, kernelText("AVX", "VMASKMOVPS (AX), Y1, Y2", "VZEROUPPER", "RET"), ""},
		{"a masked store in AVX2", avx2, kernelText("AVX", "VMASKMOVPD Y2, Y1, 32(AX)", "VZEROUPPER", "RET"), "VMASKMOVPD"},
		{"no VZEROUPPER", avx512, kernelText("AVX512F", "VADDPD Z0, Z1, Z2", "RET"), "VZEROUPPER"},
		{"VZEROUPPER on one way out of two", avx2, kernelText("AVX", "JZ end", "VZEROUPPER", "RET", "end:", "RET"), "VZEROUPPER"},
		{"work after VZEROUPPER", avx2, kernelText("AVX", "VZEROUPPER", "VADDPD Y0, Y1, Y2", "RET"), "VZEROUPPER"},
		{"AVX-512 in AVX2", avx2, kernelText("AVX, AVX512F", "VZEROUPPER", "RET"), "AVX512F"},
		{"VL in AVX2", avx2, kernelText("AVX512VL", "VZEROUPPER", "RET"), "AVX512VL"},
		{"VBMI in AVX-512", avx512, kernelText("AVX512F, AVX512VBMI", "VZEROUPPER", "RET"), "AVX512VBMI"},
		{"the second function", avx2, append(kernelText("AVX", "VZEROUPPER", "RET"), kernelText("AVX512F", "VZEROUPPER", "RET")...), "AVX512F"},
	} {
		t.Run(c.what, func(t *testing.T) {
			err := lint(c.isa, c.text)
			if c.refused == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
				t.Errorf("error %v does not speak of %s", err, c.refused)
			}
		})
	}
}
