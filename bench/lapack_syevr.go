//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// syevr holds the arguments of LAPACK's ssyevr or dsyevr, by relatively robust
// representations.
type syevr[T mat.Float] struct {
	jobz, uplo, all               byte
	n, lwork, liwork, found, info int32
	zero                          T // the bounds of a range, and the tolerance
	none                          int32
	a, z, w, work                 []T
	support, iwork                []int32
	arguments                     longList
}

func newSyevr[T mat.Float](address uintptr, a *mat.Dense[T]) *eigenJob[T] {
	n := a.Rows
	l := &syevr[T]{
		jobz: 'V', uplo: 'L', all: 'A', n: int32(n), lwork: -1, liwork: -1,
		a: make([]T, n*n), z: make([]T, n*n), w: make([]T, n), work: make([]T, 1),
		support: make([]int32, 2*n), iwork: make([]int32, 1),
	}
	l.call(address) // asks for the size of the workspace
	l.lwork, l.liwork = int32(l.work[0]), l.iwork[0]
	l.work, l.iwork = make([]T, l.lwork), make([]int32, l.liwork)
	return &eigenJob[T]{
		run: func() error {
			copy(l.a, a.Data)
			return l.call(address)
		},
		values:  l.w,
		vectors: func() *mat.Dense[T] { return transpose(mat.NewDense(n, n, l.z)) },
	}
}

func (l *syevr[T]) call(address uintptr) error {
	at := func(x []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
	integers := func(x []int32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
	n, zero, none := unsafe.Pointer(&l.n), unsafe.Pointer(&l.zero), unsafe.Pointer(&l.none)
	l.arguments = longList{
		unsafe.Pointer(&l.jobz), unsafe.Pointer(&l.all), unsafe.Pointer(&l.uplo), n, at(l.a), n,
		zero, zero, none, none, zero, unsafe.Pointer(&l.found), at(l.w), at(l.z), n, integers(l.support),
		at(l.work), unsafe.Pointer(&l.lwork), integers(l.iwork), unsafe.Pointer(&l.liwork), unsafe.Pointer(&l.info),
	}
	l.arguments.call(address)
	return failure("syevr", l.info)
}
