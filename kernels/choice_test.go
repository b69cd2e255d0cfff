package kernels

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
)

// skylakeX answers CPUID as that processor does, as far as detection asks.
func skylakeX(leaf, sub uint32) (eax, ebx, ecx, edx uint32) {
	switch leaf {
	case 0:
		return 0x16, 0, 0, 0
	case 1:
		return 0, 0, 1 << 12, 0
	case 7:
		return 0, 1<<5 | 1<<16 | 1<<17 | 1<<30 | 1<<31, 0, 0
	}
	return 0, 0, 0, 0
}

func noCPUID(leaf, sub uint32) (eax, ebx, ecx, edx uint32) { return }

// TestExplainMachines: a set is available exactly where detection says so, and
// what is not says what it lacks.
func TestExplainMachines(t *testing.T) {
	for _, m := range machines {
		c := explain(m.features, everyKernel, m.best, "", "", noCPUID)
		require.Equal(t, m.best.String(), c.ISA, m.name)
		require.Equal(t, "the best available", c.Reason, m.name)
		require.Empty(t, c.Withheld, m.name)
		var names, got []string
		for _, s := range m.features.supported() {
			names = append(names, s.String())
		}
		for _, s := range c.Sets {
			require.True(t, s.InBuild, m.name)
			require.Equal(t, s.Available, len(s.Lacks) == 0, "%s: %s", m.name, s.ISA)
			if s.Available {
				got = append(got, s.ISA)
			}
		}
		require.Equal(t, names, got, m.name)
	}
}

// TestExplainWithheld: a system without ZMM state, or GODEBUG, hides what
// CPUID has.
func TestExplainWithheld(t *testing.T) {
	f := features{AVX2: true, FMA: true}
	c := explain(f, everyKernel, asm.AVX2, "", "cpu.avx512=off,madvdontneed=1", skylakeX)
	require.Equal(t, []string{"AVX2", "FMA"}, c.Features)
	require.Equal(t, []string{"AVX512F", "AVX512DQ", "AVX512BW", "AVX512VL"}, c.Withheld)
	require.Equal(t, "the best available, under GODEBUG=cpu.avx512=off", c.Reason)
	require.Equal(t, []string{"AVX512F", "AVX512DQ", "AVX512BW", "AVX512VL", "ZMM saved by the system"}, c.Sets[asm.AVX512].Lacks)
	require.Contains(t, c.String(), "withheld by the system or GODEBUG: AVX512F")
	require.Contains(t, c.String(), "avx512: lacks AVX512F")
}

func TestExplainOverride(t *testing.T) {
	c := explain(allX86, goTable, asm.GO, "go", "", skylakeX)
	require.Equal(t, "LANES_ISA=go", c.Reason)
	for _, s := range c.Sets {
		require.Equal(t, s.ISA == "go", s.InBuild, s.ISA)
		require.Equal(t, s.ISA == "go", s.Available, s.ISA)
	}
	require.Contains(t, c.String(), "avx2: not in this build for ")
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.Contains(t, string(text), `{"isa":"go","reason":"LANES_ISA=go","sets":[{"isa":"go","available":true,"in_build":true}`)
}

// TestChosen: what is in use is available, and says so.
func TestChosen(t *testing.T) {
	c := Chosen()
	require.Equal(t, ISA(), c.ISA)
	require.True(t, c.Sets[isa].Available)
	for _, name := range c.Withheld {
		require.NotContains(t, c.Features, name)
	}
}
