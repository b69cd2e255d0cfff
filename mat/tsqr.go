package mat

import "github.com/lanes-go/lanes/kernels"

// TSQR is the QR factorization of a tall matrix, A = Q·R, by blocks of rows that
// are factored each for itself, in cache and on several goroutines, and whose
// factors R are then stacked and factored in the same way (Demmel, Grigori,
// Hoemmen and Langou, 2012). The blocks follow from the shape alone, so the
// result does not depend on the number of threads. Any shape is legal; one
// block makes it QR. The zero value is ready for Factorize; a second call on
// the same shape allocates nothing but the goroutines it starts. One goroutine
// at a time may use it.
//
// The error is that of QR.
type TSQR[T Float] struct {
	// Threads caps the goroutines of one call; 0 means the cap of
	// SetMaxThreads. It does not change a bit of the result.
	Threads int

	m, n    int
	blocks  []QR[T]
	stacked Dense[T] // the factors R of the blocks; in QTo their share of Q
	top     *TSQR[T] // of stacked; unused where there is one block
	data    []T
	operand Dense[T] // A or Q while blocks work on it
	job     kernels.Job
}

// Factorize computes the factorization of a, m × n, which it does not modify
// and of which it keeps nothing. Cost: about 2mn² flops.
func (t *TSQR[T]) Factorize(a *Dense[T]) {
	a.check("Factorize", "A")
	t.resize(a.Rows, a.Cols)
	if len(t.blocks) == 1 {
		t.blocks[0].Threads = t.Threads
		t.blocks[0].Factorize(a)
		return
	}
	t.run(tsqrFactorize[T]{t}, a)
	t.top.Threads = t.Threads
	t.top.Factorize(&t.stacked)
}

// resize chooses the blocks, each tall enough for its R to be small beside it.
func (t *TSQR[T]) resize(m, n int) {
	t.m, t.n = m, n
	count := 1
	if n > 0 {
		count = max(1, m/max(16*n, 512))
	}
	for len(t.blocks) < count {
		t.blocks = append(t.blocks, QR[T]{})
	}
	t.blocks = t.blocks[:count]
	if count == 1 {
		return
	}
	t.data = sized(t.data, count*n*n)
	t.stacked = Dense[T]{Rows: count * n, Cols: n, Data: t.data, Stride: n}
	if t.top == nil {
		t.top = new(TSQR[T])
	}
}

// RTo sets dst = R, min(m,n) × n, with zeros under the diagonal. An empty dst
// is sized. It panics with Error when the shape of dst is another.
func (t *TSQR[T]) RTo(dst *Dense[T]) {
	dst.Resize("RTo", min(t.m, t.n), t.n)
	switch {
	case len(t.blocks) == 1:
		t.blocks[0].RTo(dst)
	case len(t.blocks) > 1:
		t.top.RTo(dst)
	}
}

// QTo sets dst to the first min(m,n) columns of Q, m × min(m,n). An empty dst
// is sized. It panics with Error when the shape of dst is another. Cost: as
// Factorize.
func (t *TSQR[T]) QTo(dst *Dense[T]) {
	dst.Resize("QTo", t.m, min(t.m, t.n))
	switch {
	case len(t.blocks) == 1:
		t.blocks[0].Threads = t.Threads
		t.blocks[0].QTo(dst)
	case len(t.blocks) > 1:
		t.top.Threads = t.Threads
		t.top.QTo(&t.stacked)
		t.run(tsqrApply[T]{t}, dst)
	}
}

// run has every block do its part of task on its rows of m.
func (t *TSQR[T]) run(task kernels.Tasker, m *Dense[T]) {
	t.operand = *m
	t.job.Run(threadsFor(t.Threads), len(t.blocks), task)
	t.operand = Dense[T]{}
}

// rows returns block i of the operand.
func (t *TSQR[T]) rows(i int) Dense[T] {
	first, next := i*t.m/len(t.blocks), (i+1)*t.m/len(t.blocks)
	return t.operand.sub(first, 0, next-first, t.n)
}

// share returns block i of stacked.
func (t *TSQR[T]) share(i int) Dense[T] { return t.stacked.sub(i*t.n, 0, t.n, t.n) }

type tsqrFactorize[T Float] struct{ *TSQR[T] }

func (t tsqrFactorize[T]) Task(_, i int) {
	a, r := t.rows(i), t.share(i)
	t.blocks[i].Threads = 1
	t.blocks[i].Factorize(&a)
	t.blocks[i].RTo(&r)
}

// tsqrApply turns the blocks' shares of Q into Q.
type tsqrApply[T Float] struct{ *TSQR[T] }

func (t tsqrApply[T]) Task(_, i int) {
	q, share := t.rows(i), t.share(i)
	top, rest := q.sub(0, 0, t.n, t.n), q.sub(t.n, 0, q.Rows-t.n, t.n)
	top.copyRows(&share)
	rest.clearRows()
	t.blocks[i].Threads = 1
	t.blocks[i].MulQ(NoTrans, &q)
}
