package svd

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// many decomposes matrices of one shape, one to each lane of a vector.
type many[T mat.Float] struct {
	core  spectral.SVDMany[T]
	watch spectral.Monitor
	lanes []manyLane
}

type manyLane struct {
	loaded     bool
	transposed bool // the lane has Aᵀ
}

// Shape returns the order of the sides of matrix i, the longer one first, where
// it goes to a lane.
func (w *batchWork[T]) Shape(i int) uint32 {
	m, n, opts := w.places[i].m, w.places[i].n, &w.opts
	if opts.Method != Auto || opts.Full && m != n || min(m, n) < 2 || !suitsMany(w.a[i]) {
		return 0
	}
	return uint32(max(m, n))<<16 | uint32(min(m, n))
}

// together decomposes the matrices of a unit, whose sides are alike. Those that
// need another method, or another's help, are decomposed alone.
func (w *batchWork[T]) together(s *batchSlot[T], unit []int, errs []error) {
	p, m := w.places[unit[0]], &s.many
	m.core.Reset(max(p.m, p.n), min(p.m, p.n), !w.opts.ValuesOnly)
	m.lanes = spectral.Grow(m.lanes, len(unit))
	for lane, i := range unit {
		errs[i] = w.load(s, lane, w.a[i])
	}
	m.watch = spectral.Monitor{Context: w.opts.Context}
	m.core.Run(sweepLimit(w.opts), &m.watch)
	for lane, i := range unit {
		w.stats[i] = Stats{}
		if errs[i] == nil {
			errs[i] = m.watch.Err()
		}
		if errs[i] != nil {
			continue
		}
		if m.lanes[lane].loaded && m.core.Sweeps(lane).Converged {
			w.keep(s, lane, i)
		} else {
			errs[i] = w.alone(s, i)
		}
	}
	m.watch = spectral.Monitor{}
}

// load fills a lane, unless rotations of the columns of a or aᵀ are not accurate.
func (w *batchWork[T]) load(s *batchSlot[T], lane int, a *mat.Dense[T]) error {
	m := &s.many
	m.lanes[lane] = manyLane{}
	s.svd.sizes = spectral.Grow(s.svd.sizes, a.Rows)
	largest, ok := boundRows(a, s.svd.sizes)
	if !ok {
		return mat.ErrNotFinite
	}
	if b, ok := s.svd.laneOperand(a); ok {
		m.lanes[lane] = manyLane{loaded: true, transposed: b.transposed}
		m.core.Load(lane, a, b.transposed, spectral.ScaleLanes[T](a.Rows*a.Cols, largest))
	}
	return nil
}

// keep takes the results of matrix i from its lane.
func (w *batchWork[T]) keep(s *batchSlot[T], lane, i int) {
	p, m := &w.places[i], &s.many
	w.stats[i] = laneStats(m.core.Sweeps(lane))
	m.core.Finish(lane, w.valuesOf(p))
	if w.opts.ValuesOnly {
		return
	}
	left, right := w.leftOf(p), w.rightOf(p)
	if m.lanes[lane].transposed {
		left, right = right, left
	}
	s.out = left
	m.core.LeftTo(&s.out)
	s.out = right
	m.core.RightTo(&s.out)
}
