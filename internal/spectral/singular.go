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

// load sets W to B = a or, transposed, B = aᵀ, scaled, and V, zero before, to the
// identity. It returns the floor of squared lengths, by the sum of all, which
// rotations keep.
func (s *singular[T]) load(a *mat.Dense[T], transposed bool, scale Scale, vectors bool) (floor float64) {
	if s.n == 0 || s.m == 0 {
		return 0
	}
	if transposed {
		for i := range s.n {
			copy(s.left(i), a.Row(i))
		}
	} else {
		kernels.Transpose(s.m, s.n, a.Data, a.Stride, s.data, s.stride)
	}
	rows := s.data[:s.n*s.stride]
	ScaleRow(scale, rows)
	floor = sumSquares(rows) * Floor[T]() * Floor[T]()
	if vectors {
		for i := range s.n {
			s.right(i)[i] = 1
		}
	}
	return floor
}

// svdCosine is the cosine of an angle between two of n columns up to which these
// stay as they are.
func svdCosine[T mat.Float](n int) float64 {
	return Eps[T]() * math.Max(math.Sqrt(float64(n)), 4)
}

// finish sets D, in order, to the roots of squares, those of rows i at i·step, and
// completes the vectors.
func (s *singular[T]) finish(squares []T, step int, vectors bool) {
	n := s.n
	s.d, s.D = Grow(s.d, n), Grow(s.D, n)
	s.order, s.used = Grow(s.order, n), Grow(s.used, s.m)
	for i := range n {
		s.d[i] = math.Sqrt(float64(squares[i*step]))
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

// LeftTo writes U to dst, m × n.
func (s *singular[T]) LeftTo(dst *mat.Dense[T]) { s.columnsTo(dst, 0, s.m) }

// RightTo writes V to dst, n × n.
func (s *singular[T]) RightTo(dst *mat.Dense[T]) { s.columnsTo(dst, s.vStart, s.n) }

// fewEntries is the size of a matrix up to which a loop in Go transposes it faster
// than a kernel does.
const fewEntries = 36

// columnsTo writes the length entries from start on of every row, in order, to
// the columns of dst.
func (s *singular[T]) columnsTo(dst *mat.Dense[T], start, length int) {
	if s.n == 0 || length == 0 {
		return
	}
	if s.n*length <= fewEntries {
		for k, i := range s.order {
			for r, x := range s.data[i*s.stride+start:][:length] {
				dst.Data[r*dst.Stride+k] = x
			}
		}
		return
	}
	growDense(&s.stage, s.n, length)
	for k, i := range s.order {
		copy(s.stage.Row(k), s.data[i*s.stride+start:][:length])
	}
	kernels.Transpose(s.n, length, s.stage.Data, s.stage.Stride, dst.Data, dst.Stride)
}
