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

	rows kernels.JacobiRows[T]
}

// Run decomposes the transpose of bt, n × m, finite, at a scale that ScaleFor
// chose and multiplies by. It tells of the sweeps as SVDOneSided does, whose
// threshold and end it has, too.
func (s *SVDLanes[T]) Run(bt *mat.Dense[T], scale Scale, vectors bool, maxSweeps int, watch *Monitor) Sweeps {
	n, m := bt.Rows, bt.Cols
	gather := 0
	if vectors {
		gather = n
	}
	s.rows.Reset(n, m, gather)
	s.lay(m, n, s.rows.Stride, s.rows.VStart, s.rows.Data)
	for i := range n {
		copy(s.rows.Row(i), bt.Row(i))
	}
	floor := s.start(scale, vectors)
	st := sweepLanes(&s.rows, svdCosine[T](n), floor, maxSweeps, watch)
	s.finish(floor, vectors)
	return st
}
