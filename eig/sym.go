package eig

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// Sym is the eigendecomposition A = V·Λ·Vᵀ of a symmetric matrix. The zero
// value is ready for Factorize. One goroutine at a time may use it.
type Sym[T mat.Float] struct {
	n      int
	state  state
	stats  Stats
	all    []T // eigenvalues
	values []T // those selected, all[first:]
	first  int
	some   bool // vectors of divide were selected

	jacobi   jacobi[T]
	divide   spectral.SymSubset[T]
	residual residual[T]
	watch    spectral.Monitor
}

type state uint8

const (
	empty state = iota
	valuesOnly
	complete
)

// Factorize decomposes the symmetric n × n matrix a, of which it reads the
// diagonal and what is above, and which it does not modify. It panics with
// mat.Error unless a is square, and for unknown or negative options.
//
// It returns mat.ErrNotFinite before any work when what it reads holds NaN or
// Inf, an error that wraps ErrNotSymmetric where Options.SymmetryTol asks for
// that, one that wraps the error of Options.Context once that is done, and one
// that wraps mat.ErrNoConvergence when an iteration does not end within its
// limit. The matrix may have any scale: an eigenvalue beyond the
// range of T becomes ±Inf, one below it zero.
//
// The residual ‖A·V − V·Λ‖ and the error of every eigenvalue are of the order
// of eps·‖A‖, and V is orthogonal to the order of eps; see Options.Accurate for
// more. Cost: 4n³/3 flops for the values, up to 14n³/3 with vectors, and about 16n³
// up to order 48. A Jacobi method takes about 7n³ flops a sweep and 6 to 12 sweeps
// (up to 22 for eigenvalues that crowd around one that is not zero).
func (e *Sym[T]) Factorize(a *mat.Dense[T], opts Options) error {
	check(a, opts)
	e.state = empty
	bound, ok := boundUpper(a)
	if !ok {
		return mat.ErrNotFinite
	}
	if err := checkSymmetry(a, opts); err != nil {
		return err
	}
	e.n = a.Rows
	e.all = spectral.Grow(e.all, e.n)
	e.stats = Stats{}
	e.stats.Method, e.stats.Reason = choose[T](e.n, opts)
	e.watch = spectral.Monitor{Context: opts.Context, Progress: opts.Progress}
	err := e.solve(a, bound, opts)
	e.watch = spectral.Monitor{}
	if err != nil {
		return err
	}
	e.state = complete
	if opts.ValuesOnly {
		e.state = valuesOnly
	} else if opts.Residual {
		shape(&e.residual.vectors, e.n, len(e.values))
		e.VectorsTo(&e.residual.vectors)
		e.stats.Residual, e.stats.Orthogonality = e.residual.of(a, bound, e.values, opts.Threads)
	}
	return nil
}

// solve runs the method of the stats, or the accurate one.
func (e *Sym[T]) solve(a *mat.Dense[T], bound float64, opts Options) error {
	e.jacobi.watch, e.divide.Watch = &e.watch, &e.watch
	if opts.Accurate {
		definite, err := e.jacobi.runDefinite(a, bound, opts, &e.stats)
		if definite {
			e.stats.Method, e.stats.Reason, e.stats.Accurate = OneSidedJacobi, reasonDefinite, err == nil
			e.takeJacobi(opts.Range)
			return err
		}
		e.stats.Reason = reasonIndefinite
	}
	if e.stats.Method == DivideAndConquer {
		return e.conquer(a, opts)
	}
	err := e.jacobi.run(a, bound, opts, &e.stats)
	e.takeJacobi(opts.Range)
	return err
}

func (e *Sym[T]) takeJacobi(r Range) {
	e.jacobi.valuesTo(e.all)
	e.take(r)
}

// take selects among all eigenvalues and returns the indices of the first and
// behind the last.
func (e *Sym[T]) take(r Range) (first, last int) {
	first, last = indices(r, e.all)
	e.first, e.values = first, e.all[first:last]
	return first, last
}

// conquer runs divide and conquer, or QL.
func (e *Sym[T]) conquer(a *mat.Dense[T], opts Options) (err error) {
	e.some = !opts.Range.all() && !opts.ValuesOnly && e.n > spectral.VectorsByQL
	if e.some {
		err = e.divide.Begin(a, opts.Threads)
	} else {
		err = e.divide.Factorize(a, opts.ValuesOnly, opts.Threads)
	}
	copy(e.all, e.divide.Values())
	first, last := e.take(opts.Range)
	if e.some && err == nil {
		err = e.divide.Select(first, last)
	}
	st := e.divide.Stats()
	e.stats.Merged, e.stats.Deflated = st.Rows, st.Deflated
	e.stats.Sweeps, e.stats.Rotations = st.Sweeps, st.Rotations
	e.stats.Reduce, e.stats.Diagonalise, e.stats.Back = st.Tridiagonal, st.Divide, st.Back
	return err
}

// Len returns the number of eigenvalues: n, or how many Options.Range selected.
// It is 0 before a successful Factorize.
func (e *Sym[T]) Len() int {
	if e.state == empty {
		return 0
	}
	return len(e.values)
}

// Values writes the eigenvalues to dst in ascending order and returns it. A nil
// dst is allocated. It panics with mat.Error when dst has another length than
// Len, and before a successful Factorize.
func (e *Sym[T]) Values(dst []T) []T {
	if e.state == empty {
		panicf("Values", "there is no decomposition")
	}
	if dst == nil {
		dst = make([]T, len(e.values))
	}
	if len(dst) != len(e.values) {
		panicf("Values", "len(dst) = %d, there are %d eigenvalues", len(dst), len(e.values))
	}
	copy(dst, e.values)
	return dst
}

// VectorsTo writes the n × Len() matrix V to dst, whose column k is the unit
// eigenvector of the k-th of the Values; its sign is arbitrary. An empty dst is
// sized. It panics with mat.Error when dst has another shape, and when there
// are no vectors: before a successful Factorize and after ValuesOnly.
func (e *Sym[T]) VectorsTo(dst *mat.Dense[T]) {
	if e.state != complete {
		panicf("VectorsTo", "there are no eigenvectors")
	}
	dst.Resize("VectorsTo", e.n, len(e.values))
	switch {
	case e.stats.Method != DivideAndConquer:
		e.jacobi.vectorsTo(dst, e.first)
	case e.some:
		e.divide.SelectedTo(dst)
	default:
		e.divide.VectorsTo(dst, e.first)
	}
}

// Stats tells how the last Factorize went, also where it failed to converge.
func (e *Sym[T]) Stats() Stats { return e.stats }
