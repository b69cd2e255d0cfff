//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// syevr holds the arguments of LAPACK's ssyevr or dsyevr, by relatively robust
// representations.
type syevr[T mat.Float] struct {
	jobz, uplo, which             byte
	n, lwork, liwork, found, info int32
	zero                          T // the bounds of a range, and the tolerance
	first, last                   int32
	a, z, w, work                 []T
	support, iwork                []int32
	arguments                     longList
}

// newSyevr finds the k largest values, ascending, and their vectors.
func newSyevr[T mat.Float](address uintptr, a *mat.Dense[T], k int) *eigenJob[T] {
	n := a.Rows
	l := &syevr[T]{
		jobz: 'V', uplo: 'L', which: 'I', n: int32(n), lwork: -1, liwork: -1,
		first: int32(n - k + 1), last: int32(n),
		a: make([]T, n*n), z: make([]T, n*k), w: make([]T, n), work: make([]T, 1),
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
		values:  l.w[:k],
		vectors: func() *mat.Dense[T] { return transpose(mat.NewDense(k, n, l.z)) },
	}
}

func (l *syevr[T]) call(address uintptr) error {
	at := func(x []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
	integers := func(x []int32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
	n, zero := unsafe.Pointer(&l.n), unsafe.Pointer(&l.zero)
	l.arguments = longList{
		unsafe.Pointer(&l.jobz), unsafe.Pointer(&l.which), unsafe.Pointer(&l.uplo), n, at(l.a), n,
		zero, zero, unsafe.Pointer(&l.first), unsafe.Pointer(&l.last), zero, unsafe.Pointer(&l.found), at(l.w), at(l.z), n, integers(l.support),
		at(l.work), unsafe.Pointer(&l.lwork), integers(l.iwork), unsafe.Pointer(&l.liwork), unsafe.Pointer(&l.info),
	}
	l.arguments.call(address)
	return failure("syevr", l.info)
}
