package svd

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// SVD is the thin singular value decomposition A = U·Σ·Vᵀ. The zero value is
// ready for Factorize. One goroutine at a time may use it.
type SVD[T mat.Float] struct {
	rows, cols int
	state      state
	stats      Stats
	values     []T
	gram       gramJacobi[T]
	jacobi     oneSided[T]
	lanes      lanes[T]
	inLanes    bool // the decomposition is that of lanes
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
// It returns mat.ErrNotFinite before any work when a holds NaN or Inf, and an
// error that wraps mat.ErrNoConvergence when MaxSweeps do not suffice. The
// matrix may have any scale and any rank: a singular value beyond the range of
// T becomes +Inf, one below it, or smaller than the largest by nearly the whole
// range, zero.
//
// The residual ‖A − U·Σ·Vᵀ‖ is of the order of eps·‖A‖, U and V are orthogonal
// to the order of eps, and every singular value of D₁·C·D₂, D₁ and D₂ diagonal,
// has a relative error of the order of eps·κ(C). Cost for m ≥ n, with vectors,
// by GramJacobi: 6mn² + 7n³ flops where rows and columns are alike in size, up
// to twice as many where columns are not; where neither rows nor columns are,
// 4mn² for QR and its application besides. By OneSidedJacobi: about 4mn² flops
// for QR and its application and 7n³ for each of 5 to 10 sweeps. For m < n the
// same on Aᵀ.
func (s *SVD[T]) Factorize(a *mat.Dense[T], opts Options) error {
	check(a, opts)
	s.state = empty
	largest, ok := bound(a)
	if !ok {
		return mat.ErrNotFinite
	}
	s.rows, s.cols = a.Rows, a.Cols
	s.stats = Stats{}
	s.values = spectral.Grow(s.values, min(s.rows, s.cols))
	s.inLanes = false
	done := opts.Method == Auto && suitsLanes(a) && s.byLanes(a, largest, opts)
	if !done && (opts.Method == GramJacobi || opts.Method == Auto && len(s.values) >= gramOrder) {
		done = s.byGram(a, largest, opts)
	}
	if !done {
		if err := s.byJacobi(a, largest, opts); err != nil {
			return err
		}
	}
	s.state = complete
	if opts.ValuesOnly {
		s.state = valuesOnly
	}
	return nil
}

// gramOrder is the least min(m, n) at which GramJacobi is the faster method.
const gramOrder = 12

// byGram reports failure, in which case one-sided Jacobi is to decide.
func (s *SVD[T]) byGram(a *mat.Dense[T], largest float64, opts Options) bool {
	limit := opts.MaxSweeps
	if limit == 0 {
		limit = defaultCorrections
	}
	var err error
	if s.stats, err = s.gram.run(a, largest, !opts.ValuesOnly, limit, opts.Threads); err != nil {
		return false
	}
	s.gram.valuesTo(s.values)
	return true
}

func sweepLimit(opts Options) int {
	if opts.MaxSweeps == 0 {
		return spectral.DefaultSweeps
	}
	return opts.MaxSweeps
}

func (s *SVD[T]) byJacobi(a *mat.Dense[T], largest float64, opts Options) error {
	st := s.jacobi.run(a, largest, !opts.ValuesOnly, sweepLimit(opts), opts.Threads)
	s.stats.Method = OneSidedJacobi
	s.stats.Sweeps, s.stats.Rotations, s.stats.OffNorm = st.Count, st.Rotations, st.Off
	if !st.Converged {
		return fmt.Errorf("%w: %v stands at an off-norm (largest cosine between columns) of %.3g after %d sweeps",
			mat.ErrNoConvergence, s.stats.Method, st.Off, st.Count)
	}
	s.jacobi.valuesTo(s.values)
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
	return dst
}

// UTo writes the m × min(m,n) matrix U to dst, whose columns are orthonormal
// even where singular values are zero. An empty dst is sized. It panics with
// mat.Error when dst has another shape, and when there are no vectors: before a
// successful Factorize and after ValuesOnly.
func (s *SVD[T]) UTo(dst *mat.Dense[T]) {
	s.require("UTo", complete)
	dst.Resize("UTo", s.rows, len(s.values))
	switch {
	case s.inLanes:
		s.lanes.leftTo(dst)
	case s.stats.Method == GramJacobi:
		s.gram.leftTo(dst)
	case s.rows < s.cols:
		s.jacobi.rightTo(dst)
	default:
		s.jacobi.leftTo(dst)
	}
}

// VTo writes the n × min(m,n) matrix V, not its transpose, to dst. The rules are
// those of UTo.
func (s *SVD[T]) VTo(dst *mat.Dense[T]) {
	s.require("VTo", complete)
	dst.Resize("VTo", s.cols, len(s.values))
	switch {
	case s.inLanes:
		s.lanes.rightTo(dst)
	case s.stats.Method == GramJacobi:
		s.gram.rightTo(dst)
	case s.rows < s.cols:
		s.jacobi.leftTo(dst)
	default:
		s.jacobi.rightTo(dst)
	}
}

// Rank returns the number of singular values above rtol times the largest.
// rtol = 0 means max(m,n)·eps, as in numpy. It panics with mat.Error when rtol
// is negative or NaN, and before a successful Factorize.
func (s *SVD[T]) Rank(rtol T) int {
	s.require("Rank", valuesOnly)
	if !(rtol >= 0) {
		panicf("Rank", "rtol = %v", rtol)
	}
	if rtol == 0 {
		rtol = T(float64(max(s.rows, s.cols)) * spectral.Eps[T]())
	}
	rank := 0
	for rank < len(s.values) && s.values[rank] > rtol*s.values[0] {
		rank++
	}
	return rank
}

// Cond returns the condition number σ₁/σ_min in the 2-norm: +Inf when the
// smallest singular value is zero, 0 for a matrix without entries. It panics
// with mat.Error before a successful Factorize.
func (s *SVD[T]) Cond() T {
	s.require("Cond", valuesOnly)
	k := len(s.values)
	switch {
	case k == 0:
		return 0
	case s.values[k-1] == 0:
		return T(math.Inf(1))
	}
	return s.values[0] / s.values[k-1]
}

// Stats tells how the last Factorize went, also where it failed to converge.
func (s *SVD[T]) Stats() Stats { return s.stats }

func (s *SVD[T]) require(op string, least state) {
	if s.state < least {
		panicf(op, "there is no decomposition, or one without vectors")
	}
}
