package mat

import "github.com/lanes-go/lanes/kernels"

// GemmBatch computes C[i] = alpha·op(A[i])·op(B[i]) + beta·C[i] for every i: many
// products that may be too small to share among threads one by one. Shapes may
// differ from product to product. No destination may share entries with any other
// matrix of the batch. It panics with Error, before any work, when the slices
// differ in length and when one of the products would panic in Gemm. Cost: that
// of the products, on as many threads as SetMaxThreads allows.
func GemmBatch[T Float](tA, tB Transpose, alpha T, a, b []*Dense[T], beta T, c []*Dense[T]) {
	var w BatchWorkspace[T]
	w.Gemm(tA, tB, alpha, a, b, beta, c)
}

// BatchWorkspace runs batches of products without allocating after the first
// call of a size. The zero value is ready. One goroutine at a time may use it.
type BatchWorkspace[T Float] struct {
	Threads int // 0: the cap of SetMaxThreads

	job   kernels.Job
	slots []Workspace[T]
	count int
	run   int // products that a goroutine takes at a time

	tA, tB      Transpose
	alpha, beta T
	a, b, c     operands[T]
}

// Gemm is GemmBatch, with the same results to the bit.
func (w *BatchWorkspace[T]) Gemm(tA, tB Transpose, alpha T, a, b []*Dense[T], beta T, c []*Dense[T]) {
	const op = "GemmBatch"
	if len(a) != len(c) || len(b) != len(c) {
		panicf(op, "%d matrices A, %d matrices B, %d matrices C", len(a), len(b), len(c))
	}
	var work float64
	for i := range c {
		checkGemm(op, tA, tB, a[i], b[i], c[i])
		_, k := a[i].shape(tA)
		work += multiplyAdds(c[i].Rows, c[i].Cols, k)
	}
	w.a, w.b, w.c = operands[T]{list: a}, operands[T]{list: b}, operands[T]{list: c}
	w.multiply(tA, tB, alpha, beta, len(c), work)
}

// multiplyAdds of an m × n product over k; an int of 32 bits does not hold many.
func multiplyAdds(m, n, k int) float64 { return float64(m) * float64(n) * float64(k) }

const (
	longestRun  = 16      // products that a goroutine takes at a time, at most
	runs        = 4       // that each goroutine takes, or more
	serialBatch = 1 << 18 // multiply-adds below which one goroutine is faster than two
)

// multiply runs the products of the operands, which have been checked.
func (w *BatchWorkspace[T]) multiply(tA, tB Transpose, alpha, beta T, count int, work float64) {
	w.tA, w.tB, w.alpha, w.beta, w.count = tA, tB, alpha, beta, count
	threads := min(threadsFor(w.Threads), count)
	if work < serialBatch {
		threads = 1
	}
	for len(w.slots) < threads {
		w.slots = append(w.slots, Workspace[T]{Threads: 1})
	}
	w.run = min(max(count/(threads*runs), 1), longestRun)
	w.job.Run(threads, (count+w.run-1)/w.run, batchRuns[T]{w})
	w.a, w.b, w.c = operands[T]{}, operands[T]{}, operands[T]{}
}

// batchRuns are the tasks of a batch: each a run of products.
type batchRuns[T Float] struct{ *BatchWorkspace[T] }

// Task does run i.
func (w batchRuns[T]) Task(slot, i int) {
	first := i * w.run
	for n := first; n < min(first+w.run, w.count); n++ {
		a, b, c := w.a.at(n), w.b.at(n), w.c.at(n)
		multiply(&w.slots[slot], w.tA, w.tB, w.alpha, &a, &b, w.beta, &c)
	}
}

// operands are the matrices of one letter: those of a list, or one matrix again
// and again, its data advanced by step elements each time.
type operands[T Float] struct {
	list  []*Dense[T]
	first Dense[T]
	step  int
}

func (o *operands[T]) at(i int) Dense[T] {
	if o.list != nil {
		return *o.list[i]
	}
	m := o.first
	span := m.span()
	if span == 0 {
		m.Data = nil
		return m
	}
	m.Data = m.Data[i*o.step : i*o.step+span]
	return m
}

// span is the number of elements from the first entry of m to its last.
func (m *Dense[T]) span() int {
	if m.Rows == 0 || m.Cols == 0 {
		return 0
	}
	return (m.Rows-1)*m.Stride + m.Cols
}
