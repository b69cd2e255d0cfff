package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymLanes diagonalises small symmetric matrices A by one-sided Jacobi rotations
// of the columns of B = A + σ·I, whole rounds of disjoint pairs at a time, whose
// angles are found in the lanes of a vector. With σ > ‖A‖ the matrix B is
// positive definite, so that its left singular vectors are the eigenvectors of
// A and need not be gathered apart; without the shift, eigenvalues λ and −λ would
// be one singular value, and their vectors any two of their plane. The zero
// value is ready; a second Run of no larger order allocates nothing.
type SymLanes[T mat.Float] struct {
	rows  kernels.JacobiRows[T]
	a     mat.Dense[T] // the scaled matrix
	v, av mat.Dense[T]
	ws    mat.Workspace[T]
}

// shiftRatio times the lesser of ‖A‖_F and ‖A‖_∞, both bounds on ‖A‖, is σ: the
// condition of B is at most 33, and the residual, of the order of eps·σ, little
// more than it need be.
const shiftRatio = 1 + 1./16

// Run diagonalises the symmetric n × n matrix whose upper triangle is that of a,
// finite, at a scale that ScaleFor chose. d, of length n, receives the
// eigenvalues, in no particular order: the Rayleigh
// quotients of the vectors with A, whose errors are of the order of eps·‖A‖_F.
// watch may stop the iteration before any sweep.
//
// A pair rotates when the cosine of its angle is above 2·eps; off is the largest
// cosine that a sweep meets, and a sweep without rotations ends the iteration.
// Cost of a sweep: 3n³ flops for the products and up to 4n³ for the rotations.
func (s *SymLanes[T]) Run(a *mat.Dense[T], scale Scale, d []float64, maxSweeps int, watch *Monitor) Sweeps {
	n := a.Rows
	s.rows.Reset(n, n, 0)
	s.load(a, scale)
	st := sweepLanes(&s.rows, 2*Eps[T](), 0, maxSweeps, watch)
	s.rayleigh(d)
	return st
}

// sweepLanes sweeps until nothing rotates.
func sweepLanes[T mat.Float](rows *kernels.JacobiRows[T], tol, floor float64, maxSweeps int, watch *Monitor) (st Sweeps) {
	for !st.Converged && st.Count < maxSweeps && watch.Step(stageSweeps, st.Count, maxSweeps) {
		rotations, off := rows.Sweep(T(tol), T(floor))
		st.add(rotations, off)
		st.Converged = rotations == 0
	}
	return st
}

// load sets a to the scaled matrix and W to that with the shift.
func (s *SymLanes[T]) load(a *mat.Dense[T], scale Scale) {
	n := a.Rows
	s.a = mat.Dense[T]{Rows: n, Cols: n, Stride: n, Data: Grow(s.a.Data, n*n)}
	all := s.a.Data
	mirrored(all, n, n, a)
	ScaleTo(scale, all, all)
	shift := T(shiftOf(all, n, n, sumSquares(all)))
	for i := range n {
		row := s.rows.Row(i)
		copy(row, all[i*n:][:n])
		row[i] += shift
	}
}

// mirrored writes the symmetric matrix whose upper triangle is that of a to dst,
// n rows of stride entries, zero behind n.
func mirrored[T mat.Float](dst []T, n, stride int, a *mat.Dense[T]) {
	for i := range n {
		row := dst[i*stride:][:stride]
		copy(row[i:n], a.Data[i*a.Stride+i:])
		clear(row[n:])
		for j := i + 1; j < n; j++ {
			dst[j*stride+i] = row[j]
		}
	}
}

// shiftOf returns σ for a symmetric matrix, squares being the sum of those of its
// entries.
func shiftOf[T mat.Float](a []T, n, stride int, squares float64) float64 {
	sum := 0.0
	for i := range n {
		sum = max(sum, float64(kernels.Asum(a[i*stride:][:n])))
	}
	if sum == 0 {
		return 1
	}
	return shiftRatio * min(math.Sqrt(squares), sum)
}

// rayleigh normalises the vectors and leaves their Rayleigh quotients in d.
func (s *SymLanes[T]) rayleigh(d []float64) {
	n := len(d)
	s.v = mat.Dense[T]{Rows: n, Cols: n, Stride: max(s.rows.Stride, 1), Data: s.rows.Data}
	for i := range n {
		row := s.v.Data[i*s.v.Stride:][:n]
		inverse := T(1 / math.Sqrt(sumSquares(row)))
		for k := range row {
			row[k] *= inverse
		}
	}
	growDense(&s.av, n, n)
	s.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &s.v, &s.a, 0, &s.av)
	for i := range n {
		d[i] = float64(kernels.Dot(s.v.Data[i*s.v.Stride:][:n], s.av.Data[i*s.av.Stride:][:n]))
	}
}

// VectorsTo writes the unit eigenvectors of the eigenvalues that order lists to
// the columns of dst.
func (s *SymLanes[T]) VectorsTo(dst *mat.Dense[T], order []int) {
	n := len(order)
	if n == 0 {
		return
	}
	for k, i := range order {
		copy(s.av.Data[k*s.av.Stride:], s.v.Data[i*s.v.Stride:][:s.v.Cols])
	}
	kernels.Transpose(n, s.v.Rows, s.av.Data, s.av.Stride, dst.Data, dst.Stride)
}
