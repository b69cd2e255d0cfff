package svd

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Batch holds the singular value decompositions of many matrices that are too
// small to share one among threads: thousands of order 4 to 32. The matrices are
// shared instead. The zero value is ready for Factorize. One goroutine at a time
// may use it.
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
	svd  SVD[T]
	many many[T]
	out  mat.Dense[T]
}

// place tells where the results of an m × n matrix lie.
type place struct {
	m, n         int
	left, right  int // columns of U and V
	values, u, v int
}

// Factorize decomposes every matrix of a as SVD.Factorize does, as accurately, and
// keeps the results: U, V and the singular values of each. Shapes may differ.
// Where Auto leaves QR out (see OneSidedJacobi) matrices of one shape, or its
// transpose, are rotated together, one matrix to each lane of a vector; their
// last bits differ from those of SVD. The others of a batch, their number and
// that of the threads change no bit of a result. Batches of a size allocate
// nothing once every goroutine has had its share of one. It panics with
// mat.Error, before any work, where SVD.Factorize would.
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
	threads := spectral.BatchThreads(opts.Threads, len(a), w.lay(a, opts))
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

// lay finds places for the results and returns the sum of m·n·min(m,n).
func (w *batchWork[T]) lay(a []*mat.Dense[T], opts Options) (work float64) {
	var values, vectors int
	for _, x := range a {
		k := min(x.Rows, x.Cols)
		p := place{m: x.Rows, n: x.Cols, left: k, right: k, values: values}
		if opts.Full {
			p.left, p.right = p.m, p.n
		}
		values += k
		if !opts.ValuesOnly {
			p.u = vectors
			p.v = p.u + p.m*p.left
			vectors = p.v + p.n*p.right
		}
		w.places = append(w.places, p)
		work += float64(p.m) * float64(p.n) * float64(k)
	}
	w.stats = spectral.Grow(w.stats, len(a))
	w.values = spectral.Grow(w.values, values)
	w.vectors = spectral.Grow(w.vectors, vectors)
	return work
}

// Solve decomposes matrices of one shape in vector lanes, or a single one.
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
	err := s.svd.Factorize(w.a[i], w.opts)
	w.stats[i] = s.svd.Stats()
	if err != nil {
		return err
	}
	s.svd.Values(w.valuesOf(p))
	if w.opts.ValuesOnly {
		return nil
	}
	if p.m > 0 {
		s.out = w.leftOf(p)
		s.svd.UTo(&s.out)
	}
	if p.n > 0 {
		s.out = w.rightOf(p)
		s.svd.VTo(&s.out)
	}
	return nil
}

func (w *batchWork[T]) valuesOf(p *place) []T { return w.values[p.values:][:min(p.m, p.n)] }

func (w *batchWork[T]) leftOf(p *place) mat.Dense[T] {
	return mat.Dense[T]{Rows: p.m, Cols: p.left, Stride: p.left, Data: w.vectors[p.u:][:p.m*p.left]}
}

func (w *batchWork[T]) rightOf(p *place) mat.Dense[T] {
	return mat.Dense[T]{Rows: p.n, Cols: p.right, Stride: p.right, Data: w.vectors[p.v:][:p.n*p.right]}
}

// Len returns the number of matrices of the last Factorize.
func (b *Batch[T]) Len() int { return len(b.work.places) }

// Err returns the error of matrix i, nil where it was decomposed. It panics with
// mat.Error when there is no such matrix.
func (b *Batch[T]) Err(i int) error {
	b.find("Err", i)
	return b.jobs.Errs[i]
}

// Stats tells how the decomposition of matrix i went, also where it failed. It
// panics with mat.Error when there is no such matrix.
func (b *Batch[T]) Stats(i int) Stats {
	b.find("Stats", i)
	return b.work.stats[i]
}

// Values writes the singular values of matrix i to dst in descending order and
// returns it. A nil dst is allocated. It panics with mat.Error when dst has
// another length, and when matrix i was not decomposed.
func (b *Batch[T]) Values(i int, dst []T) []T {
	values := b.work.valuesOf(b.decomposed("Values", i))
	if dst == nil {
		dst = make([]T, len(values))
	}
	if len(dst) != len(values) {
		panicf("Values", "len(dst) = %d, matrix %d has %d singular values", len(dst), i, len(values))
	}
	copy(dst, values)
	return dst
}

// UTo writes U of matrix i to dst, m × min(m,n), or m × m with Options.Full. An
// empty dst is sized. It panics with mat.Error when dst has another shape, when
// matrix i was not decomposed, and after ValuesOnly.
func (b *Batch[T]) UTo(i int, dst *mat.Dense[T]) {
	u := b.work.leftOf(b.withVectors("UTo", i))
	dst.Resize("UTo", u.Rows, u.Cols)
	dst.CopyFrom(&u)
}

// VTo writes V of matrix i, not its transpose, to dst, n × min(m,n), or n × n
// with Options.Full. The rules are those of UTo.
func (b *Batch[T]) VTo(i int, dst *mat.Dense[T]) {
	v := b.work.rightOf(b.withVectors("VTo", i))
	dst.Resize("VTo", v.Rows, v.Cols)
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

func (b *Batch[T]) withVectors(op string, i int) *place {
	p := b.decomposed(op, i)
	if b.work.opts.ValuesOnly {
		panicf(op, "there are no singular vectors")
	}
	return p
}
