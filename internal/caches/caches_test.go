package caches

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// fake answers as a processor that has only one leaf for caches.
func fake(leaf uint32, answer func(leaf, sub uint32) (eax, ebx, ecx uint32)) cpuid {
	return func(l, sub uint32) (eax, ebx, ecx, edx uint32) {
		if l == leaf&(1<<31) {
			return leaf, 0, 0, 0
		}
		eax, ebx, ecx = answer(l, sub)
		return eax, ebx, ecx, 0
	}
}

func TestOneByOne(t *testing.T) {
	const data, code, both = 1, 2, 3
	for _, leaf := range []uint32{4, 0x8000001d} {
		id := fake(leaf, func(l, sub uint32) (eax, ebx, ecx uint32) {
			rows := [][3]uint32{{1<<5 | data, 12, 64}, {1<<5 | code, 8, 64}, {2<<5 | both, 16, 2048}, {3<<5 | both, 15, 1 << 15}}
			if l != leaf || int(sub) >= len(rows) {
				return 0, 0, 0
			}
			r := rows[sub] // kind, ways, sets; lines of 64 bytes
			return r[0], (r[1]-1)<<22 | 63, r[2] - 1
		})
		require.Equal(t, []Level{{1, 48 << 10}, {2, 2 << 20}, {3, 30 << 20}}, listed(id))
	}
}

// TestOldLeaves: as a Zen 5 answers under a hypervisor that hides the others.
func TestOldLeaves(t *testing.T) {
	id := fake(0x80000021, func(l, _ uint32) (eax, ebx, ecx uint32) {
		return 0, 0, map[uint32]uint32{0x80000005: 0x300c0140, 0x80000006: 0x04006140}[l]
	})
	require.Equal(t, []Level{{1, 48 << 10}, {2, 1 << 20}}, listed(id))
}

// TestHidden: a processor that lacks the leaves, and one that leaves them empty.
func TestHidden(t *testing.T) {
	require.Empty(t, listed(func(leaf, sub uint32) (eax, ebx, ecx, edx uint32) { return }))
	require.Empty(t, listed(fake(0x80000021, func(leaf, sub uint32) (eax, ebx, ecx uint32) { return })))
}
