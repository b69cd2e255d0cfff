//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/lanes-go/lanes/mat"
)

// syev holds the arguments of LAPACK's ssyev or dsyev, QR iterations on the
// tridiagonal form.
type syev[T mat.Float] struct {
	jobz, uplo     byte
	n, lwork, info int32
	z, w, work     []T
}

func newSyev[T mat.Float](address uintptr, a *mat.Dense[T]) *eigenJob[T] {
	n := a.Rows
	l := &syev[T]{
		jobz: 'V', uplo: 'L', n: int32(n), lwork: -1,
		z: make([]T, n*n), w: make([]T, n), work: make([]T, 1),
	}
	l.call(address) // asks for the size of the workspace
	l.lwork = int32(l.work[0])
	l.work = make([]T, l.lwork)
	return &eigenJob[T]{
		run: func() error {
			copy(l.z, a.Data)
			return l.call(address)
		},
		values:  l.w,
		vectors: func() *mat.Dense[T] { return transpose(mat.NewDense(n, n, l.z)) },
	}
}

func (l *syev[T]) call(address uintptr) error {
	purego.SyscallN(address,
		uintptr(unsafe.Pointer(&l.jobz)), uintptr(unsafe.Pointer(&l.uplo)), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.z))), uintptr(unsafe.Pointer(&l.n)),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.w))),
		uintptr(unsafe.Pointer(unsafe.SliceData(l.work))), uintptr(unsafe.Pointer(&l.lwork)),
		uintptr(unsafe.Pointer(&l.info)), hiddenLength, hiddenLength)
	return failure("syev", l.info)
}

// lapackEigen returns the ways of a LAPACK whose names begin with prefix.
func lapackEigen[T mat.Float](lib library, prefix byte) func(eigenWay, *mat.Dense[T]) *eigenJob[T] {
	name := func(routine string) uintptr { return lib.symbol(string(prefix) + routine + "_") }
	qr, rrr, dc := name("syev"), name("syevr"), name("syevd")
	return func(way eigenWay, a *mat.Dense[T]) *eigenJob[T] {
		switch {
		case way == byQR && qr != 0:
			return newSyev(qr, a)
		case way == byRRR && rrr != 0 && call25() != 0:
			return newSyevr(rrr, a, a.Rows)
		case way == valuesOnly && dc != 0:
			return newSyevd(dc, 'N', a)
		case (way == usual || way == accurate) && dc != 0:
			return newSyevd(dc, 'V', a)
		}
		return nil
	}
}
