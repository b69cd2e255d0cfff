package pca

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
)

// Fit finds the components of x, n × d, which it does not modify. It returns an
// error for fewer than two rows, no column, more Components than min(n, d), and
// one that wraps mat.ErrNotFinite for NaN or Inf; those of the decomposition
// may wrap mat.ErrNoConvergence. After an error there is no fit. A second call
// for the same size allocates nothing, unless the solver is Randomized.
func (p *PCA[T]) Fit(x *mat.Dense[T]) error {
	p.fitted = false
	x.Check("Fit", "the sample")
	if err := p.checkSample(x); err != nil {
		return err
	}
	largest, err := largestMagnitude(x)
	if err != nil {
		return err
	}
	// Multiplied by scale, a power of two, the entries lie around 1, and their
	// sums and squares neither overflow nor vanish.
	_, exponent := math.Frexp(largest)
	exponent = min(max(exponent, -1000), 1000)
	scale := math.Ldexp(1, -exponent)
	w := &p.workspace
	w.deviations.reset(x.Cols)
	w.mean, w.sum = grow(w.mean, x.Cols), grow(w.sum, len(w.deviations.minus))
	w.deviations.means(w.mean, w.sum, x, scale)
	p.solver = p.opts.solver(x.Rows, x.Cols)
	if err := p.decompose(x, scale); err != nil {
		return fmt.Errorf("pca: %v: %w", p.solver, err)
	}
	p.keep(x.Rows, exponent)
	p.fitted = true
	return nil
}

func (p *PCA[T]) checkSample(x *mat.Dense[T]) error {
	switch {
	case x.Rows < 2 || x.Cols < 1:
		return fmt.Errorf("pca: the sample is %d×%d, Fit needs two rows and a column", x.Rows, x.Cols)
	case p.opts.Components > min(x.Rows, x.Cols):
		return fmt.Errorf("pca: %d components asked of a %d×%d sample, which has %d",
			p.opts.Components, x.Rows, x.Cols, min(x.Rows, x.Cols))
	}
	return nil
}

// reshape makes m rows × cols, over its own data where they suffice.
func reshape[T mat.Float](m *mat.Dense[T], rows, cols int) {
	m.Data = grow(m.Data, rows*cols)
	m.Rows, m.Cols, m.Stride = rows, cols, cols
}

// grow returns a slice of length n, which is s where that is long enough.
func grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
