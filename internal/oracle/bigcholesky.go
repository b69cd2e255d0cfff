package oracle

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// DefiniteEigenvalues returns the eigenvalues of a positive definite matrix,
// ascending: the squared singular values of its Cholesky factor, in big.Float.
// For D·A·D with any diagonal D they are as accurate as if D were 1 (Demmel and
// Veselić 1992), so 128 bits suffice whatever the range, and cosines of 2⁻⁶⁴. The
// rows are taken by falling diagonal, which spares sweeps. It panics when a is
// not positive definite.
func DefiniteEigenvalues[T mat.Float](a *mat.Dense[T]) []float64 {
	const prec = 128
	w := &bigColumns{prec: prec}
	w.tol = new(big.Float).SetMantExp(w.number(1), -prec)
	w.floor = w.number(0)
	p := byDiagonal(a)
	// Column j of L is zero above entry j.
	for j := range a.Rows {
		c := make([]*big.Float, a.Rows)
		for i := range c {
			c[i] = w.number(0)
			if i < j {
				continue
			}
			c[i].SetFloat64(float64(a.At(p[j], p[i])))
			for _, before := range w.cols {
				c[i].Sub(c[i], w.number(0).Mul(before[i], before[j]))
			}
		}
		if c[j].Sign() <= 0 {
			panic("oracle: the matrix is not positive definite")
		}
		pivot := w.number(0).Sqrt(c[j])
		for i := j; i < a.Rows; i++ {
			c[i].Quo(c[i], pivot)
		}
		w.cols = append(w.cols, c)
	}
	for w.sweep() {
	}
	d := make([]float64, len(w.cols))
	for i, c := range w.cols {
		d[i], _ = w.dot(c, c).Float64()
	}
	slices.Sort(d)
	return d
}

// byDiagonal returns the rows of a by falling diagonal entry.
func byDiagonal[T mat.Float](a *mat.Dense[T]) []int {
	p := make([]int, a.Rows)
	for i := range p {
		p[i] = i
	}
	slices.SortStableFunc(p, func(i, j int) int { return cmp.Compare(a.At(j, j), a.At(i, i)) })
	return p
}
