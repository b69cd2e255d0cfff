package mat

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
)

// Norm returns the Frobenius norm, the root of the sum of the squares of all
// entries. Where squares overflow or underflow it goes over the matrix again
// and scales.
func (m *Dense[T]) Norm() T {
	m.check("Norm", "the matrix")
	s := 0.0
	for i := range m.rowsWithEntries() {
		s += float64(kernels.SumSq(m.row(i)))
	}
	// Above this, squares that underflow are lost in the rounding of the sum,
	// in float32 as well.
	const low = 1e-30
	if s > low && !math.IsInf(s, 1) {
		return T(math.Sqrt(s))
	}
	return m.scaledNorm()
}

// scaledNorm keeps the sum of squares as scale²·ssq, scale being the largest
// norm of a row so far (LAPACK lassq).
func (m *Dense[T]) scaledNorm() T {
	scale, ssq := 0.0, 1.0
	for i := range m.rowsWithEntries() {
		v := float64(kernels.Nrm2(m.row(i)))
		switch {
		case v != v:
			return T(v)
		case math.IsInf(v, 0):
			scale, ssq = v, 1
		case v > scale:
			r := scale / v
			scale, ssq = v, 1+ssq*r*r
		case v > 0 && !math.IsInf(scale, 0):
			r := v / scale
			ssq += r * r
		}
	}
	return T(scale * math.Sqrt(ssq))
}

// NormOne returns the largest sum of magnitudes in a column, NaN if there is a
// NaN.
func (m *Dense[T]) NormOne() T {
	m.check("NormOne", "the matrix")
	sums := make([]T, m.Cols)
	for i := range m.rowsWithEntries() {
		for j, v := range m.row(i) {
			sums[j] += abs(v)
		}
	}
	return largest(sums)
}

// NormInf returns the largest sum of magnitudes in a row, NaN if there is a
// NaN.
func (m *Dense[T]) NormInf() T {
	m.check("NormInf", "the matrix")
	var norm T
	for i := range m.rowsWithEntries() {
		norm = max(norm, kernels.Asum(m.row(i)))
	}
	return norm
}

// MaxAbs returns the largest magnitude of an entry, NaN if there is a NaN and
// 0 for an empty matrix.
func (m *Dense[T]) MaxAbs() T {
	m.check("MaxAbs", "the matrix")
	var norm T
	for i := range m.rowsWithEntries() {
		norm = max(norm, largest(m.row(i)))
	}
	return norm
}

// largest returns the largest magnitude in x, NaN if there is a NaN.
func largest[T Float](x []T) T {
	if i := kernels.Iamax(x); i >= 0 {
		return abs(x[i])
	}
	return 0
}

func abs[T Float](v T) T { return T(math.Abs(float64(v))) }

// IsFinite reports whether no entry is NaN or Inf. It stops at the first row
// that has one. Cost: one pass over the entries.
func (m *Dense[T]) IsFinite() bool {
	m.check("IsFinite", "the matrix")
	for i := range m.rowsWithEntries() {
		// The entry that Iamax picks is NaN, or else Inf, where there is any.
		if v := largest(m.row(i)); v-v != 0 {
			return false
		}
	}
	return true
}

// Asymmetry returns the place (i, j), i < j, at which |A[i][j] − A[j][i]| is
// largest, and that difference. NaN counts as largest, and so does an Inf that
// its mirror image lacks. A symmetric matrix gives 0, 0, 0. It panics with
// Error unless the matrix is square.
func (m *Dense[T]) Asymmetry() (i, j int, by T) {
	m.check("Asymmetry", "the matrix")
	m.checkSquare("Asymmetry")
	for r := range m.Rows {
		for c := r + 1; c < m.Cols; c++ {
			x, y := m.Data[r*m.Stride+c], m.Data[c*m.Stride+r]
			if x == y {
				continue
			}
			if d := abs(x - y); d > by || (d != d && by == by) {
				i, j, by = r, c, d
			}
		}
	}
	return i, j, by
}

// Trace returns the sum of the diagonal. It panics with Error unless the
// matrix is square.
func (m *Dense[T]) Trace() T {
	m.check("Trace", "the matrix")
	m.checkSquare("Trace")
	var s T
	for i := range m.Rows {
		s += m.Data[i*m.Stride+i]
	}
	return s
}

// Diag returns the diagonal, min(Rows, Cols) entries. A nil dst is allocated,
// another must have that length; it is filled and returned. It panics with
// Error when the length does not fit or dst shares entries with m.
func (m *Dense[T]) Diag(dst []T) []T {
	m.check("Diag", "the matrix")
	dst = m.vectorOf("Diag", dst, min(m.Rows, m.Cols))
	for i := range dst {
		dst[i] = m.Data[i*m.Stride+i]
	}
	return dst
}

func (m *Dense[T]) checkSquare(op string) {
	if m.Rows != m.Cols {
		panicf(op, "a %d×%d matrix is not square", m.Rows, m.Cols)
	}
}
