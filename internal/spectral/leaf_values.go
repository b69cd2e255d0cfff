package spectral

import (
	"fmt"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// qlValues replaces d by the eigenvalues of the tridiagonal (d, e), ascending,
// by the square-root free QL algorithm of Pal, Walker and Kahan (LAPACK sterf;
// Parlett, The Symmetric Eigenvalue Problem, section 8.15). e is destroyed.
func qlValues[T mat.Float](d, e []T) error {
	n := len(d)
	for i := range max(n-1, 0) {
		e[i] *= e[i]
	}
	budget := qlIterations * n
	for l := 0; l < n; {
		m := qlSquaredBlockEnd(d, e, l)
		if m == l {
			l++
			continue
		}
		if budget--; budget < 0 {
			return fmt.Errorf("%w: root-free QL on a tridiagonal matrix of order %d, %d steps", mat.ErrNoConvergence, n, qlIterations*n)
		}
		qlSquaredStep(d, e, l, m)
	}
	slices.Sort(d)
	return nil
}

// qlSquaredBlockEnd is qlBlockEnd on squares e.
func qlSquaredBlockEnd[T mat.Float](d, e []T, l int) int {
	u := ulp[T]() / 2
	m := l
	for ; m < len(d)-1; m++ {
		if e[m] <= u*abs(d[m])*(u*abs(d[m+1])) || e[m] <= tinySquare[T]() {
			e[m] = 0
			break
		}
	}
	return m
}

// qlSquaredStep does one QL step on rows l to m, e holding squares. Each row
// waits for the quotients of the one before: where nothing comes near underflow,
// gamma²/c is gamma²·(r/p), whose quotient does not wait for gamma.
func qlSquaredStep[T mat.Float](d, e []T, l, m int) {
	root := sqrt(e[l])
	shift := (d[l+1] - d[l]) / (2 * root)
	shift = d[l] - root/(shift+copysign(sqrt(shift*shift+1), shift))
	c, s := T(1), T(0)
	gamma := d[m] - shift
	p, tiny := gamma*gamma, tinySquare[T]()
	for i := m - 1; i >= l; i-- {
		b := e[i]
		r := p + b
		if i+1 < m {
			e[i+1] = s * r
		}
		before, gammaBefore, pBefore := c, gamma, p
		c, s = p/r, b/r
		gamma = c*(d[i]-shift) - s*gammaBefore
		d[i+1] = gammaBefore + (d[i] - gamma)
		switch {
		case pBefore > tiny:
			p = gamma * gamma * (r / pBefore)
		case c != 0:
			p = gamma * gamma / c
		default:
			p = before * b
		}
	}
	e[l] = s * p
	d[l] = shift + gamma
}
