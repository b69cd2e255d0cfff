//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// gesvd holds the arguments of LAPACK's sgesvd or dgesvd, by QR iterations.
type gesvd[T mat.Float] struct {
	job                          byte
	m, n, lda, ldvt, lwork, info int32
	a, s, u, vt, work            []T
}

func newGesvd[T mat.Float](address uintptr, a *mat.Dense[T]) *svdJob[T] {
	m, n := a.Rows, a.Cols
	k := min(m, n)
	columns := transpose(a)
	l := &gesvd[T]{
		job: 'S', m: int32(m), n: int32(n), lda: int32(m), ldvt: int32(k), lwork: -1,
		a: make([]T, m*n), s: make([]T, k), u: make([]T, m*k), vt: make([]T, k*n), work: make([]T, 1),
	}
	l.call(address) // asks for the size of the workspace
	l.lwork = int32(l.work[0])
	l.work = make([]T, l.lwork)
	return &svdJob[T]{
		run: func() error {
			copy(l.a, columns.Data)
			return l.call(address)
		},
		values: l.s,
		u:      func() *mat.Dense[T] { return transpose(mat.NewDense(k, m, l.u)) },
		v:      func() *mat.Dense[T] { return mat.NewDense(n, k, l.vt) },
	}
}

func (l *gesvd[T]) call(address uintptr) error {
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&l.job)), uintptr(unsafe.Pointer(&l.job)),
		uintptr(unsafe.Pointer(&l.m)), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.a))), uintptr(unsafe.Pointer(&l.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.s))),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.u))), uintptr(unsafe.Pointer(&l.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.vt))), uintptr(unsafe.Pointer(&l.ldvt)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.work))), uintptr(unsafe.Pointer(&l.lwork)),
		uintptr(unsafe.Pointer(&l.info)), hiddenLength)
	return failure("gesvd", l.info)
}

// gesvj holds the arguments of LAPACK's sgesvj or dgesvj, one-sided Jacobi,
// which turns the matrix into U. It wants as many rows as columns, or more.
type gesvj[T mat.Float] struct {
	joba, jobu, jobv        byte
	m, n, zero, lwork, info int32
	a, s, v, work           []T
}

func newGesvj[T mat.Float](address uintptr, a *mat.Dense[T]) *svdJob[T] {
	m, n := a.Rows, a.Cols
	columns := transpose(a)
	l := &gesvj[T]{
		joba: 'G', jobu: 'U', jobv: 'V', m: int32(m), n: int32(n), lwork: int32(max(6, m+n)),
		a: make([]T, m*n), s: make([]T, n), v: make([]T, n*n), work: make([]T, max(6, m+n)),
	}
	return &svdJob[T]{
		run: func() error {
			copy(l.a, columns.Data)
			err := l.call(address)
			for i := range l.s {
				l.s[i] *= l.work[0] // its scale
			}
			return err
		},
		values: l.s,
		u:      func() *mat.Dense[T] { return transpose(mat.NewDense(n, m, l.a)) },
		v:      func() *mat.Dense[T] { return transpose(mat.NewDense(n, n, l.v)) },
	}
}

func (l *gesvj[T]) call(address uintptr) error {
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&l.joba)), uintptr(unsafe.Pointer(&l.jobu)), uintptr(unsafe.Pointer(&l.jobv)),
		uintptr(unsafe.Pointer(&l.m)), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.a))), uintptr(unsafe.Pointer(&l.m)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.s))), uintptr(unsafe.Pointer(&l.zero)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.v))), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.work))), uintptr(unsafe.Pointer(&l.lwork)),
		uintptr(unsafe.Pointer(&l.info)), hiddenLength)
	return failure("gesvj", l.info)
}
