package svd

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
	switch opts.Method {
	case Auto, GramJacobi, OneSidedJacobi:
	case Bidiagonal:
		if !opts.ValuesOnly {
			panicf("Factorize", "method Bidiagonal finds no vectors: set ValuesOnly")
		}
	default:
		panicf("Factorize", "unknown method %d", uint8(opts.Method))
	}
	if opts.MaxSweeps < 0 || opts.Threads < 0 {
		panicf("Factorize", "MaxSweeps = %d, Threads = %d", opts.MaxSweeps, opts.Threads)
	}
}

// bound returns the largest absolute value in a, and false when an entry is not
// finite.
func bound[T mat.Float](a *mat.Dense[T]) (largest float64, ok bool) {
	rows, ok := rowBounds(a)
	return float64(rows.largest), ok
}

// rowBounds returns the extremes of the largest absolute values in the rows of a,
// and false when an entry is not finite.
func rowBounds[T mat.Float](a *mat.Dense[T]) (rows extremes[T], ok bool) {
	for i := range a.Rows {
		size := spectral.MaxAbs(a.Row(i), 0)
		if !spectral.Finite(size) {
			return extremes[T]{}, false
		}
		rows.add(T(size))
	}
	return rows, true
}
