package nn

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Adam steps by the running mean of the gradient over the root of the running
// mean of its square, both corrected for their start at zero (Kingma and Ba
// 2015). WeightDecay is decoupled: it shrinks Value by LR·WeightDecay before
// the step (Loshchilov and Hutter 2019).
type Adam[T mat.Float] struct {
	LR           T // learning rate; 0 means 1e-3
	Beta1, Beta2 T // decay of the two means; 0 means 0.9 and 0.999
	Eps          T // added to the root; 0 means 1e-8
	WeightDecay  T // 0 means none

	steps         int
	first, second [][]T
}

// Step updates every Value. It must get the same parameters in the same order
// each time; it panics with mat.Error when their number or lengths change, or
// when those of a Value and its Grad differ. Only the first call allocates.
func (o *Adam[T]) Step(params []Param[T]) {
	const op = "Adam.Step"
	checkParams(op, params)
	o.first = state(op, o.first, params)
	o.second = state(op, o.second, params)
	o.steps++
	lr, b1, b2 := orDefault(o.LR, 1e-3), orDefault(o.Beta1, 0.9), orDefault(o.Beta2, 0.999)
	root := math.Sqrt(o.correction(b2))
	rate := T(float64(lr) * root / o.correction(b1))
	eps := T(float64(orDefault(o.Eps, 1e-8)) * root)
	for i, p := range params {
		if o.WeightDecay != 0 {
			kernels.Scal(1-lr*o.WeightDecay, p.Value)
		}
		adam(p, o.first[i], o.second[i], b1, b2, rate, eps)
	}
}

// correction returns 1 − βᵗ, which a mean that began at zero is short by.
func (o *Adam[T]) correction(beta T) float64 {
	return 1 - math.Pow(float64(beta), float64(o.steps))
}

// adam steps one parameter. Both corrections are in rate and eps, as in section
// 2 of the paper, which leaves one division.
func adam[T mat.Float](p Param[T], m, v []T, b1, b2, rate, eps T) {
	w, m, v := p.Value, m[:len(p.Value)], v[:len(p.Value)]
	for j, g := range p.Grad[:len(w)] {
		m[j] += (1 - b1) * (g - m[j])
		v[j] += (1 - b2) * (g*g - v[j])
		w[j] -= rate * m[j] / (T(math.Sqrt(float64(v[j]))) + eps)
	}
}
