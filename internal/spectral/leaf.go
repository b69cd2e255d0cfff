package spectral

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// qlIterations bounds the QL steps per eigenvalue (LAPACK's maxit).
const qlIterations = 30

// qlVectors finds the eigenvalues of the tridiagonal (d, e) by the implicit QL
// algorithm with Wilkinson's shift (EISPACK imtql2, LAPACK steqr) and applies
// its rotations to the rows of z: from the identity, row i ends as the
// eigenvector of d[i]. The eigenvalues are in no order, e is destroyed. Only
// columns first to last-1 of z are touched.
func qlVectors[T mat.Float](d, e []T, z *mat.Dense[T]) error {
	n := len(d)
	budget := qlIterations * n
	for l := 0; l < n; {
		m := qlBlockEnd(d, e, l)
		if m == l {
			l++
			continue
		}
		if budget--; budget < 0 {
			return fmt.Errorf("%w: implicit QL on a tridiagonal matrix of order %d, %d steps", mat.ErrNoConvergence, n, qlIterations*n)
		}
		qlStep(d, e, l, m, z)
	}
	return nil
}

// qlBlockEnd returns the last row of the unreduced block that begins at row l.
// An off-diagonal entry is negligible when it is less than rounding in its two
// neighbours on the diagonal, or so small beside the matrix, which is scaled,
// that its square comes near underflow.
func qlBlockEnd[T mat.Float](d, e []T, l int) int {
	m := l
	for ; m < len(d)-1; m++ {
		if abs(e[m]) <= ulp[T]()/2*(abs(d[m])+abs(d[m+1])) || e[m]*e[m] <= tinySquare[T]() {
			e[m] = 0
			break
		}
	}
	return m
}

// qlStep does one implicit QL step on rows l to m, from the bottom up, and the
// same rotations on the rows of z.
func qlStep[T mat.Float](d, e []T, l, m int, z *mat.Dense[T]) {
	g := (d[l+1] - d[l]) / (2 * e[l])
	r := sqrt(g*g + 1)
	g = d[m] - d[l] + e[l]/(g+copysign(r, g))
	s, c, p := T(1), T(1), T(0)
	for i := m - 1; i >= l; i-- {
		f, b := s*e[i], c*e[i]
		squares := f*f + g*g
		if squares <= tinySquare[T]() { // the bulge vanishes: the block splits here
			if i+1 < m {
				e[i+1] = 0
			}
			d[i+1] -= p
			return
		}
		r = sqrt(squares)
		if i+1 < m {
			e[i+1] = r
		}
		s, c = f/r, g/r
		g = d[i+1] - p
		r = (d[i]-g)*s + 2*c*b
		p = s * r
		d[i+1] = g + p
		g = c*r - b
		kernels.Rot(z.Row(i+1), z.Row(i), c, s)
	}
	d[l] -= p
	e[l] = g
}

func abs[T mat.Float](x T) T { return T(math.Abs(float64(x))) }

func sqrt[T mat.Float](x T) T { return T(math.Sqrt(float64(x))) }

func copysign[T mat.Float](x, y T) T { return T(math.Copysign(float64(x), float64(y))) }
