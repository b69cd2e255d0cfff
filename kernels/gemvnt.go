package kernels

import (
	"fmt"

	"github.com/lanes-go/lanes/asm"
)

// GemvNT multiplies an m × n matrix, entry (i, j) at a[i*lda+j], by a vector and
// its transpose by another one that depends on the first product, row by row:
//
//	out[i] += alpha·a_i·x,  factor[i] −= out[i],  y += factor[i]·a_i
//
// so that it comes from memory once (Howell and others 2008). Cost: 4mn flops, mn
// elements read.
func GemvNT[T Float](m, n int, alpha T, a []T, lda int, x, y, out, factor []T) {
	if len(x) != n || len(y) != n || len(out) != m || len(factor) != m || lda < n || m > 0 && len(a) < (m-1)*lda+n {
		panic(Error{"GemvNT", fmt.Sprintf("%d×%d, lda = %d, len(a) = %d, len(x) = %d, len(y) = %d, len(out) = %d, len(factor) = %d",
			m, n, lda, len(a), len(x), len(y), len(out), len(factor))})
	}
	if n == 0 {
		for i, v := range out {
			factor[i] -= v
		}
		return
	}
	const together = 4 // rows of the kernel
	rows := max(gemvWork/n/together, 1) * together
	for i := 0; i < m; i += rows {
		k := min(rows, m-i)
		gemvNT(k, n, alpha, a[i*lda:], lda, x, y, out[i:i+k], factor[i:i+k])
	}
}

var gemvNTInAssembly = inAssembly("gemvnt")

func gemvNT[T Float](m, n int, alpha T, a []T, lda int, x, y, out, factor []T) {
	switch {
	case !gemvNTInAssembly:
		gemvNTByRows(m, n, alpha, a, lda, x, y, out, factor)
	case is64[T]():
		asm.GemvntF64(isa, m, n, float64(alpha), f64p(a), lda, f64p(x), f64p(y), f64p(out), f64p(factor))
	default:
		asm.GemvntF32(isa, m, n, float32(alpha), f32p(a), lda, f32p(x), f32p(y), f32p(out), f32p(factor))
	}
}

// gemvNTByRows is gemvNT on the kernels of the two products.
func gemvNTByRows[T Float](m, n int, alpha T, a []T, lda int, x, y, out, factor []T) {
	var sum [1]T
	for i := range m {
		gemvN(isa, 1, n, a[i*lda:], lda, x, sum[:])
		out[i] += T(alpha * sum[0])
		factor[i] -= out[i]
		gemvT(isa, 1, n, a[i*lda:], lda, factor[i:], y)
	}
}
