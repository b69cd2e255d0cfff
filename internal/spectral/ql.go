package spectral

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// qlIterations bounds the QL sweeps per eigenvalue (LAPACK's maxit).
const qlIterations = 30

// ql finds the eigenvalues of a symmetric tridiagonal matrix by the QL algorithm
// with Wilkinson's shift (LAPACK steqr; Parlett, The Symmetric Eigenvalue
// Problem, chapter 8), in float64 for either element type, and applies its
// rotations to rows of vectors, a sweep at a time.
type ql[T mat.Float] struct {
	n    int
	d, e []float64 // with kernels.QLSpare elements more
	c, s []T       // of the rotations of a sweep
	work []float64

	sweeps, rotations int
}

// run replaces d by the eigenvalues of the tridiagonal (d, e), in no order, and
// applies the rotations to the first width columns of the rows of z: from the
// identity, row i ends as the eigenvector of d[i], from the rows of Qᵀ as that of
// Q·T·Qᵀ. z may be nil.
func (q *ql[T]) run(d, e []T, z *mat.Dense[T], width int) error {
	n := len(d)
	exponent := q.load(d, e)
	for l := 0; l < n; {
		m := q.blockEnd(l)
		if m == l {
			l++
			continue
		}
		if q.sweeps == qlIterations*n {
			return fmt.Errorf("%w: QL on a tridiagonal matrix of order %d, %d sweeps", mat.ErrNoConvergence, n, q.sweeps)
		}
		q.sweeps++
		q.rotations += m - l
		q.sweep(l, m)
		if z != nil {
			kernels.RotRows(width, z.Data[l*z.Stride:], z.Stride, q.c[:m-l], q.s[:m-l])
		}
	}
	for i, x := range q.d[:n] {
		d[i] = T(math.Ldexp(x, exponent))
	}
	return nil
}

// sweep does one QL sweep on rows l to m.
func (q *ql[T]) sweep(l, m int) {
	d, e := q.d[l:], q.e[l:]
	shift := wilkinson(d[0], d[1], e[0])
	if !kernels.QLSweep(m-l, d, e, shift, q.c, q.s, q.work) {
		qlPivots(d[:m-l+1], e[:m-l], shift, q.c, q.s)
	}
}

// load takes the matrix, with entries of at most 1, and returns the exponent of
// what it divided by.
func (q *ql[T]) load(d, e []T) (exponent int) {
	n, with := len(d), len(d)+kernels.QLSpare
	q.n = n
	q.d, q.e, q.c, q.s = grow(q.d, with), grow(q.e, with), grow(q.c, with), grow(q.s, with)
	q.work = grow(q.work, kernels.QLWork(n))
	q.sweeps, q.rotations = 0, 0
	bound := 0.0
	for i, x := range d {
		q.d[i] = float64(x)
		bound = max(bound, math.Abs(q.d[i]))
	}
	for i, x := range e {
		q.e[i] = float64(x)
		bound = max(bound, math.Abs(q.e[i]))
	}
	_, exponent = math.Frexp(bound)
	factor := math.Ldexp(1, -exponent)
	for i := range n {
		q.d[i] *= factor
	}
	for i := range e {
		q.e[i] *= factor
	}
	return exponent
}

// blockEnd returns the last row of the unreduced block that begins at row l.
// An off-diagonal entry is negligible when it is less than rounding in the
// geometric mean of its two neighbours on the diagonal, or so small beside the
// matrix, which is scaled, that its square comes near underflow.
func (q *ql[T]) blockEnd(l int) int {
	u, tiny := precisionOf[T]().ulp/2, precisionOf[T]().tinySquare
	d, e := q.d[:q.n], q.e[:q.n]
	m := l
	for ; m < len(d)-1; m++ {
		if b := e[m] * e[m]; b <= u*math.Abs(d[m])*(u*math.Abs(d[m+1])) || b <= tiny {
			e[m] = 0
			break
		}
	}
	return m
}

// wilkinson returns the eigenvalue of [a e; e b] nearer to a.
func wilkinson(a, b, e float64) float64 {
	half := (b - a) / 2
	return a - e*e/(half+math.Copysign(math.Sqrt(half*half+e*e), half))
}

// qlPivots is kernels.QLSweep by pivots, whose chain of roots and quotients is
// slow, but leaves no range.
func qlPivots[T mat.Float](d, e []float64, shift float64, c, s []T) {
	k := len(e)
	pivot := d[k] - shift
	cosine, sine, p := 1.0, 0.0, 0.0
	for j := k - 1; j >= 0; j-- {
		r := math.Hypot(pivot, e[j])
		if j < k-1 {
			e[j+1] = sine * r
		}
		before := cosine
		cosine, sine = pivot/r, e[j]/r
		pivot = cosine*(d[j]-shift) - sine*before*e[j]
		c[j], s[j] = T(cosine), T(sine)
		last := p
		p = sine * (sine*(d[j]-shift) + cosine*before*e[j])
		d[j+1] += p - last
	}
	e[0] = sine * pivot
	d[0] -= p
}
