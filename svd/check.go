package svd

import (
	"fmt"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func panicf(op, format string, args ...any) {
	panic(mat.Error{Op: op, Detail: fmt.Sprintf(format, args...)})
}

func check[T mat.Float](a *mat.Dense[T], opts Options) {
	a.Check("Factorize", "the matrix")
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
	if a.Cols == 0 {
		return 0, true // however many rows
	}
	for i := range a.Rows {
		largest = spectral.MaxAbs(a.Row(i), largest)
		if !spectral.Finite(largest) {
			return 0, false
		}
	}
	return largest, true
}

// boundRows is bound that writes the largest magnitude of each row to sizes too.
func boundRows[T mat.Float](a *mat.Dense[T], sizes []T) (largest float64, ok bool) {
	kernels.RowMax(a.Rows, a.Cols, a.Data, a.Stride, sizes)
	largest = spectral.MaxAbs(sizes, 0)
	return largest, spectral.Finite(largest)
}
