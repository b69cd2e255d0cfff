package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SVDMany decomposes matrices B = U·Σ·Vᵀ of one shape, m × n, m ≥ n, one to each
// lane of a vector, as SVDLanes does a single one and as accurately. No matrix
// changes a bit of another's results. The zero value is ready for Reset.
type SVDMany[T mat.Float] struct {
	singular[T] // of the lane that Finish was called for last

	rows    kernels.JacobiLanes[T]
	vectors bool
	all     []T // the rows of each lane
	scale   []Scale
	squares []T // of the singular values
	sweeps  manySweeps
}

// Reset makes room for kernels.JacobiWidth matrices B of m × n, and has none in
// any lane.
func (s *SVDMany[T]) Reset(m, n int, vectors bool) {
	gather := 0
	if vectors {
		gather = n
	}
	s.rows.Reset(n, m, gather)
	s.m, s.n, s.vectors = m, n, vectors
	lanes := s.rows.Lanes
	s.all = Grow(s.all, lanes*n*s.rows.Stride)
	s.scale, s.squares = Grow(s.scale, lanes), Grow(s.squares, lanes*n)
	clear(s.all)
}

// pick has singular work on a lane.
func (s *SVDMany[T]) pick(lane int) {
	size := s.n * s.rows.Stride
	s.lay(s.m, s.n, s.rows.Stride, s.rows.VStart, s.all[lane*size:][:size])
}

// Load has a lane decompose B = a or, transposed, B = aᵀ, which is finite, at a
// scale that ScaleLanes chose.
func (s *SVDMany[T]) Load(lane int, a *mat.Dense[T], transposed bool, scale Scale) {
	s.pick(lane)
	s.scale[lane] = scale
	s.rows.Floor[lane] = T(s.load(a, transposed, scale, s.vectors))
}

// Run decomposes the matrices that are loaded. watch may stop it before any
// sweep. Thresholds and cost are those of SVDLanes, the number of sweeps that of
// the slowest.
func (s *SVDMany[T]) Run(maxSweeps int, watch *Monitor) {
	lanes, size := s.rows.Lanes, s.n*s.rows.Stride
	kernels.Transpose(lanes, size, s.all, size, s.rows.Data, lanes)
	runMany(&s.rows, &s.sweeps, svdCosine[T](s.n), maxSweeps, watch)
	s.rows.Units(s.squares)
	kernels.Transpose(size, lanes, s.rows.Data, lanes, s.all, size)
}

// Sweeps tells how the last Run went for the matrix of a lane.
func (s *SVDMany[T]) Sweeps(lane int) Sweeps { return s.sweeps[lane] }

// Finish writes the singular values of a lane to dst, descending, at the scale of
// the matrix, and has LeftTo and RightTo give its vectors. It comes once for a
// lane.
func (s *SVDMany[T]) Finish(lane int, dst []T) {
	s.pick(lane)
	s.finish(s.squares[lane:], s.rows.Lanes, s.vectors)
	for k, x := range s.D {
		dst[k] = T(s.scale[lane].Undo(x))
	}
}
