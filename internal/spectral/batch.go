package spectral

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Solver decomposes matrix i of a batch with the memory of a slot, which one
// goroutine at a time uses.
type Solver interface{ Solve(slot, i int) error }

// Batch shares the matrices of a batch among threads and keeps their errors. It
// allocates nothing after the first batch of a size, unless a matrix fails.
type Batch struct {
	Errs []error // of each matrix

	job      kernels.Job
	solver   Solver
	run      int // matrices that a goroutine takes at a time
	done     atomic.Int64
	progress func(stage string, done, total int)
}

const (
	longestRun  = 16      // matrices that a goroutine takes at a time, at most
	runs        = 4       // that each goroutine takes, or more
	serialBatch = 1 << 14 // sum of m·n·min(m,n) below which one goroutine is faster than two
)

// BatchThreads is the number of slots that a batch needs; work is its sum of
// m·n·min(m,n), and 0 threads means the cap of mat.SetMaxThreads.
func BatchThreads(threads, work int) int {
	switch {
	case work < serialBatch:
		return 1
	case threads > 0:
		return threads
	}
	return mat.MaxThreads()
}

// Run solves all matrices on as many threads as BatchThreads says, and returns
// nil or one error that wraps those of the matrices. Progress, unless nil, is
// called on the caller's goroutine before each run of matrices that it takes.
func (b *Batch) Run(count, threads int, solver Solver, progress func(stage string, done, total int)) error {
	b.Errs = Grow(b.Errs, count)
	clear(b.Errs)
	b.solver, b.progress = solver, progress
	b.done.Store(0)
	b.run = min(max(count/(threads*runs), 1), longestRun)
	b.job.Run(threads, (count+b.run-1)/b.run, b)
	b.solver, b.progress = nil, nil
	return batchErrorOf(b.Errs)
}

// Task solves one run of matrices, on behalf of Run.
func (b *Batch) Task(slot, i int) {
	if slot == 0 && b.progress != nil {
		b.progress(stageBatch, int(b.done.Load()), len(b.Errs))
	}
	first := i * b.run
	last := min(first+b.run, len(b.Errs))
	for k := first; k < last; k++ {
		b.Errs[k] = b.solver.Solve(slot, k)
	}
	b.done.Add(int64(last - first))
}

// batchError is the errors of the matrices of a batch that failed.
type batchError struct {
	errs  []error // each names its matrix
	total int
}

func batchErrorOf(errs []error) error {
	var failed []error
	for i, err := range errs {
		if err != nil {
			failed = append(failed, fmt.Errorf("matrix %d: %w", i, err))
		}
	}
	if failed == nil {
		return nil
	}
	return &batchError{failed, len(errs)}
}

// mentioned is how many of the errors a message quotes.
const mentioned = 8

func (e *batchError) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "lanes: %d of %d matrices failed", len(e.errs), e.total)
	for i, err := range e.errs {
		if i == mentioned {
			fmt.Fprintf(&s, "; and %d more", len(e.errs)-mentioned)
			break
		}
		fmt.Fprintf(&s, "; %v", err)
	}
	return s.String()
}

func (e *batchError) Unwrap() []error { return e.errs }
