package eig

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// Sym is the eigendecomposition A = V·Λ·Vᵀ of a symmetric matrix. The zero
// value is ready for Factorize. One goroutine at a time may use it.
type Sym[T mat.Float] struct {
	n       int
	state   state
	stats   Stats
	scale   spectral.Scale
	values  []T
	vectors rows[T]

	work    []T // 2n²: what the method rotates
	d       []float64
	scratch []float64
	order   []int // row of vectors and d for each eigenvalue
}

type state uint8

const (
	empty state = iota
	valuesOnly
	complete
)

// rows are vectors of equal length in one slice.
type rows[T mat.Float] struct {
	data   []T
	n      int
	stride int
}

func (r rows[T]) row(i int) []T { return r.data[i*r.stride : i*r.stride+r.n] }

// Factorize decomposes the symmetric n × n matrix a, of which it reads the
// diagonal and what is above, and which it does not modify. It panics with
// mat.Error unless a is square, and for unknown or negative options.
//
// It returns mat.ErrNotFinite before any work when what it reads holds NaN or
// Inf, and an error that wraps mat.ErrNoConvergence when MaxSweeps do not
// suffice. The matrix may have any scale: an eigenvalue beyond the range of T
// becomes ±Inf, one below it zero.
//
// The residual ‖A·V − V·Λ‖ and the error of every eigenvalue are of the order
// of eps·‖A‖, and V is orthogonal to the order of eps. Cost: about 7n³ flops a
// sweep, 6 to 12 sweeps (up to 22 for eigenvalues that crowd around one that is
// not zero).
func (e *Sym[T]) Factorize(a *mat.Dense[T], opts Options) error {
	check(a, opts)
	e.state = empty
	bound, ok := boundUpper(a)
	if !ok {
		return mat.ErrNotFinite
	}
	n := a.Rows
	e.resize(n)
	e.scale = spectral.ScaleFor[T](n*n, bound)

	e.stats = Stats{Method: opts.Method}
	if opts.Method == Auto {
		e.stats.Method = OneSidedJacobi
	}
	sweeps := opts.MaxSweeps
	if sweeps == 0 {
		sweeps = spectral.DefaultSweeps
	}
	var st spectral.Sweeps
	if e.stats.Method == Jacobi {
		st = e.twoSided(a, opts.ValuesOnly, sweeps)
	} else {
		st = e.oneSided(a, sweeps)
	}
	e.stats.Sweeps, e.stats.Rotations, e.stats.OffNorm = st.Count, st.Rotations, st.Off
	if !st.Converged {
		return fmt.Errorf("%w: %v stands at an off-norm of %.3g·‖A‖ after %d sweeps",
			mat.ErrNoConvergence, e.stats.Method, st.Off, st.Count)
	}
	e.finish()
	e.state = complete
	if opts.ValuesOnly {
		e.state = valuesOnly
	}
	return nil
}

// Values writes the eigenvalues to dst in ascending order and returns it. A nil
// dst is allocated. It panics with mat.Error when dst has another length than
// n, and before a successful Factorize.
func (e *Sym[T]) Values(dst []T) []T {
	if e.state == empty {
		panicf("Values", "there is no decomposition")
	}
	if dst == nil {
		dst = make([]T, e.n)
	}
	if len(dst) != e.n {
		panicf("Values", "len(dst) = %d, there are %d eigenvalues", len(dst), e.n)
	}
	copy(dst, e.values)
	return dst
}

// VectorsTo writes the n × n matrix V to dst, whose column k is the unit
// eigenvector of the k-th smallest eigenvalue; its sign is arbitrary. An empty
// dst is sized. It panics with mat.Error when dst has another shape, and when
// there are no vectors: before a successful Factorize and after ValuesOnly.
func (e *Sym[T]) VectorsTo(dst *mat.Dense[T]) {
	if e.state != complete {
		panicf("VectorsTo", "there are no eigenvectors")
	}
	dst.Resize("VectorsTo", e.n, e.n)
	for k, i := range e.order {
		for r, v := range e.vectors.row(i) {
			dst.Data[r*dst.Stride+k] = v
		}
	}
}

// Stats tells how the last Factorize went, also where it failed to converge.
func (e *Sym[T]) Stats() Stats { return e.stats }

func (e *Sym[T]) resize(n int) {
	e.n = n
	e.work = spectral.Grow(e.work, 2*n*n)
	e.values = spectral.Grow(e.values, n)
	e.d = spectral.Grow(e.d, n)
	e.scratch = spectral.Grow(e.scratch, n)
	e.order = spectral.Grow(e.order, n)
}

// twoSided runs the cyclic method on a copy of a in the first half of work,
// with the vectors in the second.
func (e *Sym[T]) twoSided(a *mat.Dense[T], noVectors bool, sweeps int) spectral.Sweeps {
	n := e.n
	full := rows[T]{e.work, n, n}
	e.load(full, a)
	e.vectors = rows[T]{e.work[n*n:], n, n}
	if noVectors {
		return spectral.SymJacobi(n, full.data, nil, e.d, e.scratch, sweeps)
	}
	e.vectors.identity()
	return spectral.SymJacobi(n, full.data, e.vectors.data, e.d, e.scratch, sweeps)
}

// oneSided runs the one-sided method on rows that hold W and V side by side.
func (e *Sym[T]) oneSided(a *mat.Dense[T], sweeps int) spectral.Sweeps {
	n := e.n
	e.load(rows[T]{e.work, n, 2 * n}, a)
	e.vectors = rows[T]{e.work[min(n, len(e.work)):], n, 2 * n}
	e.vectors.identity()
	return spectral.SymOneSided(n, e.work, e.d, e.scratch, sweeps)
}

// load writes the scaled symmetric matrix whose upper triangle is that of a.
func (e *Sym[T]) load(dst rows[T], a *mat.Dense[T]) {
	for i := range e.n {
		row := dst.row(i)
		spectral.ScaleTo(e.scale, row[i:], a.Row(i)[i:])
		for j := i + 1; j < e.n; j++ {
			dst.data[j*dst.stride+i] = row[j]
		}
	}
}

func (r rows[T]) identity() {
	for i := range r.n {
		row := r.row(i)
		clear(row)
		row[i] = 1
	}
}

// finish orders the eigenvalues and takes their scale back.
func (e *Sym[T]) finish() {
	for i := range e.order {
		e.order[i] = i
	}
	slices.SortFunc(e.order, func(i, j int) int { return cmp.Compare(e.d[i], e.d[j]) })
	for k, i := range e.order {
		e.values[k] = T(e.scale.Undo(e.d[i]))
	}
}
