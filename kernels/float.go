package kernels

import "unsafe"

// Float is the element type of every vector and matrix in this module.
type Float interface{ float32 | float64 }

// Error is what a caller's bug panics with, by value: Op is the function that
// was called, Detail the shapes, lengths or indices that do not fit.
type Error struct{ Op, Detail string }

func (e Error) Error() string { return "lanes: " + e.Op + ": " + e.Detail }

// is64 reports whether T is float64. It folds to a constant in every
// instantiation, so the branch not taken costs nothing.
func is64[T Float]() bool {
	var zero T
	return unsafe.Sizeof(zero) == 8
}
