package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymSmall diagonalises symmetric matrices of order up to SmallOrder by two-sided
// Jacobi rotations, in float64 for either element type. The zero value is ready; a
// second Run allocates nothing.
type SymSmall[T mat.Float] struct {
	rows kernels.SymRotations
}

// SmallOrder is the largest order of SymSmall.
const SmallOrder = kernels.SymOrder

// smallTol is the share of eps up to which the off-norm, relative to ‖A‖_F, is left.
const smallTol = 1. / 8

// Run diagonalises the symmetric n × n matrix whose upper triangle is that of a, with
// entries of at most bound, finite. d, of length n, receives the eigenvalues in no
// particular order, at the returned scale: the Rayleigh quotients of the vectors.
// watch may stop the iteration before any sweep.
func (s *SymSmall[T]) Run(a *mat.Dense[T], bound float64, d []float64, maxSweeps int, watch *Monitor) (Scale, Sweeps) {
	s.rows.Reset(a.Rows)
	scale := s.load(a, bound)
	var st Sweeps
	tol := smallTol * Eps[T]()
	atOnce := maxSweeps
	if watch.watched() {
		atOnce = 1
	}
	for !st.Converged && st.Count < maxSweeps && watch.Step(stageSweeps, st.Count, maxSweeps) {
		st.Count += s.rows.Sweep(atOnce, tol)
		st.Converged = s.rows.Off <= tol
	}
	st.Rotations, st.Off = s.rows.Rotations, s.rows.Off
	copy(d, s.rows.Values)
	return scale, st
}

// load takes the matrix, scaled where squares of its entries might leave the range.
func (s *SymSmall[T]) load(a *mat.Dense[T], bound float64) (scale Scale) {
	n, m := a.Rows, s.rows.Order
	all := s.rows.A
	for i := range n {
		for j, x := range a.Data[i*a.Stride+i:][:n-i] {
			all[i*m+i+j], all[(i+j)*m+i] = float64(x), float64(x)
		}
	}
	if _, exponent := math.Frexp(bound); exponent < -smallExponent || exponent > smallExponent {
		scale = ScaleBy(-exponent)
		ScaleTo(scale, all, all)
	}
	return scale
}

// smallExponent is the binary magnitude up to which a matrix is not scaled.
const smallExponent = 200

// VectorsTo writes the unit eigenvectors of the eigenvalues that order lists to the
// columns of dst.
func (s *SymSmall[T]) VectorsTo(dst *mat.Dense[T], order []int) {
	m := s.rows.Order
	for k, i := range order {
		for r, x := range s.rows.V[i*m:][:dst.Rows] {
			dst.Data[r*dst.Stride+k] = T(x)
		}
	}
}
