package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymOneSided diagonalises a symmetric n × n matrix A by Jacobi rotations of
// the columns of W = A·V alone: entry (p, q) of VᵀAV is v_p·w_q. Row i of the
// n × 2n matrix wv holds w_i, then v_i; the caller starts it with [A | I]. On
// return the second halves are eigenvectors and d, of length n, holds the
// eigenvalues, d[i] for row i, in no particular order. scratch has length n,
// watch may stop the iteration before any sweep. The scale of A must be one that
// ScaleFor chose.
//
// The rounding errors that W gathers leave about eps·‖A‖_F/(4√n) in v_p·w_q. So
// a pair rotates above eps·‖A‖_F/√n, and the iteration ends with a sweep that
// meets an off-norm, relative to ‖A‖_F, of at most eps·√n. Cost of a sweep: n³
// flops for the products and up to 6n³ for the rotations, all on contiguous
// rows.
func SymOneSided[T mat.Float](n int, wv []T, d, scratch []float64, maxSweeps int, watch *Monitor) Sweeps {
	j := symOneSided[T]{n: n, wv: wv, d: d}
	norm := 0.0
	for i := range n {
		norm += sumSquares(j.row(i)[:n])
	}
	norm = math.Sqrt(norm)
	j.tol = Eps[T]() * norm / math.Sqrt(float64(max(n, 1)))
	var st Sweeps
	previous := 0.0
	for !st.Converged && st.Count < maxSweeps && watch.Step(stageSweeps, st.Count, maxSweeps) {
		j.diagonal()
		j.order = sweepOrder(j.order, &st, previous, d, scratch)
		previous = st.Off
		j.arrange()
		rotations, swaps, off := j.sweep()
		st.add(rotations, relative(off, norm))
		st.Converged = swaps == 0 && st.Off <= Eps[T]()*math.Sqrt(float64(n))
	}
	j.rayleigh()
	return st
}

type symOneSided[T mat.Float] struct {
	n     int
	wv    []T
	d     []float64 // the diagonal of VᵀAV
	tol   float64
	order order
}

func (j *symOneSided[T]) row(i int) []T { return j.wv[2*i*j.n : 2*(i+1)*j.n] }

func (j *symOneSided[T]) diagonal() {
	for i := range j.n {
		x := j.row(i)
		j.d[i] = float64(kernels.Dot(x[:j.n], x[j.n:]))
	}
}

// rayleigh normalises the vectors, whose lengths the rotations have let drift,
// and leaves their Rayleigh quotients in d.
func (j *symOneSided[T]) rayleigh() {
	j.diagonal()
	for i := range j.n {
		v := j.row(i)[j.n:]
		vv := sumSquares(v)
		j.d[i] /= vv
		kernels.Scal(T(1/math.Sqrt(vv)), v)
	}
}

// arrange brings the diagonal into order.
func (j *symOneSided[T]) arrange() {
	for p := range j.n {
		if q := j.order.first(j.d, p); q != p {
			j.d[p], j.d[q] = j.d[q], j.d[p]
			kernels.Swap(j.row(p), j.row(q))
		}
	}
}

// sweep visits every pair once. It returns the number of rotations, of those
// that exchanged the pair to keep d in order, and the off-norm of the entries
// as it met them, which bounds what is left where nothing was exchanged.
func (j *symOneSided[T]) sweep() (rotations, swaps int, off float64) {
	n, d := j.n, j.d
	for p := range n {
		x := j.row(p)
		for q := p + 1; q < n; q++ {
			y := j.row(q)
			g := float64(kernels.Dot(x[n:], y[:n]))
			off += 2 * g * g
			if math.Abs(g) <= j.tol {
				continue
			}
			rotations++
			c, s, swapped := j.order.rotation(d, p, q, g, j.tol)
			if swapped {
				swaps++
			}
			kernels.Rot(x, y, T(c), T(s))
		}
	}
	return rotations, swaps, math.Sqrt(off)
}
