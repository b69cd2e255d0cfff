package kernels

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/asm"
)

var rowMaxInAssembly = inAssembly("rowmax")

// RowMax sets y[i] to the largest magnitude in row i of the m × n matrix a, whose rows
// begin lda elements apart, and to NaN where the row holds NaN; y has m entries. It panics
// with Error for shapes that do not fit. Cost: one pass over A.
func RowMax[T Float](m, n int, a []T, lda int, y []T) {
	if m < 0 || n < 0 || lda < n || len(y) != m || m > 0 && n > 0 && len(a) < (m-1)*lda+n {
		panic(Error{"RowMax", fmt.Sprintf("A is %d×%d with lda = %d and len(a) = %d, len(y) = %d", m, n, lda, len(a), len(y))})
	}
	if m == 0 || n == 0 {
		clear(y)
		return
	}
	if !rowMaxInAssembly || n > chunk {
		for i := range y {
			row := a[i*lda:][:n]
			y[i] = T(math.Abs(float64(row[Iamax(row)])))
		}
		return
	}
	for rows := chunk / n; ; a, y = a[rows*lda:], y[rows:] {
		k := min(rows, len(y))
		if is64[T]() {
			asm.RowmaxF64(isa, k, n, f64p(a), lda, f64p(y))
		} else {
			asm.RowmaxF32(isa, k, n, f32p(a), lda, f32p(y))
		}
		if k == len(y) {
			return
		}
	}
}
