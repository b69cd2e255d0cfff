package spectral

import (
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// singular is what one-sided Jacobi iterations on the columns of B, m × n, start
// from and what their results are found in: n rows, column i of W = B·V at the
// head of row i, column i of V from vStart on.
type singular[T mat.Float] struct {
	// D holds the singular values, descending, exactly zero where a column of W
	// vanished.
	D []float64

	m, n           int
	stride, vStart int
	data           []T
	order          []int     // row for each singular value
	d              []float64 // of the rows
	stage          mat.Dense[T]
	used           []float64
}

// lay takes rows.
func (s *singular[T]) lay(m, n, stride, vStart int, data []T) {
	s.m, s.n, s.stride, s.vStart, s.data = m, n, stride, vStart, data
}

func (s *singular[T]) left(i int) []T  { return s.data[i*s.stride:][:s.m] }
func (s *singular[T]) right(i int) []T { return s.data[i*s.stride+s.vStart:][:s.n] }

// start scales W = B, puts the identity to V, zero before, and returns the floor
// of squared lengths. Rotations keep the sum of these, so that it may stay.
func (s *singular[T]) start(scale Scale, vectors bool) (floor float64) {
	largest := 0.0
	for i := range s.n {
		w := s.left(i)
		ScaleTo(scale, w, w)
		largest = max(largest, sumSquares(w))
		if vectors {
			s.right(i)[i] = 1
		}
	}
	return largest * Floor[T]() * Floor[T]()
}

// svdCosine is the cosine of an angle between two of n columns up to which these
// stay as they are.
func svdCosine[T mat.Float](n int) float64 {
	return Eps[T]() * math.Max(math.Sqrt(float64(n)), 4)
}

// finish sets D, in order, and makes the vectors unit vectors. The rotations
// change the length of a row of W and of V by the same factor, the product of
// the rounding errors of sine and cosine, which the quotient does not see.
func (s *singular[T]) finish(floor float64, vectors bool) {
	n := s.n
	s.d, s.D = Grow(s.d, n), Grow(s.D, n)
	s.order, s.used = Grow(s.order, n), Grow(s.used, s.m)
	for i := range n {
		w := s.left(i)
		squares := sumSquares(w)
		if s.d[i] = math.Sqrt(squares); squares <= floor {
			s.d[i] = 0
			clear(w)
		} else if vectors {
			multiply(w, T(1/s.d[i]))
		}
		if vectors {
			v := s.right(i)
			length := math.Sqrt(sumSquares(v))
			multiply(v, T(1/length))
			s.d[i] /= length
		}
	}
	Ascending(s.d, s.order)
	slices.Reverse(s.order)
	for k, i := range s.order {
		s.D[k] = s.d[i]
	}
	if vectors && n > 0 && s.D[n-1] == 0 {
		Complete(s.m, s.data, s.stride, s.d, s.used)
	}
}

// multiply scales a short x and leaves no negative zeros, as signs of zeros
// depend on the other matrices of a vector.
func multiply[T mat.Float](x []T, factor T) {
	for k, v := range x {
		x[k] = v*factor + 0
	}
}

// LeftTo writes U to dst, m × n.
func (s *singular[T]) LeftTo(dst *mat.Dense[T]) { s.columnsTo(dst, 0, s.m) }

// RightTo writes V to dst, n × n.
func (s *singular[T]) RightTo(dst *mat.Dense[T]) { s.columnsTo(dst, s.vStart, s.n) }

// columnsTo writes the length entries from start on of every row, in order, to
// the columns of dst.
func (s *singular[T]) columnsTo(dst *mat.Dense[T], start, length int) {
	if s.n == 0 || length == 0 {
		return
	}
	growDense(&s.stage, s.n, length)
	for k, i := range s.order {
		copy(s.stage.Row(k), s.data[i*s.stride+start:][:length])
	}
	kernels.Transpose(s.n, length, s.stage.Data, s.stage.Stride, dst.Data, dst.Stride)
}
