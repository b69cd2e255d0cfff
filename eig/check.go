package eig

import (
	"fmt"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

func panicf(op, format string, args ...any) {
	panic(mat.Error{Op: op, Detail: fmt.Sprintf(format, args...)})
}

func check[T mat.Float](a *mat.Dense[T], opts Options) {
	spectral.CheckInput("Factorize", a)
	if a.Rows != a.Cols {
		panicf("Factorize", "a %d×%d matrix is not symmetric", a.Rows, a.Cols)
	}
	switch opts.Method {
	case Auto, DivideAndConquer, Jacobi, OneSidedJacobi:
	default:
		panicf("Factorize", "unknown method %d", uint8(opts.Method))
	}
	opts.Range.check()
	if opts.MaxSweeps < 0 || opts.Threads < 0 {
		panicf("Factorize", "MaxSweeps = %d, Threads = %d", opts.MaxSweeps, opts.Threads)
	}
}

// boundUpper returns the largest absolute value in the upper triangle of a,
// and false when an entry there is not finite.
func boundUpper[T mat.Float](a *mat.Dense[T]) (bound float64, ok bool) {
	for i := range a.Rows {
		bound = spectral.MaxAbs(a.Row(i)[i:], bound)
		if !spectral.Finite(bound) {
			return 0, false
		}
	}
	return bound, true
}
