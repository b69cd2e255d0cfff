package kernels

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
)

// everyKernel is a table with each instruction set, as no real build has it.
var everyKernel = []asm.Kernel{{ISA: asm.AVX512}, {ISA: asm.AVX2}, {ISA: asm.NEON}, {ISA: asm.GO}}

// machines are what real processors and systems report.
var machines = []struct {
	name string
	features
	best asm.ISA
}{
	{"Nehalem: SSE4.2", features{}, asm.GO},
	{"Sandy Bridge: AVX alone", features{}, asm.GO},
	{"Piledriver: FMA without AVX2", features{FMA: true}, asm.GO},
	{"VIA Eden X4: AVX2 without FMA", features{AVX2: true}, asm.GO},
	{"Haswell", features{AVX2: true, FMA: true}, asm.AVX2},
	{"Zen 2", features{AVX2: true, FMA: true}, asm.AVX2},
	{"Alder Lake: AVX-512 fused off", features{AVX2: true, FMA: true}, asm.AVX2},
	{"Knights Landing: AVX-512 F, no BW, DQ, VL", features{AVX2: true, FMA: true, AVX512F: true, OSAVX512: true}, asm.AVX2},
	{"Skylake-X", allX86, asm.AVX512},
	{"Zen 5", allX86, asm.AVX512},
	{"a hypervisor that hides the ZMM state", hide(func(f *features) { f.OSAVX512 = false }), asm.AVX2},
	{"a hypervisor that hides AVX512VL", hide(func(f *features) { f.AVX512VL = false }), asm.AVX2},
	{"a hypervisor that hides AVX512DQ", hide(func(f *features) { f.AVX512DQ = false }), asm.AVX2},
	{"a hypervisor that hides AVX512BW", hide(func(f *features) { f.AVX512BW = false }), asm.AVX2},
	{"a hypervisor that hides AVX512F", hide(func(f *features) { f.AVX512F = false }), asm.AVX2},
	{"GODEBUG=cpu.avx2=off on Skylake-X", hide(func(f *features) { f.AVX2 = false }), asm.GO},
	{"GODEBUG=cpu.fma=off on Skylake-X", hide(func(f *features) { f.FMA = false }), asm.GO},
	{"Rosetta before macOS 15: no AVX", features{}, asm.GO},
	{"Rosetta from macOS 15 on", features{AVX2: true, FMA: true}, asm.AVX2},
	{"Cortex-A53", features{ASIMD: true}, asm.NEON},
	{"Neoverse N1", features{ASIMD: true}, asm.NEON},
	{"Apple M1", features{ASIMD: true}, asm.NEON},
	{"arm64 without SIMD", features{}, asm.GO},
}

var allX86 = features{
	AVX2: true, FMA: true,
	AVX512F: true, AVX512DQ: true, AVX512BW: true, AVX512VL: true, OSAVX512: true,
}

// hide takes something from a machine with AVX-512.
func hide(what func(*features)) features {
	f := allX86
	what(&f)
	return f
}

func TestMachines(t *testing.T) {
	for _, m := range machines {
		list := available(m.features, everyKernel)
		require.Equal(t, m.features.supported(), list, m.name)
		require.Equal(t, asm.GO, list[0], "%s: the kernels in Go run everywhere", m.name)
		best, err := choose(list, "")
		require.NoError(t, err, m.name)
		require.Equal(t, m.best, best, m.name)
	}
}

// TestOverrideOnMachines: LANES_ISA takes any set that the machine has, and
// for others names those that it has.
func TestOverrideOnMachines(t *testing.T) {
	for _, m := range machines {
		list := available(m.features, everyKernel)
		for isa := asm.GO; isa <= asm.AVX512; isa++ {
			got, err := choose(list, isa.String())
			if slices.Contains(list, isa) {
				require.NoError(t, err, m.name)
				require.Equal(t, isa, got, m.name)
				continue
			}
			require.ErrorContains(t, err, `LANES_ISA="`+isa.String()+`" is not available here`, m.name)
			for _, has := range list {
				require.ErrorContains(t, err, has.String(), m.name)
			}
		}
	}
}

func TestRefusal(t *testing.T) {
	_, err := choose([]asm.ISA{asm.GO, asm.AVX2}, "avx512")
	require.EqualError(t, err, `LANES_ISA="avx512" is not available here; available: go, avx2`)
	for _, unknown := range []string{"AVX2", "sse2", " go", "avx2,go"} {
		_, err := choose([]asm.ISA{asm.GO}, unknown)
		require.ErrorContains(t, err, "available: go", unknown)
	}
}

// TestBuildWithout: a machine with everything runs only what is in the build.
func TestBuildWithout(t *testing.T) {
	f := allX86
	f.ASIMD = true
	require.Equal(t, []asm.ISA{asm.GO}, available(f, goTable))
	require.Equal(t, []asm.ISA{asm.GO, asm.AVX2}, available(f, append([]asm.Kernel{{ISA: asm.AVX2}}, goTable...)))
}

// optional are the operations that an instruction set may lack: their callers
// ask the table.
var optional = []string{"gemmtiny", "rowmax", "gemvnt", "ger", "tridiag", "ormtr", "qlsweep", "rotrows", "qd", "turns", "waxpy", "narrow", "addwide", "symjacobi", "jacobi", "lanejacobi", "lanerayleigh"}

// TestTableIsComplete: whatever is chosen has every other operation that the
// kernels in Go have, or a call would find none.
func TestTableIsComplete(t *testing.T) {
	for _, s := range available(detect(), allKernels()) {
		var ops, want []string
		for _, k := range allKernels() {
			if slices.Contains(optional, k.Op) {
				continue
			}
			if k.ISA == s {
				ops = append(ops, k.Op+" "+k.Elem)
			}
			if k.ISA == asm.GO {
				want = append(want, k.Op+" "+k.Elem)
			}
		}
		require.ElementsMatch(t, want, ops, s.String())
	}
}
