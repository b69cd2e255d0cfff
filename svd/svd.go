package svd

import (
	"errors"
	"fmt"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// SVD is the singular value decomposition A = U·Σ·Vᵀ. The zero value is ready
// for Factorize. One goroutine at a time may use it.
type SVD[T mat.Float] struct {
	rows, cols int
	state      state
	full       bool
	stats      Stats
	values     []T            // at the scale of room
	room       spectral.Scale // at which no value is beyond the range of T
	sizes      []T            // of the rows, the largest magnitude
	gram       gramJacobi[T]
	jacobi     oneSided[T]
	lanes      lanes[T]
	inLanes    bool // the decomposition is that of lanes
	bidiagonal bidiagonal[T]
	watch      spectral.Monitor
	apply      apply[T]
}

type state uint8

const (
	empty state = iota
	valuesOnly
	complete
)

// Factorize decomposes the m × n matrix a, which it does not modify. It panics
// with mat.Error for a malformed matrix and for unknown or negative options.
//
// It returns mat.ErrNotFinite before any work when a holds NaN or Inf, an error
// that wraps the error of Options.Context once that is done, and one that wraps
// mat.ErrNoConvergence when MaxSweeps do not suffice. The matrix may have any scale
// and any rank. A singular value beyond the range of T becomes +Inf for Values and
// Norm2 alone: the other methods know its size. One below the range, or smaller
// than the largest by nearly the whole range, becomes zero.
//
// The residual ‖A − U·Σ·Vᵀ‖ is of the order of eps·‖A‖, and U and V are orthogonal
// to the order of eps. Every singular value of D₁·C·D₂, D₁ and D₂ diagonal, has a
// relative error of the order of eps·κ(C). Only Bidiagonal, where the options name
// it, has an error of the order of eps·‖A‖ instead.
//
// Cost in flops for m ≥ n; for m < n the same on Aᵀ. GramJacobi takes 6mn² + 7n³ with
// vectors where rows and columns are alike in size, up to twice as many where columns
// are not, and 4mn² more for QR where neither are; half as many where m ≥ 3n and no
// values are small, and there mn² + 4n³/3 for values alone. OneSidedJacobi takes about
// 4mn² for QR and its application and 7n³ for each of 5 to 10 sweeps, Bidiagonal, for
// the values, 4n²(m − n/3), or 2n²(m + n) where m ≥ 1.4n.
func (s *SVD[T]) Factorize(a *mat.Dense[T], opts Options) error {
	check(a, opts)
	s.state = empty
	s.sizes = spectral.Grow(s.sizes, a.Rows)
	largest, ok := boundRows(a, s.sizes)
	if !ok {
		return mat.ErrNotFinite
	}
	s.rows, s.cols = a.Rows, a.Cols
	s.full = opts.Full
	s.apply.setThreads(opts.Threads)
	s.stats = Stats{}
	s.values = spectral.Grow(s.values, min(s.rows, s.cols))
	s.room = roomFor[T](s.rows, s.cols, largest)
	s.watch = spectral.Monitor{Context: opts.Context, Progress: opts.Progress}
	err := s.solve(a, largest, opts)
	s.watch = spectral.Monitor{}
	if err != nil {
		return err
	}
	s.state = complete
	if opts.ValuesOnly {
		s.state = valuesOnly
	}
	return nil
}

// gramOrder is the least min(m, n) at which GramJacobi is the faster method.
const gramOrder = 12

// bidiagonalOrder is the least min(m, n) at which Auto finds values alone by a
// bidiagonal form. Half as many lanes of vectors make this the faster method earlier.
func bidiagonalOrder[T mat.Float]() int {
	if spectral.Eps[T]() > 0x1p-30 {
		return 49
	}
	return 41
}

// solve runs the first of the methods that suits: rotations in lanes, eigenvalues of a
// Gram matrix or Bidiagonal for values alone, GramJacobi; and one-sided Jacobi where
// none does or the last did not converge.
func (s *SVD[T]) solve(a *mat.Dense[T], largest float64, opts Options) error {
	s.inLanes = opts.Method == Auto && suitsLanes(a) && s.byLanes(a, largest, opts)
	if s.inLanes || s.watch.Err() != nil {
		return s.watch.Err()
	}
	if opts.Method == Bidiagonal {
		if s.byBidiagonal(a, largest, opts) || s.watch.Err() != nil {
			return s.watch.Err()
		}
	}
	if opts.Method == Auto && opts.ValuesOnly && s.byTallValues(a, largest, opts) || s.watch.Err() != nil {
		return s.watch.Err()
	}
	declined := ""
	if opts.Method == Auto && opts.ValuesOnly && len(s.values) >= bidiagonalOrder[T]() {
		declined = s.valuesByBidiagonal(a, largest, opts)
		if declined == "" || s.watch.Err() != nil {
			return s.watch.Err()
		}
	}
	if opts.Method == GramJacobi || opts.Method == Auto && len(s.values) >= gramOrder {
		err := s.byGram(a, largest, opts)
		s.stats.Declined = declined
		if !errors.Is(err, mat.ErrNoConvergence) {
			return err
		}
	}
	return s.byJacobi(a, largest, opts)
}

func (s *SVD[T]) byGram(a *mat.Dense[T], largest float64, opts Options) (err error) {
	limit := opts.MaxSweeps
	if limit == 0 {
		limit = defaultCorrections
	}
	s.stats, err = s.gram.run(a, s.sizes, largest, !opts.ValuesOnly, limit, opts.Threads, &s.watch)
	if err == nil {
		s.gram.valuesTo(s.values, s.room)
	}
	return err
}

// byTallValues reports failure: then another method is to decide.
func (s *SVD[T]) byTallValues(a *mat.Dense[T], largest float64, opts Options) bool {
	st, ok, err := s.gram.valuesTall(a, s.sizes, largest, opts.Threads, &s.watch)
	if !ok || err != nil {
		return false
	}
	s.stats = st
	s.gram.valuesTo(s.values, s.room)
	return true
}

func sweepLimit(opts Options) int {
	if opts.MaxSweeps == 0 {
		return spectral.DefaultSweeps
	}
	return opts.MaxSweeps
}

func (s *SVD[T]) byJacobi(a *mat.Dense[T], largest float64, opts Options) error {
	st := s.jacobi.run(a, largest, !opts.ValuesOnly, sweepLimit(opts), opts.Threads, &s.watch)
	s.stats.Method = OneSidedJacobi
	s.stats.Sweeps, s.stats.Rotations, s.stats.OffNorm = st.Count, st.Rotations, st.Off
	if err := s.watch.Err(); err != nil {
		return err
	}
	if !st.Converged {
		return fmt.Errorf("%w: %v (after route %v) stands at an off-norm (largest cosine between columns) of %.3g after %d sweeps",
			mat.ErrNoConvergence, s.stats.Method, s.stats.Route, st.Off, st.Count)
	}
	s.jacobi.valuesTo(s.values, s.room)
	return nil
}

// Values writes the min(m,n) singular values to dst in descending order and
// returns it. A nil dst is allocated. It panics with mat.Error when dst has
// another length, and before a successful Factorize.
func (s *SVD[T]) Values(dst []T) []T {
	s.require("Values", valuesOnly)
	if dst == nil {
		dst = make([]T, len(s.values))
	}
	if len(dst) != len(s.values) {
		panicf("Values", "len(dst) = %d, there are %d singular values", len(dst), len(s.values))
	}
	copy(dst, s.values)
	if s.room != (spectral.Scale{}) {
		for k, x := range dst {
			dst[k] = s.outOf(x)
		}
	}
	return dst
}

// UTo writes the m × min(m,n) matrix U to dst, whose columns are orthonormal
// even where singular values are zero; with Options.Full the m × m matrix, whose
// other columns cost 4mk(m−k) flops, k = min(m,n). An empty dst is sized. It
// panics with mat.Error when dst has another shape, and when there are no
// vectors: before a successful Factorize and after ValuesOnly.
func (s *SVD[T]) UTo(dst *mat.Dense[T]) {
	s.require("UTo", complete)
	dst.Resize("UTo", s.rows, s.width(s.rows))
	s.vectorsTo(dst, true)
}

// VTo writes the n × min(m,n) matrix V, not its transpose, to dst; with
// Options.Full the n × n matrix. The rules are those of UTo.
func (s *SVD[T]) VTo(dst *mat.Dense[T]) {
	s.require("VTo", complete)
	dst.Resize("VTo", s.cols, s.width(s.cols))
	s.vectorsTo(dst, false)
}

// width is the number of vectors of length n which the caller asked for.
func (s *SVD[T]) width(n int) int {
	if s.full {
		return n
	}
	return len(s.values)
}

// vectorsTo writes U or V to dst: the thin matrix to the first columns, and an
// orthonormal basis of their complement to the others.
func (s *SVD[T]) vectorsTo(dst *mat.Dense[T], left bool) {
	k := len(s.values)
	if dst.Cols == k {
		s.thinTo(dst, left)
		return
	}
	first, rest := columnsOf(dst, 0, k), columnsOf(dst, k, dst.Cols)
	s.thinTo(&first, left)
	s.apply.complement(&rest, &first)
}

// thinTo writes U or V with min(m,n) columns to dst.
func (s *SVD[T]) thinTo(dst *mat.Dense[T], left bool) {
	switch {
	case s.inLanes && left:
		s.lanes.leftTo(dst)
	case s.inLanes:
		s.lanes.rightTo(dst)
	case s.stats.Method == GramJacobi && left:
		s.gram.leftTo(dst)
	case s.stats.Method == GramJacobi:
		s.gram.rightTo(dst)
	case left == (s.rows >= s.cols):
		s.jacobi.leftTo(dst)
	default:
		s.jacobi.rightTo(dst)
	}
}

// Stats tells how the last Factorize went, also where it failed.
func (s *SVD[T]) Stats() Stats { return s.stats }

func (s *SVD[T]) require(op string, least state) {
	if s.state < least {
		panicf(op, "there is no decomposition, or one without vectors")
	}
}
