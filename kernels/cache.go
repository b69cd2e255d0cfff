package kernels

import (
	"github.com/lanes-go/lanes/asm"
	"github.com/lanes-go/lanes/internal/caches"
)

// l2Size is the size in bytes of the L2 cache of this core, or 0 where it
// cannot be told.
func l2Size() int {
	for _, c := range caches.OfProcessor() {
		if c.Level == 2 {
			return c.Bytes
		}
	}
	return 0
}

// tableL2 is the L2 cache in bytes that the table's blocks are made for, and
// what is taken for granted where it cannot be told.
const tableL2 = 1 << 20

// rowsFor is how many rows of A, KC columns wide, should stay in an L2 cache of
// l2 bytes: three eighths of it, within a factor of two of what the table says.
// It changes no result: only KC does.
func rowsFor(k asm.Kernel, elemSize, l2 int) int {
	mc := l2 / 8 * 3 / (k.KC * elemSize)
	return max(k.MC/2, min(mc, 2*k.MC)) / k.MR * k.MR
}
