package spectral

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Solver decomposes one unit of a batch, matrices that share the lanes of a
// vector or a single one, with the memory of a slot, which one goroutine at a
// time uses. It sets the errors of those matrices.
type Solver interface {
	// Shape returns what the matrices of a unit have in common, 0 for a matrix
	// that is to be alone.
	Shape(i int) uint32
	Solve(slot int, unit []int, errs []error)
}

// Batch shares the matrices of a batch among threads and keeps their errors. It
// allocates nothing after the first batch of a size, unless a matrix fails.
type Batch struct {
	Errs []error // of each matrix

	keys     []uint64 // shape and number of each matrix, sorted
	order    []int    // the matrices in the order of keys
	units    []int    // where in order each ends
	tasks    []int    // where in units each ends
	job      kernels.Job
	solver   Solver
	done     atomic.Int64
	progress func(stage string, done, total int)
}

const (
	longestRun  = 16      // matrices from which on a goroutine's task takes no more units
	runs        = 4       // tasks for each goroutine, or more
	serialBatch = 1 << 14 // sum of m·n·min(m,n) below which one goroutine is faster than two
)

// LanesMost is the largest order for which ScaleLanes leaves room.
const LanesMost = 32

// LanesOrder returns the largest order of matrices of which many, one to each
// vector lane, and of an SVD also single ones of any shape, are the fastest to be
// decomposed by Jacobi rotations: float32 has twice as many lanes.
func LanesOrder[T mat.Float]() int {
	if is64[T]() {
		return 16
	}
	return 24
}

// BatchThreads is the number of slots that a batch of count matrices needs; work is
// its sum of m·n·min(m,n), and 0 threads means the cap of mat.SetMaxThreads.
func BatchThreads(threads, count int, work float64) int {
	if work < serialBatch {
		return 1
	}
	if threads == 0 {
		threads = mat.MaxThreads()
	}
	return min(threads, count)
}

// errUndone is what a panic of Progress leaves of the matrices that it kept from
// being decomposed.
var errUndone = errors.New("lanes: the batch ended early")

// Run solves all matrices on as many threads as BatchThreads says, and returns
// nil or one error that wraps those of the matrices. Units of a shape have
// width matrices, the last of them as many as are left. Progress, unless nil, is
// called on the caller's goroutine, at first and before each other task that it takes.
func (b *Batch) Run(count, threads, width int, solver Solver, progress func(stage string, done, total int)) error {
	b.Errs = Grow(b.Errs, count)
	for i := range b.Errs {
		b.Errs[i] = errUndone
	}
	b.solver, b.progress = solver, progress
	b.plan(count, threads, width)
	b.done.Store(0)
	b.report(0)
	b.job.Run(threads, len(b.tasks), b)
	b.solver, b.progress = nil, nil
	return batchErrorOf(b.Errs)
}

// plan sorts the matrices by shape and cuts them into units and tasks.
func (b *Batch) plan(count, threads, width int) {
	b.keys, b.order = Grow(b.keys, count), Grow(b.order, count)
	for i := range count {
		b.keys[i] = uint64(b.solver.Shape(i))<<32 | uint64(i)
	}
	slices.Sort(b.keys)
	run := min(max(count/(threads*runs), 1), longestRun)
	b.units, b.tasks = b.units[:0], b.tasks[:0]
	for first, task := 0, 0; first < count; {
		kind, last := b.keys[first]>>32, first+1
		for kind != 0 && last < min(first+width, count) && b.keys[last]>>32 == kind {
			last++
		}
		for k := first; k < last; k++ {
			b.order[k] = int(uint32(b.keys[k]))
		}
		b.units = append(b.units, last)
		if last-task >= run || last == count {
			b.tasks = append(b.tasks, len(b.units))
			task = last
		}
		first = last
	}
}

// Task solves the units of one task, on behalf of Run.
func (b *Batch) Task(slot, i int) {
	if done := b.done.Load(); slot == 0 && done > 0 {
		b.report(int(done))
	}
	unit := 0
	if i > 0 {
		unit = b.tasks[i-1]
	}
	for ; unit < b.tasks[i]; unit++ {
		first := 0
		if unit > 0 {
			first = b.units[unit-1]
		}
		matrices := b.order[first:b.units[unit]]
		b.solver.Solve(slot, matrices, b.Errs)
		b.done.Add(int64(len(matrices)))
	}
}

func (b *Batch) report(done int) {
	if b.progress != nil {
		b.progress(stageBatch, done, len(b.Errs))
	}
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
