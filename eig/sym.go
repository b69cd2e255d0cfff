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
	values []T

	jacobi   jacobi[T]
	divide   spectral.SymDC[T]
	residual residual[T]
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
// Inf, and an error that wraps mat.ErrNoConvergence when an iteration does not
// end within its limit. The matrix may have any scale: an eigenvalue beyond the
// range of T becomes ±Inf, one below it zero.
//
// The residual ‖A·V − V·Λ‖ and the error of every eigenvalue are of the order
// of eps·‖A‖, and V is orthogonal to the order of eps; see Options.Accurate for
// more. Cost: 4n³/3 flops for
// the values, up to 14n³/3 with vectors; of a Jacobi method about 7n³ a sweep, 6
// to 12 sweeps (up to 22 for eigenvalues that crowd around one that is not
// zero).
func (e *Sym[T]) Factorize(a *mat.Dense[T], opts Options) error {
	check(a, opts)
	e.state = empty
	bound, ok := boundUpper(a)
	if !ok {
		return mat.ErrNotFinite
	}
	e.n = a.Rows
	e.values = spectral.Grow(e.values, e.n)
	e.stats = Stats{}
	e.stats.Method, e.stats.Reason = choose(e.n, opts)
	if err := e.solve(a, bound, opts); err != nil {
		return err
	}
	e.state = complete
	if opts.ValuesOnly {
		e.state = valuesOnly
	} else if opts.Residual {
		e.measure(a, bound, opts.Threads)
	}
	return nil
}

// solve runs the method of the stats, or the accurate one, and fills values.
func (e *Sym[T]) solve(a *mat.Dense[T], bound float64, opts Options) error {
	if opts.Accurate {
		definite, err := e.jacobi.runDefinite(a, bound, opts, &e.stats)
		if definite {
			e.stats.Method, e.stats.Reason, e.stats.Accurate = OneSidedJacobi, reasonDefinite, err == nil
			e.jacobi.valuesTo(e.values)
			return err
		}
		e.stats.Reason = reasonIndefinite
	}
	if e.stats.Method != DivideAndConquer {
		err := e.jacobi.run(a, bound, opts, &e.stats)
		e.jacobi.valuesTo(e.values)
		return err
	}
	err := e.divide.Factorize(a, opts.ValuesOnly, opts.Threads)
	copy(e.values, e.divide.Values())
	st := e.divide.Stats()
	e.stats.Merged, e.stats.Deflated = st.Rows, st.Deflated
	e.stats.Reduce, e.stats.Diagonalise, e.stats.Back = st.Tridiagonal, st.Divide, st.Back
	return err
}

// Values writes the eigenvalues to dst in ascending order and returns it. A nil
// dst is allocated. It panics with mat.Error when dst has another length than
// n, and before a successful Factorize.
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

// VectorsTo writes the n × n matrix V to dst, whose column k is the unit
// eigenvector of the k-th smallest eigenvalue; its sign is arbitrary. An empty
// dst is sized. It panics with mat.Error when dst has another shape, and when
// there are no vectors: before a successful Factorize and after ValuesOnly.
func (e *Sym[T]) VectorsTo(dst *mat.Dense[T]) {
	if e.state != complete {
		panicf("VectorsTo", "there are no eigenvectors")
	}
	dst.Resize("VectorsTo", e.n, len(e.values))
	if e.stats.Method == DivideAndConquer {
		e.divide.VectorsTo(dst)
	} else {
		e.jacobi.vectorsTo(dst)
	}
}

// Stats tells how the last Factorize went, also where it failed to converge.
func (e *Sym[T]) Stats() Stats { return e.stats }
