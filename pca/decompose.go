package pca

import (
	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// workspace is what a second Fit of the same size uses again. Lengths and
// sums of squares in it are those of scale·x.
type workspace[T mat.Float] struct {
	deviations deviations[T]
	mean       []float64    // d
	sum        []float64    // of a run
	centred    mat.Dense[T] // n × d, or blockRows × d
	cov        mat.Dense[T] // d × d
	spectrum   []T

	// What a solver finds: the descending sums of squares along the components,
	// at most min(n, d) of them; those of the whole sample, and what others are
	// left of it; and the components as columns, that of scatter[i] being vectors'
	// column first + i·step.
	scatter     []float64
	total, rest float64
	vectors     mat.Dense[T]
	first, step int

	products mat.Workspace[T]
	sym      eig.Sym[T]
	svd      svd.SVD[T]
}

// decompose runs the solver on the centred scale·x.
func (p *PCA[T]) decompose(x *mat.Dense[T], scale float64) error {
	switch p.solver {
	case Covariance:
		return p.byCovariance(x, scale)
	case Randomized:
		return p.byTruncation(x, scale)
	}
	return p.bySVD(x, scale)
}

const blockRows = 256 // of the centred sample that byCovariance holds at once

func (p *PCA[T]) byCovariance(x *mat.Dense[T], scale float64) error {
	n, d := x.Rows, x.Cols
	w := &p.workspace
	reshape(&w.cov, d, d)
	w.products.Threads = p.opts.Threads
	for at := 0; at < n; at += blockRows {
		reshape(&w.centred, min(blockRows, n-at), d)
		w.deviations.centre(&w.centred, x, at, scale)
		w.products.Syrk(mat.Trans, 1, &w.centred, T(min(at, 1)), &w.cov)
	}
	leading := eig.Range{Largest: p.opts.Components}
	if err := w.sym.Factorize(&w.cov, eig.Options{Range: leading, Threads: p.opts.Threads}); err != nil {
		return err
	}
	found := w.sym.Len()
	reshape(&w.vectors, d, found)
	w.sym.VectorsTo(&w.vectors)
	w.first, w.step = found-1, -1
	w.spectrum = w.sym.Values(grow(w.spectrum, found))
	w.scatter = grow(w.scatter, min(n, found))
	for i := range w.scatter {
		w.scatter[i] = max(float64(w.spectrum[found-1-i]), 0) // rounding goes below
	}
	w.total = 0
	for i := range d {
		w.total += float64(w.cov.At(i, i))
	}
	w.leave(min(n, d))
	return nil
}

// leave finds what is left of the total, which no component of so many has taken.
func (w *workspace[T]) leave(components int) {
	w.rest = 0
	if len(w.scatter) < components {
		w.rest = max(w.total-sum(w.scatter), 0)
	}
}

func (p *PCA[T]) bySVD(x *mat.Dense[T], scale float64) error {
	n, d := x.Rows, x.Cols
	w := &p.workspace
	reshape(&w.centred, n, d)
	w.deviations.centre(&w.centred, x, 0, scale)
	if err := w.svd.Factorize(&w.centred, svd.Options{Threads: p.opts.Threads}); err != nil {
		return err
	}
	reshape(&w.vectors, d, min(n, d))
	w.svd.VTo(&w.vectors)
	w.spectrum = w.svd.Values(grow(w.spectrum, min(n, d)))
	w.squareSpectrum()
	w.total = sum(w.scatter)
	w.leave(min(n, d))
	return nil
}

func (p *PCA[T]) byTruncation(x *mat.Dense[T], scale float64) error {
	n, d := x.Rows, x.Cols
	w := &p.workspace
	reshape(&w.centred, n, d)
	w.deviations.centre(&w.centred, x, 0, scale)
	k := p.opts.Components
	if k == 0 {
		k = min(n, d)
	}
	_, s, v, err := svd.Truncated(&w.centred, k, svd.TruncatedOptions{Seed: p.opts.Seed, Threads: p.opts.Threads})
	if err != nil {
		return err
	}
	w.vectors, w.spectrum = *v, s
	w.squareSpectrum()
	w.total = 0
	for i := range n {
		w.total += float64(kernels.SumSq(w.centred.Row(i)))
	}
	w.leave(min(n, d))
	return nil
}

// squareSpectrum turns singular values, whose vectors are in order, to scatter.
func (w *workspace[T]) squareSpectrum() {
	w.first, w.step = 0, 1
	w.scatter = grow(w.scatter, len(w.spectrum))
	for i, s := range w.spectrum {
		w.scatter[i] = float64(s) * float64(s)
	}
}
