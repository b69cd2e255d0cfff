package nn

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SGD is stochastic gradient descent: with g = Grad + WeightDecay·Value,
// Momentum 0 does Value −= LR·g, and any other v = Momentum·v + g followed by
// Value −= LR·v (Sutskever et al. 2013, in the form without dampening).
type SGD[T mat.Float] struct {
	LR          T // learning rate; 0 means 0.01
	Momentum    T // of the step before that is kept; 0 means none
	WeightDecay T // 0 means none

	velocity [][]T
}

// Step updates every Value. With momentum the optimizer keeps a vector per
// parameter, so it must get the same parameters in the same order each time; it
// panics with mat.Error when their number or lengths change, or when those of a
// Value and its Grad differ. Only the first call allocates.
func (o *SGD[T]) Step(params []Param[T]) {
	const op = "SGD.Step"
	checkParams(op, params)
	lr := orDefault(o.LR, 0.01)
	if o.Momentum == 0 {
		for _, p := range params {
			if o.WeightDecay != 0 {
				kernels.Scal(1-lr*o.WeightDecay, p.Value)
			}
			kernels.Axpy(-lr, p.Grad, p.Value)
		}
		return
	}
	o.velocity = state(op, o.velocity, params)
	for i, p := range params {
		v := o.velocity[i]
		kernels.Scal(o.Momentum, v)
		kernels.Axpy(1, p.Grad, v)
		kernels.Axpy(o.WeightDecay, p.Value, v)
		kernels.Axpy(-lr, v, p.Value)
	}
}

func orDefault[T mat.Float](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

func checkParams[T mat.Float](op string, params []Param[T]) {
	for i, p := range params {
		if len(p.Value) != len(p.Grad) {
			panicf(op, "parameter %d (%s): len(Value) = %d, len(Grad) = %d", i, p.Name, len(p.Value), len(p.Grad))
		}
	}
}

// state returns s, a vector per parameter, and makes it of zeros when nil.
func state[T mat.Float](op string, s [][]T, params []Param[T]) [][]T {
	if s == nil {
		s = make([][]T, len(params))
		for i, p := range params {
			s[i] = make([]T, len(p.Value))
		}
	}
	if len(s) != len(params) {
		panicf(op, "%d parameters, %d in the first step", len(params), len(s))
	}
	for i, p := range params {
		if len(s[i]) != len(p.Value) {
			panicf(op, "parameter %d (%s): len(Value) = %d, %d in the first step", i, p.Name, len(p.Value), len(s[i]))
		}
	}
	return s
}
