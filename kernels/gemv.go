package kernels

import (
	"fmt"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Gemv computes y = alpha*A*x + beta*y for an m × n matrix with entry (i, j) at
// a[i*aRow+j*aCol], one of the strides being 1. With beta == 0 it does not read
// y, with alpha == 0 neither A nor x. It panics with Error where slices are short.
func Gemv[T Float](m, n int, alpha T, a []T, aRow, aCol int, x []T, beta T, y []T) {
	if len(x) < n || len(y) < m || m > 0 && n > 0 && len(a) <= (m-1)*aRow+(n-1)*aCol {
		panic(Error{"Gemv", fmt.Sprintf("%d×%d with strides %d and %d, len(a) = %d, len(x) = %d, len(y) = %d",
			m, n, aRow, aCol, len(a), len(x), len(y))})
	}
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
	gemvWork   = 1 << 16 // entries of A in one assembly call, some 20 µs of them
	gemvRun    = 64      // rows in one call
	cachedSpan = 8192    // bytes of a row in one call, where A may be in the caches: rows are taken one by one
	memorySpan = 4096    // columns in one call, where it is in memory: several rows at once share x or y

	// Matrices of no more bytes are taken to be in the caches. Inner products of
	// rows suffer most where that is wrong. It decides rounding, so nothing about
	// the machine may enter.
	cachedRows    = 12 << 20
	cachedUpdates = 16 << 20
)

// sweep is how a matrix is read: by which kernels, and how much in one call.
type sweep struct {
	isa        asm.ISA
	span, rows int
}

// sweepOf is the sweep of an m × n matrix that is taken to be in the caches up to
// so many bytes.
func sweepOf[T Float](m, n, cached int) sweep {
	size := int(unsafe.Sizeof(T(0)))
	s := sweep{isa: isa, span: cachedSpan / size}
	if m*n > cached/size {
		s = sweep{isa: farISA, span: memorySpan}
	}
	s.span = roundUp(ceil(n, ceil(n, s.span)), 64/size)
	s.rows = min(gemvRun, max(8, gemvWork/s.span))
	return s
}

// gemvRows takes dot products of rows, some columns at a time.
func gemvRows[T Float](m, n int, alpha T, a []T, lda int, x []T, beta T, y []T) {
	var buf [gemvRun]T
	s := sweepOf[T](m, n, cachedRows)
	for j := 0; j < n; j += s.span {
		span := min(s.span, n-j)
		for i := 0; i < m; i += s.rows {
			sums := buf[:min(s.rows, m-i)]
			gemvN(s.isa, len(sums), span, a[i*lda+j:], lda, x[j:], sums)
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
	s := sweepOf[T](n, m, cachedUpdates)
	for i := 0; i < m; i += s.span {
		span := min(s.span, m-i)
		for j := 0; j < n; j += s.rows {
			factors := buf[:min(s.rows, n-j)]
			for r := range factors {
				factors[r] = alpha * x[j+r]
			}
			gemvT(s.isa, len(factors), span, a[j*lda+i:], lda, factors, y[i:])
		}
	}
}

// gemvN sets y[i] to the dot product of row i and x, on one instruction set.
func gemvN[T Float](isa asm.ISA, m, n int, a []T, lda int, x, y []T) {
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

// gemvT adds x[i] times row i to y, on one instruction set.
func gemvT[T Float](isa asm.ISA, m, n int, a []T, lda int, x, y []T) {
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
