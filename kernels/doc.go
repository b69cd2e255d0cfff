// Package kernels holds the operations that everything above is made of:
// vectors (axpy, dot, scal, rot, norms) and the blocked matrix product, each
// for float32 and float64.
//
// It chooses an instruction set once ([ISA]), lists what it chose ([Table]),
// packs operands, cuts work into calls that a goroutine switch can wait for,
// and shares large products among threads with the same bits for any number
// of them. A caller's bug panics with an [Error].
//
// Package mat is the way to matrices with shapes and checks; kernels is for
// code that brings its own layout, and its interface may still change.
package kernels
