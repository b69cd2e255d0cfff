package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// roomFor returns the scale of the values of an m × n matrix with entries of at
// most largest: none unless the Frobenius norm, which no value exceeds, may be
// beyond the range of T.
func roomFor[T mat.Float](m, n int, largest float64) spectral.Scale {
	top := 1023 // the norm of what is below 2^top is below it after rounding, too
	if spectral.Eps[T]() > 0x1p-30 {
		top = 127
	}
	_, have := math.Frexp(largest)
	_, entries := math.Frexp(math.Sqrt(float64(m)) * math.Sqrt(float64(n)))
	return spectral.ScaleBy(min(top-have-entries, 0))
}

// outOf returns the number whose value in room is x: +Inf beyond the range of T.
func (s *SVD[T]) outOf(x T) T { return T(s.room.Undo(float64(x))) }

// Norm2 returns ‖A‖₂, the largest singular value, or 0 for a matrix without
// entries. It panics with mat.Error before a successful Factorize.
func (s *SVD[T]) Norm2() T {
	s.require("Norm2", valuesOnly)
	if len(s.values) == 0 {
		return 0
	}
	return s.outOf(s.values[0])
}

// Cond returns the condition number σ₁/σ_min in the 2-norm: +Inf when the
// smallest singular value is zero, 0 for a matrix without entries. It panics
// with mat.Error before a successful Factorize.
func (s *SVD[T]) Cond() T {
	s.require("Cond", valuesOnly)
	k := len(s.values)
	switch {
	case k == 0:
		return 0
	case s.values[k-1] == 0:
		return T(math.Inf(1))
	}
	return s.values[0] / s.values[k-1]
}

// Rank returns the number of singular values above rtol times the largest, as
// numpy.linalg.matrix_rank does; rtol = 0 means max(m,n)·eps. It panics with
// mat.Error when rtol is negative or NaN, and before a successful Factorize.
func (s *SVD[T]) Rank(rtol T) int {
	s.require("Rank", valuesOnly)
	return s.rank("Rank", rtol)
}

func (s *SVD[T]) rank(op string, rtol T) int {
	if !(rtol >= 0) {
		panicf(op, "rtol = %v", rtol)
	}
	if rtol == 0 {
		rtol = T(float64(max(s.rows, s.cols)) * spectral.Eps[T]())
	}
	rank := 0
	for rank < len(s.values) && s.values[rank] > rtol*s.values[0] {
		rank++
	}
	return rank
}

// RangeTo writes an orthonormal basis of the range of A, the first Rank(rtol)
// columns of U, to dst, m × Rank(rtol), as scipy.linalg.orth does. An empty dst
// is sized. It panics with mat.Error as Rank does, for a dst of another shape
// and when there are no vectors.
func (s *SVD[T]) RangeTo(dst *mat.Dense[T], rtol T) {
	s.require("RangeTo", complete)
	rank := s.rank("RangeTo", rtol)
	dst.Resize("RangeTo", s.rows, rank)
	s.thinTo(s.apply.reserve(&s.apply.u, s.rows, len(s.values)), true)
	u := columnsOf(&s.apply.u, 0, rank)
	dst.CopyFrom(&u)
}

// NullSpaceTo writes an orthonormal basis of the null space of A, the columns
// of the complete V after the first Rank(rtol), to dst, n × (n − Rank(rtol)), as
// scipy.linalg.null_space does. An empty dst is sized. It panics with mat.Error
// as RangeTo does. Where m < n it costs 4mn(n−m) flops.
func (s *SVD[T]) NullSpaceTo(dst *mat.Dense[T], rtol T) {
	s.require("NullSpaceTo", complete)
	rank, k := s.rank("NullSpaceTo", rtol), len(s.values)
	dst.Resize("NullSpaceTo", s.cols, s.cols-rank)
	v := s.apply.reserve(&s.apply.v, s.cols, k)
	s.thinTo(v, false)
	from, to := columnsOf(v, rank, k), columnsOf(dst, 0, k-rank)
	to.CopyFrom(&from)
	if rest := columnsOf(dst, k-rank, dst.Cols); rest.Cols > 0 {
		s.apply.complement(&rest, v)
	}
}
