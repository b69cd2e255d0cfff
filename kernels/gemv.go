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
	gemvRun    = 128     // rows whose factors or sums are kept
	stripSpan  = 1024    // bytes of a row in one call on AVX-512: x or y stays in registers
	cachedSpan = 8192    // bytes of a row that is read by itself, x or y staying in L1
	memorySpan = 1 << 17 // bytes of each of several rows in one call: a cut ends the streams that the processor foresees

	// Matrices of no more bytes are taken to be in L1 or L2, those of at least stripRows
	// rows being worth the calls, or in the caches. It decides rounding, so nothing
	// about the machine may enter.
	inL1      = 40 << 10
	inL2      = 1 << 20
	inCaches  = 12 << 20
	stripRows = 16

	// Beyond the caches, or where rows leave no room for x or y in L1, so many are
	// read at once, unless they are too short to be worth a call.
	streams     = 8
	shortStream = 2048 // bytes
)

// sweep is how a matrix is read: by which kernels, and how much in one call. With
// far set, the rows of a call come each from a part of its own, so that addresses go
// on in every part and the processor foresees all.
type sweep struct {
	isa        asm.ISA
	span, rows int
	far        bool
}

// sweepOf is the sweep of an m × n matrix, in strips up to so many bytes.
func sweepOf[T Float](m, n, strips int) sweep {
	size := int(unsafe.Sizeof(T(0)))
	s := sweep{isa: isa, span: cachedSpan / size}
	switch {
	case isa == asm.AVX512 && m >= stripRows && m*n <= strips/size:
		s.span = stripSpan / size
	case n > cachedSpan/size, m*n > inCaches/size && n >= shortStream/size:
		s = sweep{isa: farISA, span: memorySpan / size, far: true}
	}
	s.span = roundUp(ceil(n, ceil(n, s.span)), 64/size)
	s.rows = max(8, gemvWork/s.span)
	return s
}

// calls is the number of calls for all of m rows.
func (s sweep) calls(m int) int {
	if !s.far {
		return ceil(m, s.rows)
	}
	return m/streams + min(m%streams, 1)
}

// call is the first row of one of them, the number of rows and their distance.
func (s sweep) call(m, i int) (first, rows, step int) {
	if !s.far {
		return i * s.rows, min(s.rows, m-i*s.rows), 1
	}
	part := m / streams
	if i < part {
		return i, streams, part
	}
	return part * streams, m % streams, 1
}

// gemvRows takes dot products of rows, some columns at a time.
func gemvRows[T Float](m, n int, alpha T, a []T, lda int, x []T, beta T, y []T) {
	s := sweepOf[T](m, n, inL2)
	first := 0
	if alpha == 1 && beta == 0 && !s.far {
		first = min(s.span, n)
		for i := 0; i < m; i += s.rows {
			rows := min(s.rows, m-i)
			gemvN(s.isa, rows, first, a[i*lda:], lda, x, y[i:i+rows])
		}
	} else {
		scaleRows(beta, 1, m, y, m)
	}
	if first < n {
		addRows(s, m, n-first, alpha, a[first:], lda, x[first:], y)
	}
}

// addRows adds alpha times the dot products of rows to y.
func addRows[T Float](s sweep, m, n int, alpha T, a []T, lda int, x, y []T) {
	var buf [gemvRun]T
	s.rows = min(s.rows, gemvRun)
	for j := 0; j < n; j += s.span {
		span := min(s.span, n-j)
		for c := range s.calls(m) {
			i, rows, step := s.call(m, c)
			sums := buf[:rows]
			gemvN(s.isa, rows, span, a[i*lda+j:], step*lda, x[j:], sums)
			if step == 1 {
				Axpy(alpha, sums, y[i:i+rows])
				continue
			}
			for r, v := range sums {
				y[i+r*step] += T(alpha * v)
			}
		}
	}
}

// gemvColumns adds alpha·x[j] times column j, for contiguous columns, which are
// the rows of what lies in memory.
func gemvColumns[T Float](m, n int, alpha T, a []T, lda int, x, y []T) {
	update(false, n, m, alpha, a, lda, x, y)
}

// update adds rows of a m × n matrix, times alpha and their factors in x, to y or,
// where outer says so, y to each of them.
func update[T Float](outer bool, m, n int, alpha T, a []T, lda int, x, y []T) {
	strips := inL2
	if outer {
		strips = inL1 // what is written is read best in the order of its addresses
	}
	s := sweepOf[T](m, n, strips)
	if alpha != 1 || s.far {
		updateScaled(s, outer, m, n, alpha, a, lda, x, y)
		return
	}
	for j := 0; j < n; j += s.span {
		span := min(s.span, n-j)
		for i := 0; i < m; i += s.rows {
			updateCall(s.isa, outer, min(s.rows, m-i), span, a[i*lda+j:], lda, x[i:], y[j:])
		}
	}
}

func updateScaled[T Float](s sweep, outer bool, m, n int, alpha T, a []T, lda int, x, y []T) {
	var buf [gemvRun]T
	s.rows = min(s.rows, gemvRun)
	for j := 0; j < n; j += s.span {
		span := min(s.span, n-j)
		for c := range s.calls(m) {
			i, rows, step := s.call(m, c)
			factors := buf[:rows]
			if step == 1 {
				copy(factors, x[i:])
				Scal(alpha, factors)
			} else {
				for r := range factors {
					factors[r] = alpha * x[i+r*step]
				}
			}
			updateCall(s.isa, outer, rows, span, a[i*lda+j:], step*lda, factors, y[j:])
		}
	}
}

func updateCall[T Float](isa asm.ISA, outer bool, m, n int, a []T, lda int, x, y []T) {
	if outer {
		ger(isa, m, n, a, lda, x, y)
	} else {
		gemvT(isa, m, n, a, lda, x, y)
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
