package kernels

import (
	"fmt"

	"github.com/lanes-go/lanes/asm"
)

var waxpyInAssembly = inAssembly("waxpy")

// Waxpy sets w to alpha·x + y in float64, whatever x is in (BLAS extension waxpby).
// Where alpha is a power of two, as it is meant to be, entries are rounded once. w may
// be y. It panics with Error unless lengths are equal. Cost: 2n flops.
func Waxpy[T Float](alpha float64, x []T, y, w []float64) {
	if len(x) != len(y) {
		panicLengths("Waxpy", len(x), len(y))
	}
	if len(w) != len(y) {
		panic(Error{"Waxpy", fmt.Sprintf("len(y) = %d, len(w) = %d", len(y), len(w))})
	}
	for waxpyInAssembly && len(x) >= wideBlock {
		k := min(len(x)&^(wideBlock-1), chunk)
		if is64[T]() {
			asm.WaxpyF64(isa, k, alpha, f64p(x), &y[0], &w[0])
		} else {
			asm.WaxpyF32(isa, k, alpha, f32p(x), &y[0], &w[0])
		}
		x, y, w = x[k:], y[k:], w[k:]
	}
	y, w = y[:len(x)], w[:len(x)]
	for i, v := range x {
		w[i] = alpha*float64(v) + y[i]
	}
}
