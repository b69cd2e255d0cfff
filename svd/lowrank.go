package svd

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// residual measures the largest ‖A·v − σ·u‖ of the result.
func (x *truncation[T]) residual() float64 {
	u, s, v := x.result.U, x.result.S, x.result.V
	x.result.Residual = 0
	if len(s) == 0 {
		return 0
	}
	r := mat.NewDense[T](x.m, len(s), nil)
	x.op.MulTo(r, v)
	for i := range r.Rows {
		row, ui := r.Row(i), u.Row(i)
		for j, sigma := range s {
			row[j] -= sigma * ui[j]
		}
	}
	for _, length := range lengths(r) {
		x.result.Residual = max(x.result.Residual, length)
	}
	return x.result.Residual
}

// lengths returns those of the columns.
func lengths[T mat.Float](a *mat.Dense[T]) []float64 {
	list, column := make([]float64, a.Cols), make([]T, a.Rows)
	for j := range list {
		for i := range column {
			column[i] = a.Data[i*a.Stride+j]
		}
		list[j] = float64(kernels.Nrm2(column))
	}
	return list
}

const (
	// probes is the number of random vectors that the error is measured with:
	// the probability of an underestimate is 10^−probes.
	probes = 6
	// probeFactor is 10·√(2/π) (Halko, Martinsson and Tropp 2011, lemma 4.1): for
	// a normal ω, ‖E‖ ≤ probeFactor·‖E·ω‖ with probability 0.9 or more.
	probeFactor = 7.978845608028654
)

// measure estimates the errors of the result. The lemma holds for F = E·Eᵀ·E,
// E = A − U·Σ·Vᵀ, as well, and as ‖F‖ = ‖E‖³, the third root brings its factor
// from 8 to 2.
func (x *truncation[T]) measure() {
	x.residual()
	left, right := mat.NewDense[T](x.m, probes, nil), mat.NewDense[T](x.n, probes, nil)
	for i := range right.Data {
		right.Data[i] = T(x.rng.NormFloat64())
	}
	growth := make([]float64, probes)
	for j := range growth {
		growth[j] = 1
	}
	x.errorTimes(left, right)
	normalise(left, growth)
	x.errorTransTimes(right, left)
	normalise(right, growth)
	x.errorTimes(left, right)
	normalise(left, growth)
	x.result.Error = 0
	for _, g := range growth {
		x.result.Error = max(x.result.Error, math.Cbrt(probeFactor*g))
	}
}

// normalise scales the columns to length 1 and multiplies growth by what they
// had. A column of zeros stays.
func normalise[T mat.Float](a *mat.Dense[T], growth []float64) {
	for j, length := range lengths(a) {
		growth[j] *= length
		if length == 0 {
			continue
		}
		for i := range a.Rows {
			a.Data[i*a.Stride+j] /= T(length)
		}
	}
}

// errorTimes writes E·X to dst.
func (x *truncation[T]) errorTimes(dst, right *mat.Dense[T]) {
	x.op.MulTo(dst, right)
	x.subtract(dst, x.result.U, x.result.V, right)
}

// errorTransTimes writes Eᵀ·Y to dst.
func (x *truncation[T]) errorTransTimes(dst, left *mat.Dense[T]) {
	x.op.MulTransTo(dst, left)
	x.subtract(dst, x.result.V, x.result.U, left)
}

// subtract takes P·Σ·(Qᵀ·X) off dst.
func (x *truncation[T]) subtract(dst, p, q, right *mat.Dense[T]) {
	if len(x.result.S) == 0 {
		return
	}
	c := mat.NewDense[T](len(x.result.S), right.Cols, nil)
	x.work.Gemm(mat.Trans, mat.NoTrans, 1, q, right, 0, c)
	for i, sigma := range x.result.S {
		kernels.Scal(sigma, c.Row(i))
	}
	x.work.Gemm(mat.NoTrans, mat.NoTrans, -1, p, c, 1, dst)
}
