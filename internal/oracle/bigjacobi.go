package oracle

import (
	"math/big"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// SingularValues returns the singular values of a, descending, each correct to
// far more than double precision, by one-sided Jacobi in big.Float arithmetic.
// decades says over how many powers of ten the spectrum or the scales of rows
// and columns range; what lies 60 decades below that is noise.
func SingularValues[T mat.Float](a *mat.Dense[T], decades int) []float64 {
	w := columns(a, decades)
	for sweep := 0; ; sweep++ {
		if sweep == 60 {
			panic("oracle: Jacobi in big.Float does not converge")
		}
		if !w.sweep() {
			return w.norms()
		}
	}
}

// Eigenvalues returns the eigenvalues of a symmetric matrix, ascending, with an
// absolute error far below ulp·‖A‖: the singular values of A + sI less s, where
// s makes that matrix positive definite.
func Eigenvalues[T mat.Float](a *mat.Dense[T]) []float64 {
	w := columns(a, 0)
	shift := new(big.Float).SetPrec(w.prec)
	for i := range a.Rows {
		for _, v := range a.Row(i) {
			x := w.number(float64(v))
			shift.Add(shift, x.Abs(x))
		}
	}
	for i := range w.cols {
		w.cols[i][i].Add(w.cols[i][i], shift)
	}
	for w.sweep() {
	}
	d := make([]float64, len(w.cols))
	for i, c := range w.cols {
		s := w.dot(c, c)
		s.Sqrt(s)
		d[i], _ = s.Sub(s, shift).Float64()
	}
	slices.Sort(d)
	return d
}

// bigColumns are the columns of a matrix with at most as many as rows.
type bigColumns struct {
	prec  uint
	tol   *big.Float // of the cosine, squared
	floor *big.Float // of the norm, squared: columns below it are noise
	cols  [][]*big.Float
}

// columns converts a, transposed when it is wide. Each decade costs 3.4 bits in
// the smallest column, and as much again in the condition of the rows.
func columns[T mat.Float](a *mat.Dense[T], decades int) *bigColumns {
	w := &bigColumns{prec: uint(256 + 7*decades)}
	w.tol = new(big.Float).SetMantExp(w.number(1), -int(w.prec)+40)
	w.floor = w.number(0)
	m, n := max(a.Rows, a.Cols), min(a.Rows, a.Cols)
	for j := range n {
		c := make([]*big.Float, m)
		for i := range c {
			if a.Rows >= a.Cols {
				c[i] = w.number(float64(a.At(i, j)))
			} else {
				c[i] = w.number(float64(a.At(j, i)))
			}
		}
		w.cols = append(w.cols, c)
		w.floor.Add(w.floor, w.dot(c, c))
	}
	w.floor.SetMantExp(w.floor, -2*int(w.prec)+80)
	return w
}

func (w *bigColumns) number(x float64) *big.Float {
	return new(big.Float).SetPrec(w.prec).SetFloat64(x)
}

func (w *bigColumns) dot(x, y []*big.Float) *big.Float {
	s, t := w.number(0), w.number(0)
	for i := range x {
		s.Add(s, t.Mul(x[i], y[i]))
	}
	return s
}

// sweep orthogonalises every pair of columns, the longer one first, and reports
// whether any needed it.
func (w *bigColumns) sweep() bool {
	rotated := false
	for p := range w.cols {
		for q := p + 1; q < len(w.cols); q++ {
			x, y := w.cols[p], w.cols[q]
			a, b, g := w.dot(x, x), w.dot(y, y), w.dot(x, y)
			if a.Cmp(b) < 0 {
				w.cols[p], w.cols[q] = y, x
				x, y, a, b = y, x, b, a
			}
			if b.Cmp(w.floor) <= 0 {
				continue
			}
			gg, limit := w.number(0).Mul(g, g), w.number(0).Mul(a, b)
			if gg.Cmp(limit.Mul(limit, w.tol)) <= 0 {
				continue
			}
			rotated = true
			w.rotate(x, y, w.tangent(a, b, g))
		}
	}
	return rotated
}

// tangent is t = 1/(ζ + √(1+ζ²)), ζ = (a−b)/2|g|, with the sign of g.
func (w *bigColumns) tangent(a, b, g *big.Float) *big.Float {
	zeta := w.number(0).Sub(a, b)
	zeta.Quo(zeta, w.number(0).Abs(w.number(0).Add(g, g)))
	root := w.number(0).Mul(zeta, zeta)
	root.Sqrt(root.Add(root, w.number(1)))
	t := w.number(1)
	t.Quo(t, root.Add(root, zeta))
	if g.Sign() < 0 {
		t.Neg(t)
	}
	return t
}

// rotate sets x, y = c·(x + t·y), c·(y − t·x) with c = 1/√(1+t²).
func (w *bigColumns) rotate(x, y []*big.Float, t *big.Float) {
	c := w.number(0).Mul(t, t)
	c.Sqrt(c.Add(c, w.number(1)))
	c.Quo(w.number(1), c)
	for i := range x {
		tx, ty := w.number(0).Mul(t, x[i]), w.number(0).Mul(t, y[i])
		x[i].Add(x[i], ty).Mul(x[i], c)
		y[i].Sub(y[i], tx).Mul(y[i], c)
	}
}

func (w *bigColumns) norms() []float64 {
	s := make([]float64, len(w.cols))
	for i, c := range w.cols {
		x := w.dot(c, c)
		s[i], _ = x.Sqrt(x).Float64()
	}
	slices.Sort(s)
	slices.Reverse(s)
	return s
}
