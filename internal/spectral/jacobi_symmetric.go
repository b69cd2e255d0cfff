package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymJacobi diagonalises the symmetric n × n matrix a, whose entries above and
// below the diagonal it overwrites, by the row-cyclic two-sided Jacobi method.
// The rows of the n × n matrix v, unless v is empty, are multiplied by the same
// rotations: from v = I they become the eigenvectors. d, of length n, receives
// the eigenvalues, d[i] for row i, in no particular order. scratch has length n,
// watch may stop the iteration before any sweep. The scale of a must be one that
// ScaleFor chose.
//
// A pair rotates when its entry is above eps·‖A‖_F/n. The iteration ends with a
// sweep that meets an off-norm, relative to ‖A‖_F, of at most eps. Cost of a
// sweep: 3n³ flops, and 3n³ for vectors.
func SymJacobi[T mat.Float](n int, a, v []T, d, scratch []float64, maxSweeps int, watch *Monitor) Sweeps {
	for i := range n {
		d[i] = float64(a[i*n+i])
	}
	norm := math.Sqrt(sumSquares(a[:n*n]))
	j := symJacobi[T]{n: n, a: a, v: v, d: d, tol: Eps[T]() * norm / float64(max(n, 1))}
	var st Sweeps
	previous := 0.0
	for !st.Converged && st.Count < maxSweeps && watch.Step(stageSweeps, st.Count, maxSweeps) {
		j.order = sweepOrder(j.order, &st, previous, d, scratch)
		previous = st.Off
		j.arrange()
		rotations, swaps, off := j.sweep()
		st.add(rotations, relative(off, norm))
		st.Converged = swaps == 0 && st.Off <= Eps[T]()
	}
	return st
}

// relative returns off/norm, and 0 for the zero matrix.
func relative(off, norm float64) float64 {
	if off == 0 {
		return 0
	}
	return off / norm
}

type symJacobi[T mat.Float] struct {
	n     int
	a, v  []T
	d     []float64 // the diagonal of a
	tol   float64
	order order
}

// arrange brings the diagonal into order.
func (j *symJacobi[T]) arrange() {
	for p := range j.n {
		if q := j.order.first(j.d, p); q != p {
			j.d[p], j.d[q] = j.d[q], j.d[p]
			j.rotate(p, q, 0, 1, -j.a[p*j.n+q])
		}
	}
}

// sweep visits every pair once. It returns the number of rotations, of those
// that exchanged the pair to keep d in order, and the off-norm of the entries
// as it met them, which bounds what is left where nothing was exchanged.
func (j *symJacobi[T]) sweep() (rotations, swaps int, off float64) {
	n, d := j.n, j.d
	for p := range n {
		for q := p + 1; q < n; q++ {
			g := float64(j.a[p*n+q])
			off += 2 * g * g
			if math.Abs(g) <= j.tol {
				continue
			}
			rotations++
			c, s, swapped := j.order.rotation(d, p, q, g, j.tol)
			if swapped {
				swaps++
			}
			j.rotate(p, q, T(c), T(s), 0)
		}
	}
	return rotations, swaps, math.Sqrt(off)
}

// rotate applies a rotation to the rows p and q of v and of a, copies those of
// a into its columns and sets the entry (p, q). It leaves the diagonal of a to d.
func (j *symJacobi[T]) rotate(p, q int, c, s, apq T) {
	n, a := j.n, j.a
	x, y := a[p*n:p*n+n], a[q*n:q*n+n]
	kernels.Rot(x, y, c, s)
	for k, o := 0, 0; k < n; k, o = k+1, o+n {
		a[o+p], a[o+q] = x[k], y[k]
	}
	a[p*n+q], a[q*n+p] = apq, apq
	if len(j.v) > 0 {
		kernels.Rot(j.v[p*n:p*n+n], j.v[q*n:q*n+n], c, s)
	}
}
