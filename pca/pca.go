package pca

import (
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// PCA is a principal component analysis. After Fit, Transform, InverseTransform
// and ReconstructionError may run in several goroutines at once.
type PCA[T mat.Float] struct {
	opts   Options
	fitted bool
	solver Solver

	mean       []float64    // d
	components mat.Dense[T] // k × d
	variance   []T          // k, descending
	ratio      []T          // k
	singular   []T          // k
	deviation  []T          // k: √variance, but 0 where that is rounding
	noise      T

	workspace workspace[T]
}

// New returns an analysis that is yet to be fitted. It panics with mat.Error
// for negative Components or Threads, a Variance outside of [0, 1], both Components
// and Variance, Variance with Randomized, and an unknown solver.
func New[T mat.Float](opts Options) *PCA[T] {
	opts.check()
	return &PCA[T]{opts: opts}
}

// Components returns the k × d matrix whose rows are the orthonormal
// components, by descending variance. The entry of largest magnitude of each is
// positive. It returns a copy, as all of these methods do, and panics with
// mat.Error before a successful Fit, as all of them do too.
func (p *PCA[T]) Components() *mat.Dense[T] {
	p.mustBeFitted("Components")
	return p.components.Clone()
}

// ExplainedVariance returns the variance of the sample along each component.
func (p *PCA[T]) ExplainedVariance() []T {
	p.mustBeFitted("ExplainedVariance")
	return slices.Clone(p.variance)
}

// ExplainedVarianceRatio returns the shares of the total variance, 0 for
// constant data.
func (p *PCA[T]) ExplainedVarianceRatio() []T {
	p.mustBeFitted("ExplainedVarianceRatio")
	return slices.Clone(p.ratio)
}

// SingularValues returns those of the centred sample that belong to the
// components.
func (p *PCA[T]) SingularValues() []T {
	p.mustBeFitted("SingularValues")
	return slices.Clone(p.singular)
}

// Mean returns the mean of each column.
func (p *PCA[T]) Mean() []T {
	p.mustBeFitted("Mean")
	mean := make([]T, len(p.mean))
	for j, m := range p.mean {
		mean[j] = T(m)
	}
	return mean
}

// NoiseVariance returns the mean of the variances that were not kept, the
// noise of probabilistic PCA (Tipping and Bishop 1999); 0 when all were.
func (p *PCA[T]) NoiseVariance() T {
	p.mustBeFitted("NoiseVariance")
	return p.noise
}

// Solver returns the solver that Fit used, never Auto.
func (p *PCA[T]) Solver() Solver {
	p.mustBeFitted("Solver")
	return p.solver
}

func (p *PCA[T]) mustBeFitted(op string) {
	if !p.fitted {
		panic(mat.Error{Op: op, Detail: "there was no successful Fit"})
	}
}
