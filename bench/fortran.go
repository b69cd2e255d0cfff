//go:build darwin || linux

package main

import (
	"time"

	"github.com/lanes-go/lanes/mat"
)

// callCost is what a call into C costs before any work: the best time of a
// product n × n × n, for the smallest n that gets through to C.
func callCost(ops operations[float64], n int) time.Duration {
	a := &mat.Dense[float64]{Rows: n, Cols: n, Stride: 1, Data: make([]float64, 1)}
	c := &mat.Dense[float64]{Rows: n, Cols: n, Stride: 1, Data: make([]float64, 1)}
	best := race([]runner{{run: func() { ops.gemm(mat.NoTrans, mat.NoTrans, a, a, c) }}}, 5*time.Millisecond)[0].best()
	return time.Duration(best)
}

// fortran binds the BLAS and LAPACK of one element type, whose names begin with
// prefix. The arguments of a call live in one heap object, so that a call
// allocates nothing.
func fortran[T mat.Float](lib library, prefix byte) operations[T] {
	name := func(routine string) uintptr { return lib.symbol(string(prefix) + routine + "_") }
	gemm, axpy, dot := name("gemm"), name("axpy"), name("dot")
	if gemm == 0 || axpy == 0 || dot == 0 {
		return operations[T]{}
	}
	args := newArguments[T]()
	ops := operations[T]{
		gemm:    func(tA, tB mat.Transpose, a, b, c *mat.Dense[T]) { args.gemm(gemm, tA, tB, a, b, c) },
		axpy:    func(alpha T, x, y []T) { args.axpy(axpy, alpha, x, y) },
		dot:     args.dotOf(dot),
		timeDot: func(x, y []T) { args.dot(dot, x, y) },
	}
	bindVectors(&ops, args, name)
	if syrk := name("syrk"); syrk != 0 {
		ops.gram = func(alpha T, a, c *mat.Dense[T]) { args.syrk(syrk, alpha, a, c) }
	}
	if syevd := name("syevd"); syevd != 0 {
		ops.symmetric = func(a *mat.Dense[T]) *eigenJob[T] { return newSyevd(syevd, 'V', a) }
		ops.eigenBy = lapackEigen[T](lib, prefix)
		ops.symmetricBatch = func(list []*mat.Dense[T]) *eigenBatch[T] { return syevdLoop(syevd, list) }
	}
	if syevr := name("syevr"); syevr != 0 && call25() != 0 {
		ops.leading = func(a *mat.Dense[T], k int) *eigenJob[T] { return newSyevr(syevr, a, k) }
	}
	if gesdd := name("gesdd"); gesdd != 0 {
		ops.thin = func(a *mat.Dense[T]) *svdJob[T] { return newGesdd(gesdd, 'S', a) }
		ops.singular = func(a *mat.Dense[T]) *svdJob[T] { return newGesdd(gesdd, 'N', a) }
		ops.thinBatch = func(list []*mat.Dense[T]) *svdBatch[T] { return gesddLoop(gesdd, list) }
	}
	if gesvd := name("gesvd"); gesvd != 0 {
		ops.methods = append(ops.methods, svdMethod[T]{"gesvd", func(a *mat.Dense[T]) *svdJob[T] { return newGesvd(gesvd, a) }})
	}
	if gesvj := name("gesvj"); gesvj != 0 {
		ops.methods = append(ops.methods, svdMethod[T]{"gesvj", func(a *mat.Dense[T]) *svdJob[T] { return newGesvj(gesvj, a) }})
	}
	if gejsv := name("gejsv"); gejsv != 0 && call25() != 0 {
		ops.methods = append(ops.methods, svdMethod[T]{"gejsv", func(a *mat.Dense[T]) *svdJob[T] { return newGejsv(gejsv, a) }})
	}
	return ops
}

// bindVectors adds what a library may lack of level 1 and level 2.
func bindVectors[T mat.Float](ops *operations[T], args *arguments[T], name func(string) uintptr) {
	if gemv := name("gemv"); gemv != 0 {
		ops.gemv = func(tA mat.Transpose, a *mat.Dense[T], x, y []T) { args.gemv(gemv, tA, a, x, y) }
	}
	if ger := name("ger"); ger != 0 {
		ops.rankOne = func(alpha T, x, y []T, a *mat.Dense[T]) { args.ger(ger, alpha, x, y, a) }
	}
	if scal := name("scal"); scal != 0 {
		ops.scal = func(alpha T, x []T) { args.scal(scal, alpha, x) }
	}
	if rot := name("rot"); rot != 0 {
		ops.rot = func(x, y []T, c, s T) { args.rot(rot, x, y, c, s) }
	}
	if nrm2 := name("nrm2"); nrm2 != 0 {
		ops.nrm2 = args.nrm2Of(nrm2)
		ops.timeNrm2 = func(x []T) { args.nrm2(nrm2, x) }
	}
}
