package eig

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Batch holds the eigendecompositions of many matrices that are too small to
// share one among threads: thousands of covariances of order 4 to 32. The
// matrices are shared instead. The zero value is ready for Factorize. One
// goroutine at a time may use it.
type Batch[T mat.Float] struct {
	work batchWork[T]
	jobs spectral.Batch
}

// batchWork is the matrices of a batch and what is known of them.
type batchWork[T mat.Float] struct {
	a       []*mat.Dense[T]
	opts    Options
	slots   []*batchSlot[T]
	places  []place
	stats   []Stats
	values  []T
	vectors []T
}

// batchSlot is what one goroutine works with.
type batchSlot[T mat.Float] struct {
	sym  Sym[T]
	many many[T]
	out  mat.Dense[T]
}

// place tells where the results of a matrix of order n lie.
type place struct {
	n, kept         int // kept: eigenvalues that Options.Range selected
	values, vectors int
}

// Factorize decomposes every matrix of a as Sym.Factorize does, and keeps the
// results: n² + n elements for each. Orders may differ. Where Auto is to find
// vectors, and not the accurate ones, matrices of one order from 2 to 16 (24 in
// float32) go through Jacobi rotations together, one matrix to each lane of a
// vector; their last bits differ from those of Sym. The others of a batch, their
// number and that of the threads change no bit of a result. Batches of a size
// allocate nothing once every goroutine has had its share of one. It panics with
// mat.Error, before any work, where Sym.Factorize would.
//
// Matrices do not disturb each other: where some fail, by NaN or Inf for
// instance, the rest are decomposed all the same, Factorize returns one error
// that names the matrices and wraps their errors, and Err has that of each.
//
// Options.Threads caps the goroutines over the batch; every matrix takes one.
// Options.Progress is called with the number of matrices done before each
// sixteen or fewer which the goroutine of Factorize takes. Cost: that of the
// decompositions.
func (b *Batch[T]) Factorize(a []*mat.Dense[T], opts Options) error {
	w := &b.work
	w.places = w.places[:0]
	for i := range a {
		check(a[i], opts)
	}
	threads := spectral.BatchThreads(opts.Threads, len(a), w.lay(a, opts.ValuesOnly))
	for len(w.slots) < threads {
		w.slots = append(w.slots, new(batchSlot[T]))
	}
	progress := opts.Progress
	opts.Progress, opts.Threads = nil, 1
	w.a, w.opts = a, opts
	err := b.jobs.Run(len(a), threads, kernels.JacobiWidth[T](), w, progress)
	w.a, w.opts.Context = nil, nil
	return err
}

// lay finds places for the results and returns the sum of n³.
func (w *batchWork[T]) lay(a []*mat.Dense[T], valuesOnly bool) (work float64) {
	var values, vectors int
	for _, m := range a {
		n := m.Rows
		w.places = append(w.places, place{n: n, values: values, vectors: vectors})
		values += n
		if !valuesOnly {
			vectors += n * n
		}
		work += float64(n) * float64(n) * float64(n)
	}
	w.stats = spectral.Grow(w.stats, len(a))
	w.values = spectral.Grow(w.values, values)
	w.vectors = spectral.Grow(w.vectors, vectors)
	return work
}

// Solve decomposes matrices of one order in vector lanes, or a single one.
func (w *batchWork[T]) Solve(slot int, unit []int, errs []error) {
	s := w.slots[slot]
	if w.Shape(unit[0]) != 0 {
		w.together(s, unit, errs)
		return
	}
	errs[unit[0]] = w.alone(s, unit[0])
}

// alone decomposes matrix i.
func (w *batchWork[T]) alone(s *batchSlot[T], i int) error {
	p := &w.places[i]
	err := s.sym.Factorize(w.a[i], w.opts)
	w.stats[i] = s.sym.Stats()
	if err != nil {
		return err
	}
	p.kept = s.sym.Len()
	s.sym.Values(w.values[p.values:][:p.kept])
	if !w.opts.ValuesOnly && p.n > 0 {
		s.out = w.vectorsOf(p)
		s.sym.VectorsTo(&s.out)
	}
	return nil
}

func (w *batchWork[T]) vectorsOf(p *place) mat.Dense[T] {
	return mat.Dense[T]{Rows: p.n, Cols: p.kept, Stride: p.kept, Data: w.vectors[p.vectors:][:p.n*p.kept]}
}

// Len returns the number of matrices of the last Factorize.
func (b *Batch[T]) Len() int { return len(b.work.places) }

// Err returns the error of matrix i, nil where it was decomposed. It panics with
// mat.Error when there is no such matrix.
func (b *Batch[T]) Err(i int) error {
	b.find("Err", i)
	return b.jobs.Errs[i]
}

// Stats tells how the decomposition of matrix i went, also where it failed to
// converge. It panics with mat.Error when there is no such matrix.
func (b *Batch[T]) Stats(i int) Stats {
	b.find("Stats", i)
	return b.work.stats[i]
}

// Values writes the eigenvalues of matrix i to dst in ascending order and
// returns it. A nil dst is allocated. It panics with mat.Error when dst has
// another length, and when matrix i was not decomposed.
func (b *Batch[T]) Values(i int, dst []T) []T {
	p := b.decomposed("Values", i)
	if dst == nil {
		dst = make([]T, p.kept)
	}
	if len(dst) != p.kept {
		panicf("Values", "len(dst) = %d, matrix %d has %d eigenvalues", len(dst), i, p.kept)
	}
	copy(dst, b.work.values[p.values:])
	return dst
}

// VectorsTo writes the eigenvectors of matrix i to the columns of dst, one for
// each of the Values. An empty dst is sized. It panics with mat.Error when dst
// has another shape, when matrix i was not decomposed, and after ValuesOnly.
func (b *Batch[T]) VectorsTo(i int, dst *mat.Dense[T]) {
	p := b.decomposed("VectorsTo", i)
	if b.work.opts.ValuesOnly {
		panicf("VectorsTo", "there are no eigenvectors")
	}
	dst.Resize("VectorsTo", p.n, p.kept)
	v := b.work.vectorsOf(p)
	dst.CopyFrom(&v)
}

func (b *Batch[T]) find(op string, i int) *place {
	if uint(i) >= uint(len(b.work.places)) {
		panicf(op, "there is no matrix %d in a batch of %d", i, len(b.work.places))
	}
	return &b.work.places[i]
}

func (b *Batch[T]) decomposed(op string, i int) *place {
	p := b.find(op, i)
	if err := b.jobs.Errs[i]; err != nil {
		panicf(op, "matrix %d was not decomposed: %v", i, err)
	}
	return p
}
