package kernels

import "github.com/lanes-go/lanes/asm"

// Gemv computes y = alpha*A*x + beta*y for an m × n matrix with entry (i, j) at
// a[i*aRow+j*aCol], one of the strides being 1. With beta == 0 it does not read
// y, with alpha == 0 neither A nor x.
func Gemv[T Float](m, n int, alpha T, a []T, aRow, aCol int, x []T, beta T, y []T) {
	switch {
	case m == 0:
	case n == 0 || alpha == 0:
		scaleRows(beta, 1, m, y, m)
	case aCol == 1:
		gemvRows(m, n, alpha, a, aRow, x, beta, y)
	default:
		scaleRows(beta, 1, m, y, m)
		gemvColumns(m, n, alpha, a, aCol, x, y)
	}
}

const (
	gemvWork = 1 << 16 // entries of A in one assembly call, some 20 µs of them
	gemvSpan = 4096    // columns in one call: their part of x or y stays in L1
	gemvRun  = 64      // rows in one call
)

// gemvRows takes dot products of rows, gemvSpan columns at a time.
func gemvRows[T Float](m, n int, alpha T, a []T, lda int, x []T, beta T, y []T) {
	var buf [gemvRun]T
	for j := 0; j < n; j += gemvSpan {
		span := min(gemvSpan, n-j)
		step := min(gemvRun, max(8, gemvWork/span))
		for i := 0; i < m; i += step {
			rows := min(step, m-i)
			sums := buf[:rows]
			gemvN(rows, span, a[i*lda+j:], lda, x[j:], sums)
			for r, v := range sums {
				v *= alpha
				if beta != 0 {
					v += T(beta * y[i+r])
				}
				y[i+r] = v
			}
		}
		beta = 1
	}
}

// gemvColumns adds alpha·x[j] times column j, for contiguous columns, which are
// the rows of what lies in memory.
func gemvColumns[T Float](m, n int, alpha T, a []T, lda int, x, y []T) {
	var buf [gemvRun]T
	for i := 0; i < m; i += gemvSpan {
		span := min(gemvSpan, m-i)
		step := min(gemvRun, max(8, gemvWork/span))
		for j := 0; j < n; j += step {
			factors := buf[:min(step, n-j)]
			for r := range factors {
				factors[r] = alpha * x[j+r]
			}
			gemvT(len(factors), span, a[j*lda+i:], lda, factors, y[i:])
		}
	}
}

// gemvN sets y[i] to the dot product of row i and x.
func gemvN[T Float](m, n int, a []T, lda int, x, y []T) {
	switch {
	case isa == asm.GO:
		for i := range m {
			y[i] = dotGo(a[i*lda:i*lda+n], x[:n])
		}
	case is64[T]():
		asm.GemvnF64(isa, m, n, f64p(a), lda, f64p(x), f64p(y))
	default:
		asm.GemvnF32(isa, m, n, f32p(a), lda, f32p(x), f32p(y))
	}
}

// gemvT adds x[i] times row i to y.
func gemvT[T Float](m, n int, a []T, lda int, x, y []T) {
	switch {
	case isa == asm.GO:
		for i := range m {
			axpyGo(x[i], a[i*lda:i*lda+n], y[:n])
		}
	case is64[T]():
		asm.GemvtF64(isa, m, n, f64p(a), lda, f64p(x), f64p(y))
	default:
		asm.GemvtF32(isa, m, n, f32p(a), lda, f32p(x), f32p(y))
	}
}

// runVector runs a product with a vector as matrix times vector, if p is one
// and its strides allow.
func (p *Product[T]) runVector() bool {
	switch {
	case p.Packed != nil || p.Upper:
		return false
	case p.M == 1 && p.ACol == 1:
		Gemv(p.N, p.K, p.Alpha, p.B, p.BCol, p.BRow, p.A[:p.K], p.Beta, p.C[:p.N])
	case p.N == 1 && p.BRow == 1 && p.CRow == 1:
		Gemv(p.M, p.K, p.Alpha, p.A, p.ARow, p.ACol, p.B[:p.K], p.Beta, p.C[:p.M])
	default:
		return false
	}
	p.finish(0, p.M, 0, p.N)
	return true
}
