//go:build darwin || linux

package main

import (
	"time"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// callCost is what a call into C costs before any work: the best time of a
// product without entries.
func callCost(ops operations[float64]) time.Duration {
	empty := &mat.Dense[float64]{Data: make([]float64, 1), Stride: 1}
	best := race([]runner{{run: func() { ops.gemm(empty, empty, empty) }}}, 5*time.Millisecond)[0].best()
	return time.Duration(best)
}

// fortran binds the BLAS of one element type, whose names begin with prefix.
// The arguments of a call live in one heap object, so that a call allocates
// nothing.
func fortran[T mat.Float](lib library, prefix byte) operations[T] {
	name := func(routine string) uintptr { return lib.symbol(string(prefix) + routine + "_") }
	gemm, axpy, dot := name("gemm"), name("axpy"), name("dot")
	if gemm == 0 || axpy == 0 || dot == 0 {
		return operations[T]{}
	}
	args := &arguments[T]{one: 1, inc: 1, plain: 'N', lower: 'L'}
	ops := operations[T]{
		gemm:    func(a, b, c *mat.Dense[T]) { args.gemm(gemm, a, b, c) },
		axpy:    func(alpha T, x, y []T) { args.axpy(axpy, alpha, x, y) },
		timeDot: func(x, y []T) { args.dot(dot, x, y) },
	}
	var function func(n *int32, x *T, incX *int32, y *T, incY *int32) T
	purego.RegisterFunc(&function, dot)
	ops.dot = func(x, y []T) T {
		args.m = int32(len(x))
		return function(&args.m, unsafe.SliceData(x), &args.inc, unsafe.SliceData(y), &args.inc)
	}
	if syrk := name("syrk"); syrk != 0 {
		ops.gram = func(alpha T, a, c *mat.Dense[T]) { args.syrk(syrk, alpha, a, c) }
	}
	if syevd := name("syevd"); syevd != 0 {
		ops.symmetric = func(a *mat.Dense[T]) *eigenJob[T] { return newSyevd(syevd, 'V', a) }
		ops.eigenBy = lapackEigen[T](lib, prefix)
	}
	if gesdd := name("gesdd"); gesdd != 0 {
		ops.thin = func(a *mat.Dense[T]) *svdJob[T] { return newGesdd(gesdd, a) }
	}
	return ops
}

// arguments holds what Fortran takes by reference.
type arguments[T mat.Float] struct {
	m, n, k, lda, ldb, ldc, inc int32
	one, zero, alpha            T
	plain, lower                byte
}

// gemm computes the row-major C = A·B as the column-major Cᵀ = Bᵀ·Aᵀ.
func (g *arguments[T]) gemm(address uintptr, a, b, c *mat.Dense[T]) {
	g.m, g.n, g.k = int32(c.Cols), int32(c.Rows), int32(a.Cols)
	g.lda, g.ldb, g.ldc = int32(b.Stride), int32(a.Stride), int32(c.Stride)
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&g.plain)), uintptr(unsafe.Pointer(&g.plain)),
		uintptr(unsafe.Pointer(&g.m)), uintptr(unsafe.Pointer(&g.n)), uintptr(unsafe.Pointer(&g.k)),
		uintptr(unsafe.Pointer(&g.one)),
		uintptr(unsafe.Pointer(unsafe.SliceData(b.Data))), uintptr(unsafe.Pointer(&g.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(a.Data))), uintptr(unsafe.Pointer(&g.ldb)),
		uintptr(unsafe.Pointer(&g.zero)),
		uintptr(unsafe.Pointer(unsafe.SliceData(c.Data))), uintptr(unsafe.Pointer(&g.ldc)))
}

// syrk computes the lower triangle, in column-major order, of C = alpha·AᵀA:
// the row-major A is its own transpose there.
func (g *arguments[T]) syrk(address uintptr, alpha T, a, c *mat.Dense[T]) {
	g.n, g.k, g.alpha = int32(a.Cols), int32(a.Rows), alpha
	g.lda, g.ldc = int32(a.Stride), int32(c.Stride)
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&g.lower)), uintptr(unsafe.Pointer(&g.plain)),
		uintptr(unsafe.Pointer(&g.n)), uintptr(unsafe.Pointer(&g.k)), uintptr(unsafe.Pointer(&g.alpha)),
		uintptr(unsafe.Pointer(unsafe.SliceData(a.Data))), uintptr(unsafe.Pointer(&g.lda)),
		uintptr(unsafe.Pointer(&g.zero)),
		uintptr(unsafe.Pointer(unsafe.SliceData(c.Data))), uintptr(unsafe.Pointer(&g.ldc)))
}

func (g *arguments[T]) axpy(address uintptr, alpha T, x, y []T) {
	g.m, g.alpha = int32(len(x)), alpha
	purego.SyscallN(address, uintptr(unsafe.Pointer(&g.m)), uintptr(unsafe.Pointer(&g.alpha)),
		uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(&g.inc)),
		uintptr(unsafe.Pointer(unsafe.SliceData(y))), uintptr(unsafe.Pointer(&g.inc)))
}

// dot leaves its result in a register that SyscallN does not read.
func (g *arguments[T]) dot(address uintptr, x, y []T) {
	g.m = int32(len(x))
	purego.SyscallN(address, uintptr(unsafe.Pointer(&g.m)),
		uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(&g.inc)),
		uintptr(unsafe.Pointer(unsafe.SliceData(y))), uintptr(unsafe.Pointer(&g.inc)))
}
