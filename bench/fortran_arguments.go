//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// arguments holds what Fortran takes by reference.
type arguments[T mat.Float] struct {
	m, n, k, lda, ldb, ldc, inc int32
	one, zero, alpha, c, s      T
	transA, transB, lower       byte
}

func newArguments[T mat.Float]() *arguments[T] {
	return &arguments[T]{one: 1, inc: 1, transA: 'N', transB: 'N', lower: 'L'}
}

func address[P any](p *P) uintptr { return uintptr(unsafe.Pointer(p)) }

func letter(t mat.Transpose) byte {
	if t == mat.Trans {
		return 'T'
	}
	return 'N'
}

// gemm computes the row-major C = op(A)·op(B) as the column-major
// Cᵀ = op(B)ᵀ·op(A)ᵀ.
func (g *arguments[T]) gemm(routine uintptr, tA, tB mat.Transpose, a, b, c *mat.Dense[T]) {
	g.m, g.n, g.k = int32(c.Cols), int32(c.Rows), int32(a.Cols)
	if tA == mat.Trans {
		g.k = int32(a.Rows)
	}
	g.transA, g.transB = letter(tB), letter(tA)
	g.lda, g.ldb, g.ldc = int32(b.Stride), int32(a.Stride), int32(c.Stride)
	purego.SyscallN(routine, address(&g.transA), address(&g.transB),
		address(&g.m), address(&g.n), address(&g.k), address(&g.one),
		address(unsafe.SliceData(b.Data)), address(&g.lda),
		address(unsafe.SliceData(a.Data)), address(&g.ldb), address(&g.zero),
		address(unsafe.SliceData(c.Data)), address(&g.ldc))
}

// syrk computes the lower triangle, in column-major order, of C = alpha·AᵀA:
// the row-major A is its own transpose there.
func (g *arguments[T]) syrk(routine uintptr, alpha T, a, c *mat.Dense[T]) {
	g.n, g.k, g.alpha, g.transA = int32(a.Cols), int32(a.Rows), alpha, 'N'
	g.lda, g.ldc = int32(a.Stride), int32(c.Stride)
	purego.SyscallN(routine, address(&g.lower), address(&g.transA),
		address(&g.n), address(&g.k), address(&g.alpha),
		address(unsafe.SliceData(a.Data)), address(&g.lda), address(&g.zero),
		address(unsafe.SliceData(c.Data)), address(&g.ldc))
}

// gemv computes y = op(A)·x; the column-major A is the row-major one transposed.
func (g *arguments[T]) gemv(routine uintptr, tA mat.Transpose, a *mat.Dense[T], x, y []T) {
	g.m, g.n, g.lda, g.transA = int32(a.Cols), int32(a.Rows), int32(a.Stride), letter(!tA)
	purego.SyscallN(routine, address(&g.transA), address(&g.m), address(&g.n), address(&g.one),
		address(unsafe.SliceData(a.Data)), address(&g.lda),
		address(unsafe.SliceData(x)), address(&g.inc), address(&g.zero),
		address(unsafe.SliceData(y)), address(&g.inc))
}

// ger computes A += alpha·x·yᵀ as the column-major Aᵀ += alpha·y·xᵀ.
func (g *arguments[T]) ger(routine uintptr, alpha T, x, y []T, a *mat.Dense[T]) {
	g.m, g.n, g.lda, g.alpha = int32(a.Cols), int32(a.Rows), int32(a.Stride), alpha
	purego.SyscallN(routine, address(&g.m), address(&g.n), address(&g.alpha),
		address(unsafe.SliceData(y)), address(&g.inc),
		address(unsafe.SliceData(x)), address(&g.inc),
		address(unsafe.SliceData(a.Data)), address(&g.lda))
}

func (g *arguments[T]) axpy(routine uintptr, alpha T, x, y []T) {
	g.m, g.alpha = int32(len(x)), alpha
	purego.SyscallN(routine, address(&g.m), address(&g.alpha),
		address(unsafe.SliceData(x)), address(&g.inc), address(unsafe.SliceData(y)), address(&g.inc))
}

func (g *arguments[T]) scal(routine uintptr, alpha T, x []T) {
	g.m, g.alpha = int32(len(x)), alpha
	purego.SyscallN(routine, address(&g.m), address(&g.alpha), address(unsafe.SliceData(x)), address(&g.inc))
}

func (g *arguments[T]) rot(routine uintptr, x, y []T, c, s T) {
	g.m, g.c, g.s = int32(len(x)), c, s
	purego.SyscallN(routine, address(&g.m), address(unsafe.SliceData(x)), address(&g.inc),
		address(unsafe.SliceData(y)), address(&g.inc), address(&g.c), address(&g.s))
}

// dot leaves its result in a register that SyscallN does not read.
func (g *arguments[T]) dot(routine uintptr, x, y []T) {
	g.m = int32(len(x))
	purego.SyscallN(routine, address(&g.m),
		address(unsafe.SliceData(x)), address(&g.inc), address(unsafe.SliceData(y)), address(&g.inc))
}

// nrm2 leaves its result there as well.
func (g *arguments[T]) nrm2(routine uintptr, x []T) {
	g.m = int32(len(x))
	purego.SyscallN(routine, address(&g.m), address(unsafe.SliceData(x)), address(&g.inc))
}

// dotOf returns the inner product that does fetch its result.
func (g *arguments[T]) dotOf(routine uintptr) func(x, y []T) T {
	var function func(n *int32, x *T, incX *int32, y *T, incY *int32) T
	purego.RegisterFunc(&function, routine)
	return func(x, y []T) T {
		g.m = int32(len(x))
		return function(&g.m, unsafe.SliceData(x), &g.inc, unsafe.SliceData(y), &g.inc)
	}
}

func (g *arguments[T]) nrm2Of(routine uintptr) func(x []T) T {
	var function func(n *int32, x *T, incX *int32) T
	purego.RegisterFunc(&function, routine)
	return func(x []T) T {
		g.m = int32(len(x))
		return function(&g.m, unsafe.SliceData(x), &g.inc)
	}
}
