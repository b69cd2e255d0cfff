package main

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
)

// lapackThreshold is what LAPACK's own tests multiply n·ulp by.
const lapackThreshold = 30

// sampledVectors is how many vectors of a decomposition are verified.
const sampledVectors = 16

func ulp[T mat.Float]() float64 { return 2 * unitRoundoff[T]() }

// checkEigen verifies values and vectors of a symmetric matrix: the values by
// checkValues and for a sample of vectors the residual and the angle to every
// other vector.
func checkEigen[T mat.Float](a *mat.Dense[T], values []T, vectors *mat.Dense[T]) (float64, error) {
	eps := lapackThreshold * float64(a.Rows) * ulp[T]()
	var d deviation
	if err := addValues(&d, a, values, eps); err != nil {
		return 0, err
	}
	d.addOrthogonality(columns(vectors), eps)
	addResiduals(&d, a, values, vectors, vectors, eps*frobenius(a))
	return d.verdict()
}

// checkValues verifies the eigenvalues of a symmetric matrix: their sum, that of
// their squares, and their order.
func checkValues[T mat.Float](a *mat.Dense[T], values []T) (float64, error) {
	var d deviation
	if err := addValues(&d, a, values, lapackThreshold*float64(a.Rows)*ulp[T]()); err != nil {
		return 0, err
	}
	return d.verdict()
}

// checkSVD does the same for a thin decomposition A = U·Σ·Vᵀ.
func checkSVD[T mat.Float](a *mat.Dense[T], values []T, u, v *mat.Dense[T]) (float64, error) {
	eps := lapackThreshold * float64(max(a.Rows, a.Cols)) * ulp[T]()
	scale := frobenius(a)
	var d deviation
	var squares float64
	for i, s := range values {
		squares += float64(s) * float64(s)
		if s < 0 || i > 0 && s > values[i-1] {
			return 0, fmt.Errorf("value %d is negative or larger than the one before", i)
		}
	}
	d.add(math.Abs(squares-scale*scale), 2*eps*scale*scale, "the sum of the squared values")
	d.addOrthogonality(columns(u), eps)
	d.addOrthogonality(columns(v), eps)
	addResiduals(&d, a, values, u, v, eps*scale)
	addResiduals(&d, transpose(a), values, v, u, eps*scale)
	return d.verdict()
}

// addValues files what checkValues says.
func addValues[T mat.Float](d *deviation, a *mat.Dense[T], values []T, eps float64) error {
	scale := frobenius(a)
	var trace, sum, squares float64
	for i, v := range values {
		trace += float64(a.At(i, i))
		sum += float64(v)
		squares += float64(v) * float64(v)
		if i > 0 && v < values[i-1] {
			return fmt.Errorf("value %d is smaller than the one before", i)
		}
	}
	d.add(math.Abs(sum-trace), eps*scale, "the sum of the values")
	d.add(math.Abs(squares-scale*scale), 2*eps*scale*scale, "the sum of the squared values")
	return nil
}

// addResiduals files ‖A·v_j - λ_j·u_j‖ for a sample of j.
func addResiduals[T mat.Float](d *deviation, a *mat.Dense[T], values []T, u, v *mat.Dense[T], bound float64) {
	us, vs := columns(u), columns(v)
	for _, j := range sample(len(values), sampledVectors) {
		residual := 0.0
		for i := range a.Rows {
			sum := -float64(values[j]) * us[j][i]
			for p, x := range a.Row(i) {
				sum += float64(x) * vs[j][p]
			}
			residual = math.Hypot(residual, sum)
		}
		d.add(residual, bound, "vector %d: its residual", j)
	}
}

func (d *deviation) addOrthogonality(q [][]float64, bound float64) {
	for _, j := range sample(len(q), sampledVectors) {
		for i := range q {
			dot, want := 0.0, 0.0
			for p, v := range q[i] {
				dot += v * q[j][p]
			}
			if i == j {
				want = 1
			}
			d.add(math.Abs(dot-want), bound, "vectors %d and %d: their inner product", i, j)
		}
	}
}

// sample returns at most count of the numbers below n, the ends among them.
func sample(n, count int) []int {
	if n <= count {
		count = n
	}
	chosen := make([]int, count)
	for s := range chosen {
		chosen[s] = s * (n - 1) / max(1, count-1)
	}
	return chosen
}

func frobenius[T mat.Float](m *mat.Dense[T]) float64 {
	rows, _ := norms(m)
	total := 0.0
	for _, r := range rows {
		total = math.Hypot(total, r)
	}
	return total
}

func transpose[T mat.Float](m *mat.Dense[T]) *mat.Dense[T] {
	t := mat.NewDense[T](m.Cols, m.Rows, nil)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Data[j*t.Stride+i] = v
		}
	}
	return t
}

// columns returns the columns of a matrix in float64.
func columns[T mat.Float](m *mat.Dense[T]) [][]float64 {
	list := make([][]float64, m.Cols)
	for j := range list {
		list[j] = make([]float64, m.Rows)
		for i := range m.Rows {
			list[j][i] = float64(m.Data[i*m.Stride+j])
		}
	}
	return list
}
