package kernels

import (
	"fmt"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// SymvBlock returns the side of Symv's diagonal blocks: 64 bytes of elements.
func SymvBlock[T Float]() int {
	var zero T
	return 64 / int(unsafe.Sizeof(zero))
}

// Symv adds to y the share of A·x that the first rows rows and their mirror
// image have in it: all of it where rows is n. A is symmetric, n × n, entry
// (i, j) at a[i*lda+j], and of it the entries above the diagonal blocks are
// read once and those blocks whole. rows and n are multiples of SymvBlock.
// Upward, it begins at the last rows: what a call before left in cache is used
// first when calls alternate. Cost: 2n² flops, n²/2 elements read, for rows = n.
func Symv[T Float](rows, n int, a []T, lda int, x, y []T, upward bool) {
	block := SymvBlock[T]()
	if n%block != 0 || rows%block != 0 || rows < 0 || rows > n || len(x) != n || len(y) != n || lda < n || len(a) < (rows-1)*lda+n {
		panic(Error{"Symv", fmt.Sprintf("rows = %d of n = %d with blocks of %d, lda = %d, len(a) = %d, len(x) = %d, len(y) = %d", rows, n, block, lda, len(a), len(x), len(y))})
	}
	step := max(1, chunk/max(n, 1)/block) * block
	for i := 0; i < rows; i += step {
		first := i
		if upward {
			first = (rows-1)/step*step - i
		}
		symvRows(min(step, rows-first), n-first, a[first*lda+first:], lda, x[first:], y[first:])
	}
}

var symvInAssembly = inAssembly("symv")

func symvRows[T Float](rows, n int, a []T, lda int, x, y []T) {
	switch {
	case !symvInAssembly:
		symvByRows(rows, n, a, lda, x, y)
	case is64[T]():
		asm.SymvF64(isa, rows, n, f64p(a), lda, f64p(x), f64p(y))
	default:
		asm.SymvF32(isa, rows, n, f32p(a), lda, f32p(x), f32p(y))
	}
}

// symvByRows is symvRows on the level 1 kernels.
func symvByRows[T Float](rows, n int, a []T, lda int, x, y []T) {
	block := SymvBlock[T]()
	for i := range rows {
		first := i / block * block
		row, after := a[i*lda+first:i*lda+n], first+block
		y[i] += Dot(row, x[first:])
		gemvT(isa, 1, len(row)-block, row[block:], 0, x[i:], y[after:])
	}
}
