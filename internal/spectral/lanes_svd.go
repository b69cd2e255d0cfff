package spectral

import (
	"cmp"
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SVDLanes decomposes small matrices B = U·Σ·Vᵀ, m × n, m ≥ n, by one-sided Jacobi
// rotations of the columns of W = B·V, whole rounds of disjoint pairs at a time,
// whose angles are found in the lanes of a vector. Every singular value of B =
// C·D, D diagonal, comes out with a relative error of the order of eps·κ(C)
// (Demmel and Veselić 1992). The zero value is ready; a second Run of no larger
// size allocates nothing.
type SVDLanes[T mat.Float] struct {
	// D holds the singular values, descending, exactly zero where a column of W
	// vanished.
	D []float64

	rows  kernels.JacobiRows[T]
	order []int     // row for each singular value
	d     []float64 // of the rows
	m, n  int
	stage mat.Dense[T]
	used  []float64
}

// Run decomposes the transpose of bt, n × m, finite, at a scale that ScaleFor
// chose and multiplies by. It tells of the sweeps as SVDOneSided does, whose
// threshold and end it has, too.
func (s *SVDLanes[T]) Run(bt *mat.Dense[T], scale Scale, vectors bool, maxSweeps int, watch *Monitor) Sweeps {
	s.n, s.m = bt.Rows, bt.Cols
	gather := 0
	if vectors {
		gather = s.n
	}
	s.rows.Reset(s.n, s.m, gather)
	largest := 0.0
	for i := range s.n {
		row := s.rows.Row(i)
		ScaleTo(scale, row[:s.m], bt.Row(i))
		if vectors {
			row[s.rows.VStart+i] = 1
		}
		largest = max(largest, sumSquares(row[:s.m]))
	}
	// Rotations keep the sum of the squared lengths, so that the floor may stay.
	floor := largest * Floor[T]() * Floor[T]()
	tol := Eps[T]() * math.Max(math.Sqrt(float64(s.n)), 4)
	st := sweepLanes(&s.rows, tol, floor, maxSweeps, watch)
	s.lengths(floor, vectors)
	return st
}

// lengths sets D, in order, and makes the vectors unit vectors. The rotations
// change the length of a row of W and of V by the same factor, the product of
// the rounding errors of sine and cosine, which the quotient does not see.
func (s *SVDLanes[T]) lengths(floor float64, vectors bool) {
	n := s.n
	s.d, s.D = Grow(s.d, n), Grow(s.D, n)
	s.order, s.used = Grow(s.order, n), Grow(s.used, s.m)
	for i := range n {
		row := s.rows.Row(i)
		w := row[:s.m]
		squares := sumSquares(w)
		s.order[i] = i
		if s.d[i] = math.Sqrt(squares); squares <= floor {
			s.d[i] = 0
			clear(w)
		} else if vectors {
			kernels.Scal(T(1/s.d[i]), w)
		}
		if vectors {
			v := row[s.rows.VStart : s.rows.VStart+n]
			length := math.Sqrt(sumSquares(v))
			kernels.Scal(T(1/length), v)
			s.d[i] /= length
		}
	}
	slices.SortFunc(s.order, func(i, j int) int { return cmp.Compare(s.d[j], s.d[i]) })
	for k, i := range s.order {
		s.D[k] = s.d[i]
	}
	if vectors && n > 0 && s.D[n-1] == 0 {
		Complete(s.m, s.rows.Data, s.rows.Stride, s.d, s.used)
	}
}

// LeftTo writes U to dst, m × n.
func (s *SVDLanes[T]) LeftTo(dst *mat.Dense[T]) { s.columnsTo(dst, 0, s.m) }

// RightTo writes V to dst, n × n.
func (s *SVDLanes[T]) RightTo(dst *mat.Dense[T]) { s.columnsTo(dst, s.rows.VStart, s.n) }

// columnsTo writes the length entries from start on of every row, in order, to
// the columns of dst.
func (s *SVDLanes[T]) columnsTo(dst *mat.Dense[T], start, length int) {
	if s.n == 0 || length == 0 {
		return
	}
	growDense(&s.stage, s.n, length)
	for k, i := range s.order {
		copy(s.stage.Row(k), s.rows.Row(i)[start:start+length])
	}
	kernels.Transpose(s.n, length, s.stage.Data, s.stage.Stride, dst.Data, dst.Stride)
}
