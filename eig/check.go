package eig

import (
	"errors"
	"fmt"
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

func panicf(op, format string, args ...any) {
	panic(mat.Error{Op: op, Detail: fmt.Sprintf(format, args...)})
}

func check[T mat.Float](a *mat.Dense[T], opts Options) {
	a.Check("Factorize", "the matrix")
	if a.Rows != a.Cols {
		panicf("Factorize", "a %d×%d matrix is not symmetric", a.Rows, a.Cols)
	}
	if int(opts.Method) >= len(methodNames) {
		panicf("Factorize", "unknown method %d", uint8(opts.Method))
	}
	opts.Range.check()
	if !(opts.SymmetryTol >= 0) {
		panicf("Factorize", "SymmetryTol = %g", opts.SymmetryTol)
	}
	if opts.MaxSweeps < 0 || opts.Threads < 0 {
		panicf("Factorize", "MaxSweeps = %d, Threads = %d", opts.MaxSweeps, opts.Threads)
	}
}

// ErrNotSymmetric reports that Options.SymmetryTol was exceeded. Errors that
// wrap it say where most and by how much.
var ErrNotSymmetric = errors.New("lanes: the matrix is not symmetric")

// checkSymmetry returns the error that opts.SymmetryTol asks for.
func checkSymmetry[T mat.Float](a *mat.Dense[T], opts Options) error {
	if opts.SymmetryTol == 0 {
		return nil
	}
	i, j, by := a.Asymmetry()
	if limit := opts.SymmetryTol * float64(a.MaxAbs()); !(math.Abs(float64(by)) <= limit) {
		return fmt.Errorf("%w: entries (%d, %d) and (%d, %d) are %g and %g, which differ by %.3g, and %.3g is allowed",
			ErrNotSymmetric, i, j, j, i, a.At(i, j), a.At(j, i), by, limit)
	}
	return nil
}

// boundUpper returns the largest absolute value in the upper triangle of a,
// and false when an entry there is not finite.
func boundUpper[T mat.Float](a *mat.Dense[T]) (bound float64, ok bool) {
	bound = spectral.BoundUpper(a)
	return bound, spectral.Finite(bound)
}
