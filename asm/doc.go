// Package asm holds the generated micro-kernels and the table that lists
// them. It checks nothing; package kernels is the way to call it.
//
// # Kernel contract
//
//   - Lengths and shapes are right, and dimensions positive where the argument
//     says so: nothing is checked.
//   - Vectors are contiguous. C is row-major; the rows of A are contiguous
//     unless the table says Extended, those of a tile of B always.
//   - Nothing is read or written beyond the operands, masked lanes included.
//   - A gemm kernel adds the products of one entry of C in the order of k, by
//     fused multiply-add into one accumulator, so that neither tile nor
//     neighbour changes a bit of it. Alpha and Beta come in at the end, and C
//     is not read unless GemmRead asks for it.
//   - Zeros are not skipped: NaN and Inf go where IEEE 754 sends them.
//   - Every kernel ends in VZEROUPPER (amd64) and keeps no state.
//   - Go cannot preempt a kernel. The caller keeps each call under about 50 µs.
//   - Kernels are called directly, never through a func value, which would
//     make their arguments escape.
package asm

// ISA is an instruction set, in the order of preference.
type ISA uint8

const (
	GO ISA = iota // no assembly
	NEON
	AVX2
	AVX512
)

func (i ISA) String() string { return [...]string{"go", "neon", "avx2", "avx512"}[i] }

// Kernel is a row of the table: what a kernel computes, on what, and for gemm
// the register tile (MR rows, NR columns, panels up to Tallest rows, Lanes
// entries in a vector), the cache blocks, how many columns the last tile can take
// along beyond its vectors, and what more it can do.
type Kernel struct {
	Op   string
	ISA  ISA
	Elem string

	MR, NR, Tallest, Lanes int
	MC, KC, NC             int
	Narrow                 int
	Extended               bool // ACol and Pack are obeyed
}

const noKernel = "asm: no such kernel in this build"
