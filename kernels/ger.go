package kernels

import (
	"fmt"

	"github.com/lanes-go/lanes/asm"
)

// Ger adds alpha·x·yᵀ to the m × n matrix with entry (i, j) at a[i*lda+j]
// (BLAS ger). With alpha == 0 it touches nothing; zeros in x or y are not
// skipped. It panics with Error where slices are short. Cost: 2mn flops, mn
// elements read and written.
func Ger[T Float](m, n int, alpha T, x, y, a []T, lda int) {
	if len(x) < m || len(y) < n || m > 0 && n > 0 && len(a) < (m-1)*lda+n {
		panic(Error{"Ger", fmt.Sprintf("%d×%d, lda = %d, len(a) = %d, len(x) = %d, len(y) = %d", m, n, lda, len(a), len(x), len(y))})
	}
	if alpha == 0 || n == 0 {
		return
	}
	update(true, m, n, alpha, a, lda, x, y)
}

var gerInAssembly = inAssembly("ger")

// ger adds x[i] times y to row i, on one instruction set.
func ger[T Float](isa asm.ISA, m, n int, a []T, lda int, x, y []T) {
	switch {
	case !gerInAssembly:
		for i := range m {
			gemvT(isa, 1, n, y, 0, x[i:], a[i*lda:i*lda+n])
		}
	case is64[T]():
		asm.GerF64(isa, m, n, f64p(a), lda, f64p(x), f64p(y))
	default:
		asm.GerF32(isa, m, n, f32p(a), lda, f32p(x), f32p(y))
	}
}
