package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Matrix is a row-major matrix: entry (i, j) is Data[i*Stride+j].
type Matrix[T Float] = asm.Matrix[T]

// Tiny is the limit of k, and of rows and columns but one, for which mat calls
// GemmTiny64 and GemmTiles: little work for one call, and no more than the least
// KC, so that k is one run.
const Tiny = 64

// IsNarrow reports whether C has so few columns that GemmTiny64 or GemmTiny32 takes it.
func IsNarrow[T Float](cols int) bool {
	if unsafe.Sizeof(*new(T)) == 8 {
		return cols <= gemm64.narrow
	}
	return cols <= gemm32.narrow
}

// GemmTiny64 computes C = alpha·A·B + beta·C in one assembly call, for dimensions
// of at least 1 and about Tiny at most that fit one another, alpha other than 0, and a C that IsNarrow
// but is no vector. C must share no entry with A or B. It and GemmTiny32 are two
// functions because one for both would not be inlined.
func GemmTiny64(alpha float64, a, b *Matrix[float64], beta float64, c *Matrix[float64]) {
	asm.GemmtinyF64(isa, alpha, a, b, beta, c)
}

// GemmTiny32 is GemmTiny64 in float32.
func GemmTiny32(alpha float32, a, b *Matrix[float32], beta float32, c *Matrix[float32]) {
	asm.GemmtinyF32(isa, alpha, a, b, beta, c)
}

// GemmTiles is GemmTiny64 for every C and both element types, on the kernel of the large products.
func GemmTiles[T Float](alpha T, a, b *Matrix[T], beta T, c *Matrix[T]) {
	kern := gemmKernel[T]()
	var g asm.GemmArgs[T] // field by field: a literal would be built and copied
	var t tiling
	kern.tile(c.Cols, &t)
	setTiles(&g, &t)
	g.M, g.K = c.Rows, a.Cols
	g.A, g.ARow, g.ACol = &a.Data[0], a.Stride, 1
	g.B, g.BRow, g.BTile = &b.Data[0], b.Stride, kern.NR
	g.TailRow, g.TailTile = b.Stride, t.tailVecs<<kern.laneBits
	g.C, g.CRow = &c.Data[0], c.Stride
	g.Ahead = uintptr(unsafe.Pointer(g.B))
	setMode(&g, alpha, beta, true)
	run(&g)
}
