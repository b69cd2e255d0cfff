package svd

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// lanesRows is the largest max(m,n) at which rotations in vector lanes are the
// fastest method up to a min(m,n) of spectral.LanesOrder, squareRatio the largest ratio of
// these two at which they are in float32 up to spectral.LanesMost.
const (
	lanesRows   = 64
	squareRatio = 1.25
)

// lanes decomposes small matrices by one-sided Jacobi on the columns of B, which
// is A or Aᵀ, the rows being alike in size.
type lanes[T mat.Float] struct {
	core       spectral.SVDLanes[T]
	scale      spectral.Scale
	transposed bool
}

// suitsLanes reports whether Auto tries lanes; whether rows or columns are alike
// in size is seen later.
func suitsLanes[T mat.Float](a *mat.Dense[T]) bool {
	m, n := max(a.Rows, a.Cols), min(a.Rows, a.Cols)
	narrow := spectral.Eps[T]() > 0x1p-30
	return suitsMany(a) || narrow && n <= spectral.LanesMost && float64(m) <= squareRatio*float64(n)
}

// suitsMany is that of a matrix in a batch.
func suitsMany[T mat.Float](a *mat.Dense[T]) bool {
	return min(a.Rows, a.Cols) <= spectral.LanesOrder[T]() && max(a.Rows, a.Cols) <= lanesRows
}

// run decomposes B and reports how that went.
func (l *lanes[T]) run(b operand[T], scale spectral.Scale, vectors bool, sweeps int, watch *spectral.Monitor) spectral.Sweeps {
	l.transposed, l.scale = b.transposed, scale
	return l.core.Run(b.a, b.transposed, scale, vectors, sweeps, watch)
}

func (l *lanes[T]) valuesTo(dst []T, room spectral.Scale) {
	scale := l.scale.Beside(room)
	for k, x := range l.core.D {
		dst[k] = T(scale.Undo(x))
	}
}

// leftTo writes the left singular vectors of A as columns.
func (l *lanes[T]) leftTo(dst *mat.Dense[T]) {
	if l.transposed {
		l.core.RightTo(dst)
	} else {
		l.core.LeftTo(dst)
	}
}

// rightTo writes the right singular vectors of A as columns.
func (l *lanes[T]) rightTo(dst *mat.Dense[T]) {
	if l.transposed {
		l.core.LeftTo(dst)
	} else {
		l.core.RightTo(dst)
	}
}

// laneOperand returns the B that rotations in vector lanes decompose accurately,
// and false where neither rows nor columns are alike in size. The sizes of the rows are
// known.
func (s *SVD[T]) laneOperand(a *mat.Dense[T]) (b operand[T], ok bool) {
	g := &s.gram
	g.choose(a, s.sizes)
	b = g.b
	g.release()
	return b, g.route != Pivoted
}

// byLanes reports failure, and that laneOperand finds none: then another method
// is to decide.
func (s *SVD[T]) byLanes(a *mat.Dense[T], largest float64, opts Options) bool {
	b, ok := s.laneOperand(a)
	if !ok {
		return false
	}
	scale := spectral.ScaleLanes[T](a.Rows*a.Cols, largest)
	st := s.lanes.run(b, scale, !opts.ValuesOnly, sweepLimit(opts), &s.watch)
	if !st.Converged {
		return false
	}
	s.stats = laneStats(st)
	s.lanes.valuesTo(s.values, s.room)
	return true
}

func laneStats(st spectral.Sweeps) Stats {
	return Stats{Method: OneSidedJacobi, Sweeps: st.Count, Rotations: st.Rotations, OffNorm: st.Off}
}
