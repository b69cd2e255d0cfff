//go:build !(linux || darwin)

package guard

import (
	"testing"
	"unsafe"
)

// edge is the number of canaries that stand in for the unreadable page.
const edge = margin

// pages returns n bytes of ordinary memory, aligned for float64: systems
// without mmap make do with the canaries.
func pages(_ testing.TB, n int) []byte {
	words := make([]float64, (n+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words))
}
