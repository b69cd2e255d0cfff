//go:build darwin || linux

package main

import (
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// hiddenLength is what Fortran passes, by value, for a string of one letter.
const hiddenLength = 1

// syevd holds the arguments of LAPACK's ssyevd or dsyevd. The matrix is
// symmetric, so that row-major and column-major are the same; the eigenvectors
// come out as columns, which are the rows of z.
type syevd[T mat.Float] struct {
	jobz, uplo             byte
	n, lwork, liwork, info int32
	z, w, work             []T
	iwork                  []int32
}

func newSyevd[T mat.Float](address uintptr, jobz byte, a *mat.Dense[T]) *eigenJob[T] {
	n := a.Rows
	l := syevdOf[T](address, jobz, n)
	return &eigenJob[T]{
		run: func() error {
			copy(l.z, a.Data)
			return l.call(address)
		},
		values:  l.w,
		vectors: func() *mat.Dense[T] { return transpose(mat.NewDense(n, n, l.z)) },
	}
}

// syevdOf prepares the arguments for matrices of order n.
func syevdOf[T mat.Float](address uintptr, jobz byte, n int) *syevd[T] {
	l := &syevd[T]{
		jobz: jobz, uplo: 'L', n: int32(n), lwork: -1, liwork: -1,
		z: make([]T, n*n), w: make([]T, n), work: make([]T, 1), iwork: make([]int32, 1),
	}
	l.call(address) // asks for the size of the workspace
	l.lwork, l.liwork = int32(l.work[0]), l.iwork[0]
	l.work, l.iwork = make([]T, l.lwork), make([]int32, l.liwork)
	return l
}

func (l *syevd[T]) call(address uintptr) error {
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&l.jobz)), uintptr(unsafe.Pointer(&l.uplo)), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.z))), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.w))),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.work))), uintptr(unsafe.Pointer(&l.lwork)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.iwork))), uintptr(unsafe.Pointer(&l.liwork)),
		uintptr(unsafe.Pointer(&l.info)), hiddenLength, hiddenLength)
	return failure("syevd", l.info)
}

// gesdd holds the arguments of LAPACK's sgesdd or dgesdd, which gets the
// matrix in its own, column-major layout.
type gesdd[T mat.Float] struct {
	jobz                         byte
	m, n, lda, ldvt, lwork, info int32
	a, s, u, vt, work            []T
	iwork                        []int32
}

func newGesdd[T mat.Float](address uintptr, jobz byte, a *mat.Dense[T]) *svdJob[T] {
	m, n := a.Rows, a.Cols
	k := min(m, n)
	columns := transpose(a)
	l := gesddOf[T](address, jobz, m, n)
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

// gesddOf prepares the arguments for m × n matrices.
func gesddOf[T mat.Float](address uintptr, jobz byte, m, n int) *gesdd[T] {
	k := min(m, n)
	l := &gesdd[T]{
		jobz: jobz, m: int32(m), n: int32(n), lda: int32(m), ldvt: int32(k), lwork: -1,
		a: make([]T, m*n), s: make([]T, k), u: make([]T, m*k), vt: make([]T, k*n),
		work: make([]T, 1), iwork: make([]int32, 8*k),
	}
	l.call(address) // asks for the size of the workspace
	l.lwork = int32(l.work[0])
	l.work = make([]T, l.lwork)
	return l
}

func (l *gesdd[T]) call(address uintptr) error {
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&l.jobz)), uintptr(unsafe.Pointer(&l.m)), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.a))), uintptr(unsafe.Pointer(&l.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.s))),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.u))), uintptr(unsafe.Pointer(&l.lda)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.vt))), uintptr(unsafe.Pointer(&l.ldvt)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.work))), uintptr(unsafe.Pointer(&l.lwork)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.iwork))),
		uintptr(unsafe.Pointer(&l.info)), hiddenLength)
	return failure("gesdd", l.info)
}

func failure(routine string, info int32) error {
	if info != 0 {
		return fmt.Errorf("%s returned info = %d", routine, info)
	}
	return nil
}
