package eig

import (
	"time"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// many is what decomposes matrices of one order, one to each lane of a vector.
type many[T mat.Float] struct {
	core   spectral.SymMany[T]
	watch  spectral.Monitor
	bounds []float64
	all    []T // eigenvalues of a matrix
}

// Shape returns the order of matrix i where it goes to a lane.
func (w *batchWork[T]) Shape(i int) uint32 {
	n, opts := w.places[i].n, &w.opts
	if opts.Method != Auto || opts.Accurate || opts.ValuesOnly || n < 2 || n > spectral.LanesOrder[T]() {
		return 0
	}
	return uint32(n)
}

// together decomposes the matrices of a unit, which are of one order.
func (w *batchWork[T]) together(s *batchSlot[T], unit []int, errs []error) {
	start := time.Now()
	m := &s.many
	m.core.Reset(w.places[unit[0]].n)
	m.bounds = spectral.Grow(m.bounds, len(unit))
	for lane, i := range unit {
		errs[i] = w.load(m, lane, w.a[i])
	}
	m.watch = spectral.Monitor{Context: w.opts.Context}
	m.core.Run(len(unit), sweepLimit(w.opts), &m.watch)
	each := time.Since(start) / time.Duration(len(unit))
	for lane, i := range unit {
		st := m.core.Sweeps(lane)
		w.stats[i] = Stats{Method: OneSidedJacobi, Reason: reasonMany,
			Sweeps: st.Count, Rotations: st.Rotations, OffNorm: st.Off, Diagonalise: each}
		if errs[i] == nil {
			errs[i] = m.watch.Err()
		}
		if errs[i] == nil {
			errs[i] = converged(st, OneSidedJacobi)
		}
		if errs[i] == nil {
			w.keep(s, lane, i)
		}
	}
	m.watch = spectral.Monitor{}
}

// load fills a lane, and leaves it empty where the matrix is not to be decomposed.
func (w *batchWork[T]) load(m *many[T], lane int, a *mat.Dense[T]) error {
	bound, ok := m.core.Load(lane, a)
	if !ok {
		return mat.ErrNotFinite
	}
	m.bounds[lane] = bound
	err := checkSymmetry(a, w.opts)
	if err != nil {
		m.core.Clear(lane)
	}
	return err
}

// keep takes the results of matrix i from its lane.
func (w *batchWork[T]) keep(s *batchSlot[T], lane, i int) {
	p, m := &w.places[i], &s.many
	m.all = spectral.Grow(m.all, p.n)
	m.core.ValuesTo(lane, m.all)
	first, last := indices(w.opts.Range, m.all)
	p.kept = last - first
	values := w.values[p.values:][:p.kept]
	copy(values, m.all[first:last])
	s.out = w.vectorsOf(p)
	m.core.VectorsTo(lane, &s.out, first)
	if w.opts.Residual {
		r := &s.sym.residual
		shape(&r.vectors, p.n, p.kept)
		r.vectors.CopyFrom(&s.out)
		st := &w.stats[i]
		st.Residual, st.Orthogonality = r.of(w.a[i], m.bounds[lane], values, 1)
	}
}
