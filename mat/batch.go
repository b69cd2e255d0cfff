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

	tA, tB      Transpose
	alpha, beta T
	a, b, c     []*Dense[T]
}

// Gemm is GemmBatch, with the same results to the bit.
func (w *BatchWorkspace[T]) Gemm(tA, tB Transpose, alpha T, a, b []*Dense[T], beta T, c []*Dense[T]) {
	const op = "GemmBatch"
	if len(a) != len(c) || len(b) != len(c) {
		panicf(op, "%d matrices A, %d matrices B, %d matrices C", len(a), len(b), len(c))
	}
	var work int
	for i := range c {
		checkGemm(op, tA, tB, a[i], b[i], c[i])
		_, k := a[i].shape(tA)
		work += c[i].Rows * c[i].Cols * k
	}
	w.tA, w.tB, w.alpha, w.beta, w.a, w.b, w.c = tA, tB, alpha, beta, a, b, c
	threads := (&Workspace[T]{Threads: w.Threads}).threads()
	if work < serialBatch {
		threads = 1
	}
	for len(w.slots) < threads {
		w.slots = append(w.slots, Workspace[T]{Threads: 1})
	}
	w.job.Run(threads, (len(c)+batchRun-1)/batchRun, w)
	w.a, w.b, w.c = nil, nil, nil
}

const (
	batchRun    = 16      // products that a goroutine takes at a time
	serialBatch = 1 << 18 // multiply-adds below which one goroutine is faster than two
)

// Task runs one run of products, on behalf of Gemm.
func (w *BatchWorkspace[T]) Task(slot, i int) {
	first := i * batchRun
	for n := first; n < min(first+batchRun, len(w.c)); n++ {
		multiply(&w.slots[slot], w.tA, w.tB, w.alpha, w.a[n], w.b[n], w.beta, w.c[n])
	}
}
