package spectral

import (
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
	singular[T]

	rows    kernels.JacobiRows[T]
	squares []T
}

// Run decomposes B = a or, transposed, B = aᵀ, finite, at a scale that ScaleLanes
// chose and multiplies by. It tells of the sweeps as SVDOneSided does, whose
// threshold and end it has, too.
func (s *SVDLanes[T]) Run(a *mat.Dense[T], transposed bool, scale Scale, vectors bool, maxSweeps int, watch *Monitor) Sweeps {
	m, n := a.Rows, a.Cols
	if transposed {
		m, n = n, m
	}
	gather := 0
	if vectors {
		gather = n
	}
	s.rows.Reset(n, m, gather)
	s.lay(m, n, s.rows.Stride, s.rows.VStart, s.rows.Data)
	floor := s.load(a, transposed, scale, vectors)
	st := sweepLanes(&s.rows, svdCosine[T](n), floor, maxSweeps, watch)
	s.squares = Grow(s.squares, n)
	s.rows.Units(T(floor), s.squares)
	s.finish(s.squares, 1, vectors)
	return st
}
