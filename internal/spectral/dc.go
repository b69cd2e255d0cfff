package spectral

import (
	"math"
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// SymDC is the symmetric eigensolver by blocked Householder tridiagonalisation,
// divide and conquer and back-transformation (LAPACK syevd), of small orders by
// tridiagonalisation and QL (LAPACK syev). The zero value is
// ready; a second Factorize of no larger order allocates nothing.
type SymDC[T mat.Float] struct {
	// Watch may stop Factorize, which then returns its error.
	Watch *Monitor

	n       int
	vectors bool
	tri     tridiagonal[T]
	divide  divide[T]
	back    backTransform[T]
	ws      mat.Workspace[T]
	values  []T
	tile    mat.Dense[T]
	stats   DCStats
}

// DCStats tells how a factorisation went.
type DCStats struct {
	Tridiagonal, Divide, Back time.Duration // of the three stages

	Merges      int // of two halves
	Rows        int // summed over the merges
	Deflated    int // of those rows
	Evaluations int // of the secular equation

	Sweeps, Rotations int // of QL alone
}

// Lend gives the next Factorize three arrays for matrices of its order, each of as
// many entries as growDense takes. Vectors stand in the second one.
func (s *SymDC[T]) Lend(x, y, z []T) {
	s.tri.a.Data, s.divide.z.Data, s.divide.s.Data = x, y, z
}

// Factorize computes the eigenvalues, and unless valuesOnly the eigenvectors,
// of the symmetric matrix whose upper triangle is that of a, square and finite.
// At most threads goroutines work (0: the cap of mat.SetMaxThreads); the result
// does not depend on them. The error wraps mat.ErrNoConvergence; no finite input
// is known to cause it. Cost: 4n³/3 flops for the values, up to 14n³/3 with
// vectors.
func (s *SymDC[T]) Factorize(a *mat.Dense[T], valuesOnly bool, threads int) error {
	exponent, reduced, err := s.tridiagonalize(a, !valuesOnly, threads)
	if err != nil {
		return err
	}
	err = s.diagonalize(reduced)
	scaleBy(exponent, s.values)
	return err
}

// tridiagonalize reduces 2^-exponent·a, and tells when that was done.
func (s *SymDC[T]) tridiagonalize(a *mat.Dense[T], vectors bool, threads int) (exponent int, done time.Time, err error) {
	s.n, s.vectors = a.Rows, vectors
	s.ws.Threads = threads
	s.stats = DCStats{}
	s.values = grow(s.values, s.n)
	s.tri.reset(s.n)
	start := time.Now()
	exponent = exponentOf(a)
	s.tri.load(a, -exponent)
	s.tri.watch, s.divide.watch, s.back.watch = s.Watch, s.Watch, s.Watch
	s.tri.reduce(&s.ws)
	done = time.Now()
	s.stats.Tridiagonal = done.Sub(start)
	return exponent, done, s.Watch.Err()
}

// nearExponent is the binary magnitude of entries up to which a matrix is not
// scaled: all that comes near underflow is still far below rounding.
const nearExponent = 8

// exponentOf returns the e for which the largest entry in the upper triangle of
// a lies between 2^(e-1) and 2^e, and 0 where e is nearly that.
func exponentOf[T mat.Float](a *mat.Dense[T]) int {
	_, e := math.Frexp(BoundUpper(a))
	if e >= -nearExponent && e <= nearExponent {
		return 0
	}
	return e
}

// scaleBy multiplies x by 2^e. Where that is no normal number it takes two
// steps, of which one alone can round.
func scaleBy[T mat.Float](e int, x []T) {
	if e == 0 {
		return
	}
	limit := precisionOf[T]().maxExp
	step := min(max(e, -limit), limit)
	if step != e {
		kernels.Scal(T(math.Ldexp(1, e-step)), x)
	}
	kernels.Scal(T(math.Ldexp(1, step)), x)
}

// valuesByQL is the order up to which QL alone finds the values, sooner than divide
// and conquer.
const valuesByQL = 64

// diagonalize solves the tridiagonal problem, from the time of start on, and
// transforms its vectors back.
func (s *SymDC[T]) diagonalize(start time.Time) error {
	defer func() { s.stats.Divide = time.Since(start) - s.stats.Back }()
	switch {
	case s.n <= VectorsByQL && s.vectors:
		return s.qlVectors(start)
	case s.n <= valuesByQL && !s.vectors:
		return s.qlValues()
	}
	if err := s.divide.run(&s.ws, s.tri.d, s.tri.e, !s.vectors, &s.stats); err != nil {
		s.vectors = false
		return err
	}
	for i, row := range s.divide.perm {
		s.values[i] = s.divide.d[row]
	}
	if s.vectors {
		back := time.Now()
		s.back.apply(&s.ws, &s.tri.a, s.tri.tau, &s.divide.z, s.divide.s.Data)
		s.stats.Back = time.Since(back)
	}
	return s.Watch.Err()
}

// Values returns the eigenvalues, ascending, until the next Factorize.
func (s *SymDC[T]) Values() []T { return s.values }

// Stats describes the last Factorize.
func (s *SymDC[T]) Stats() DCStats { return s.stats }

// Vector returns the unit eigenvector of Values()[j], until the next
// Factorize. It must have computed vectors.
func (s *SymDC[T]) Vector(j int) []T { return s.divide.z.Row(s.divide.perm[j]) }

// transposeTile is the number of rows that VectorsTo gathers at a time.
const transposeTile = 32

// VectorsTo writes the eigenvectors from that of Values()[first] on to the columns of
// dst, as many as it has, n rows.
func (s *SymDC[T]) VectorsTo(dst *mat.Dense[T], first int) {
	growDense(&s.tile, transposeTile, s.n)
	for col := 0; col < dst.Cols; col += transposeTile {
		rows := min(transposeTile, dst.Cols-col)
		for j := range rows {
			copy(s.tile.Row(j), s.Vector(first+col+j))
		}
		kernels.Transpose(rows, s.n, s.tile.Data, s.tile.Stride, dst.Data[col:], dst.Stride)
	}
}
