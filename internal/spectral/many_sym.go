package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymMany diagonalises symmetric matrices of one order, one to each lane of a
// vector, as SymLanes does a single one. No matrix changes a bit of another's
// results. The zero value is ready for Reset.
type SymMany[T mat.Float] struct {
	rows      kernels.JacobiLanes[T]
	n, stride int
	stage     []T // a matrix or its vectors to each lane, n rows of stride entries
	a, d      []T // the scaled matrices and the eigenvalues, interleaved
	scale     []Scale
	shift     []T
	order     []int // row of the vectors for each eigenvalue
	sweeps    manySweeps
	tile      []T
}

// Reset makes room for kernels.JacobiWidth matrices of order n.
func (s *SymMany[T]) Reset(n int) {
	s.rows.Reset(n, n, 0)
	s.n, s.stride = n, s.rows.Stride
	lanes := s.rows.Lanes
	s.stage, s.tile = Grow(s.stage, lanes*n*s.stride), Grow(s.tile, n*s.stride)
	s.a, s.d = Grow(s.a, lanes*(n+n%2)*s.stride), Grow(s.d, lanes*n)
	clear(s.a[lanes*n*s.stride:])
	s.scale, s.shift = Grow(s.scale, lanes), Grow(s.shift, lanes)
	s.order = Grow(s.order, n)
}

// Load takes the symmetric matrix whose upper triangle is that of a. It returns
// the largest of the absolute values, and false where an entry is not finite.
func (s *SymMany[T]) Load(lane int, a *mat.Dense[T]) (bound float64, ok bool) {
	all := s.staged(lane)
	mirrored(all, s.n, s.stride, a)
	if bound = MaxAbs(all, 0); !Finite(bound) {
		s.Clear(lane)
		return bound, false
	}
	s.scale[lane] = ScaleNear[T](s.n*s.n, bound)
	ScaleTo(s.scale[lane], all, all)
	s.shift[lane] = T(shiftOf(all, s.n, s.stride, sumSquares(all)))
	return bound, true
}

// Clear leaves a lane without a matrix.
func (s *SymMany[T]) Clear(lane int) {
	clear(s.staged(lane))
	s.scale[lane], s.shift[lane] = Scale{}, 0
}

// staged returns what the stage holds of a lane.
func (s *SymMany[T]) staged(lane int) []T {
	size := s.n * s.stride
	return s.stage[lane*size:][:size]
}

// Run diagonalises the matrices of the first count lanes. watch may stop it
// before any sweep. Thresholds and cost are those of SymLanes, the number of
// sweeps that of the slowest.
func (s *SymMany[T]) Run(count, maxSweeps int, watch *Monitor) {
	lanes, size := s.rows.Lanes, s.n*s.stride
	for lane := count; lane < lanes; lane++ {
		s.Clear(lane)
	}
	kernels.Transpose(lanes, size, s.stage, size, s.a, lanes)
	copy(s.rows.Data, s.a)
	for i := range s.n {
		for lane, shift := range s.shift {
			s.rows.Data[(i*s.stride+i)*lanes+lane] += shift
		}
	}
	runMany(&s.rows, &s.sweeps, 2*Eps[T](), maxSweeps, watch)
	s.rows.Rayleigh(s.a, s.d)
	kernels.Transpose(size, lanes, s.rows.Data, lanes, s.stage, size)
}

// Sweeps tells how the last Run went for the matrix of a lane.
func (s *SymMany[T]) Sweeps(lane int) Sweeps { return s.sweeps[lane] }

// ValuesTo writes the eigenvalues of a lane to dst, ascending, at the scale of the
// matrix. VectorsTo goes by their order.
func (s *SymMany[T]) ValuesTo(lane int, dst []T) {
	lanes := s.rows.Lanes
	for i := range s.n {
		x, k := s.d[i*lanes+lane], i
		for ; k > 0 && dst[k-1] > x; k-- {
			dst[k], s.order[k] = dst[k-1], s.order[k-1]
		}
		dst[k], s.order[k] = x, i
	}
	if scale := s.scale[lane]; scale != (Scale{}) {
		for k, x := range dst {
			dst[k] = T(scale.Undo(float64(x)))
		}
	}
}

// VectorsTo writes the eigenvectors from number first on to the columns of dst,
// as many as it has, of the lane that ValuesTo was called for last.
func (s *SymMany[T]) VectorsTo(lane int, dst *mat.Dense[T], first int) {
	v := s.staged(lane)
	for k, i := range s.order[first:][:dst.Cols] {
		copy(s.tile[k*s.stride:], v[i*s.stride:][:s.n])
	}
	if dst.Cols > 0 && s.n > 0 {
		kernels.Transpose(dst.Cols, s.n, s.tile, s.stride, dst.Data, dst.Stride)
	}
}

// manySweeps tells of the sweeps for each lane.
type manySweeps []Sweeps

// runMany sweeps until nothing rotates in any lane.
func runMany[T mat.Float](rows *kernels.JacobiLanes[T], sweeps *manySweeps, tol float64, maxSweeps int, watch *Monitor) {
	*sweeps = Grow(*sweeps, rows.Lanes)
	clear(*sweeps)
	for count, converged := 0, false; !converged && count < maxSweeps && watch.Step(stageSweeps, count, maxSweeps); count++ {
		rows.Sweep(T(tol))
		converged = true
		for lane := range *sweeps {
			if st := &(*sweeps)[lane]; !st.Converged {
				st.add(int(rows.Rotations[lane]), float64(rows.Cosine[lane]))
				st.Converged = rows.Rotations[lane] == 0
				converged = converged && st.Converged
			}
		}
	}
}
