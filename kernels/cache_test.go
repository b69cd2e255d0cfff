package kernels

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/asm"
)

// fakeCaches answers as a processor with these caches would.
func fakeCaches(leaf uint32, caches [][3]uint32) func(leaf, sub uint32) (eax, ebx, ecx, edx uint32) {
	return func(l, sub uint32) (eax, ebx, ecx, edx uint32) {
		switch {
		case l == leaf&(1<<31):
			return leaf, 0, 0, 0
		case l == leaf && int(sub) < len(caches):
			c := caches[sub] // level and kind, ways, sets; lines of 64 bytes
			return c[0], (c[1]-1)<<22 | 63, c[2] - 1, 0
		}
		return 0, 0, 0, 0
	}
}

func TestCacheSize(t *testing.T) {
	const data, code, both = 1, 2, 3
	caches := [][3]uint32{{1<<5 | data, 12, 64}, {1<<5 | code, 8, 64}, {2<<5 | both, 16, 2048}, {3<<5 | both, 15, 1 << 15}}
	for _, leaf := range []uint32{4, 0x8000001d} {
		cpuid := fakeCaches(leaf, caches)
		require.Equal(t, 48<<10, cacheSize(leaf, 1, cpuid))
		require.Equal(t, 2<<20, cacheSize(leaf, 2, cpuid))
		require.Zero(t, cacheSize(leaf, 4, cpuid))
		require.Zero(t, cacheSize(leaf, 2, asm0))
	}
}

func asm0(leaf, sub uint32) (eax, ebx, ecx, edx uint32) { return }

func TestRowsFor(t *testing.T) {
	k := asm.Kernel{MR: 8, KC: 384, MC: 128}
	require.Equal(t, 128, rowsFor(k, 8, 1<<20))
	require.Equal(t, 256, rowsFor(k, 8, 2<<20))
	require.Equal(t, 64, rowsFor(k, 8, 1<<10), "a size that cannot be right")
	require.Equal(t, 256, rowsFor(k, 8, 1<<30))
}
