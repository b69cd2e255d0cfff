package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOverride(t *testing.T) {
	specs := slices.Clone(Specs)
	o := override{"gemm_avx512_f64", []byte(`{"MR": 6, "NV": 4, "KC": 100}`)}
	if err := o.apply(specs); err != nil {
		t.Fatal(err)
	}
	if s := specs[0]; s.Name() != "gemm_avx512_f64_6x32" || s.KC != 100 || s.MC != Specs[0].MC || s.amd64 == nil {
		t.Errorf("the row became %+v", s)
	}
	for i := range specs[1:] {
		if specs[i+1].Name() != Specs[i+1].Name() {
			t.Errorf("%s changed too", Specs[i+1].Name())
		}
	}
}

func TestBadOverrides(t *testing.T) {
	for want, text := range map[string]string{
		"no such row":           `[{"kernel": "gemm_avx1024_f64", "set": {}}]`,
		`unknown field "MX"`:    `[{"kernel": "gemm_avx512_f64", "set": {"MX": 1}}]`,
		`unknown field "Op"`:    `[{"kernel": "gemm_avx512_f64", "set": {"Op": "axpy"}}]`,
		`unknown field "name"`:  `[{"name": "gemm_avx512_f64"}]`,
		"KC 32 is less than 64": `[{"kernel": "gemm_avx512_f64", "set": {"KC": 32}}]`,
		"a tile of 14×3 vectors needs 46 registers of 32": `[{"kernel": "gemm_avx512_f64", "set": {"MR": 14}}]`,
	} {
		saved := slices.Clone(Specs)
		file := filepath.Join(t.TempDir(), "o.json")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := applyOverrides(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		copy(Specs, saved)
	}
}

// TestTrialTiles assembles tiles that the table does not hold: panels taller
// than one register addresses, and one that leaves AVX2 no register for a mask.
func TestTrialTiles(t *testing.T) {
	for _, o := range []override{
		{"gemm_avx512_f64", []byte(`{"MR": 14, "NV": 2}`)},
		{"gemm_avx512_f32", []byte(`{"MR": 6, "NV": 4}`)},
		{"gemm_avx2_f64", []byte(`{"MR": 4, "NV": 3}`)},
		{"gemm_avx2_f32", []byte(`{"MR": 4, "NV": 3}`)},
	} {
		specs := slices.Clone(Specs)
		if err := o.apply(specs); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(Specs, func(s Spec) bool { return s.Op+"_"+s.ISA.Name+"_"+s.Elem.Name == o.Kernel })
		text, err := assemble(specs[i : i+1])
		if err == nil {
			err = lint(specs[i].ISA, text)
		}
		if err != nil {
			t.Errorf("%s: %v", specs[i].Name(), err)
		}
	}
}
