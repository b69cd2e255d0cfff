package pca

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// keep takes over the leading components of an n-row sample, whose scale was
// 2^−exponent.
func (p *PCA[T]) keep(n, exponent int) {
	w := &p.workspace
	d, k := len(w.mean), p.count()
	p.mean = grow(p.mean, d)
	for j, m := range w.mean {
		p.mean[j] = math.Ldexp(m, exponent)
	}
	total, divisor := w.total, float64(n-1)
	if p.opts.Population {
		divisor = float64(n)
	}
	p.variance, p.ratio = grow(p.variance, k), grow(p.ratio, k)
	p.singular, p.deviation = grow(p.singular, k), grow(p.deviation, k)
	rounding := p.rounding(n, d) * w.scatter[0]
	for i, s := range w.scatter[:k] {
		p.variance[i] = T(math.Ldexp(s/divisor, 2*exponent))
		p.singular[i] = T(math.Ldexp(math.Sqrt(s), exponent))
		p.ratio[i], p.deviation[i] = 0, 0
		if total > 0 {
			p.ratio[i] = T(min(s/total, 1)) // rounding goes above
		}
		if s > rounding {
			p.deviation[i] = T(math.Ldexp(math.Sqrt(s/divisor), exponent))
		}
	}
	p.noise = 0
	if dropped := min(n, d) - k; dropped > 0 {
		mean := (sum(w.scatter[k:]) + w.rest) / float64(dropped)
		p.noise = T(math.Ldexp(mean/divisor, 2*exponent))
	}
	p.keepComponents(k, d)
}

// count returns how many components the options ask for.
func (p *PCA[T]) count() int {
	scatter := p.workspace.scatter
	switch {
	case p.opts.Components > 0:
		return p.opts.Components
	case p.opts.Variance > 0:
		total, kept := sum(scatter), 0.0
		for i, s := range scatter {
			if kept += s; kept >= p.opts.Variance*total {
				return i + 1
			}
		}
	}
	return len(scatter)
}

// rounding returns what the solver cannot tell from a zero scatter, relative to
// the largest: the cut-off of numpy's matrix_rank on what was decomposed.
func (p *PCA[T]) rounding(n, d int) float64 {
	eps := float64(max(n, d)) * float64(ulp[T]())
	if p.solver == Covariance {
		return eps
	}
	return eps * eps
}

// ulp is the distance from 1 to the next number.
func ulp[T mat.Float]() T {
	var next any = math.Nextafter32(1, 2)
	if v, ok := next.(T); ok {
		return v - 1
	}
	return T(math.Nextafter(1, 2) - 1)
}

// keepComponents copies columns to rows, and turns each so that its entry of
// largest magnitude is positive.
func (p *PCA[T]) keepComponents(k, d int) {
	w := &p.workspace
	reshape(&p.components, k, d)
	for i := range k {
		row, column := p.components.Row(i), w.first+i*w.step
		for j := range row {
			row[j] = w.vectors.At(j, column)
		}
		if row[kernels.Iamax(row)] < 0 {
			kernels.Scal(-1, row)
		}
	}
}

func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}
