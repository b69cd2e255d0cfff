package eig

import (
	"unsafe"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// choose returns the method for a matrix of order n, and why.
func choose[T mat.Float](n int, opts Options) (Method, string) {
	switch {
	case opts.Method != Auto:
		return opts.Method, "the method of the options"
	case n <= spectral.SmallOrder:
		return Jacobi, reasonSmall
	case !opts.ValuesOnly && n <= smallVectors[T]():
		return OneSidedJacobi, reasonSmall
	}
	if n <= spectral.VectorsByQL {
		return DivideAndConquer, "the fastest at this order, and of one part: QL alone"
	}
	return DivideAndConquer, "the fastest at this order"
}

// lanesOrder is the largest order at which OneSidedJacobi rotates in vector lanes.
const lanesOrder = 64

const (
	reasonMany       = "the fastest for many of so small an order: one to each vector lane"
	reasonSmall      = "the fastest at so small an order"
	reasonDefinite   = "Accurate, and the matrix is definite: Cholesky, then rotations of its factor"
	reasonIndefinite = "Accurate, but the matrix is not definite: absolute accuracy only"
)

// smallVectors is the largest order at which one-sided Jacobi in vector lanes finds
// vectors sooner than QL. In float64, with half as many lanes, it never does.
func smallVectors[T mat.Float]() int {
	var zero T
	if unsafe.Sizeof(zero) == 8 {
		return 0
	}
	return 12
}
