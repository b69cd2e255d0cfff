//go:build darwin || linux

package main

import (
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// gejsv holds the arguments of LAPACK's sgejsv or dgejsv, one-sided Jacobi after
// QR with pivoting (Drmač and Veselić 2008), here with rows and columns of any
// scale in mind. It wants as many rows as columns, or more.
type gejsv[T mat.Float] struct {
	address                            uintptr
	joba, jobu, jobv, jobr, jobt, jobp byte
	m, n, lwork, info                  int32
	a, s, u, v, work                   []T
	iwork                              []int32
	arguments                          longList
}

func newGejsv[T mat.Float](address uintptr, a *mat.Dense[T]) *svdJob[T] {
	m, n := a.Rows, a.Cols
	columns := transpose(a)
	size := max(2*m+n, 6*n+2*n*n, 7)
	l := &gejsv[T]{
		address: address,
		joba:    'F', jobu: 'U', jobv: 'V', jobr: 'R', jobt: 'N', jobp: 'N', m: int32(m), n: int32(n), lwork: int32(size),
		a: make([]T, m*n), s: make([]T, n), u: make([]T, m*n), v: make([]T, n*n), work: make([]T, size), iwork: make([]int32, m+3*n),
	}
	data := func(x []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
	l.arguments = longList{
		unsafe.Pointer(&l.joba), unsafe.Pointer(&l.jobu), unsafe.Pointer(&l.jobv),
		unsafe.Pointer(&l.jobr), unsafe.Pointer(&l.jobt), unsafe.Pointer(&l.jobp),
		unsafe.Pointer(&l.m), unsafe.Pointer(&l.n), data(l.a), unsafe.Pointer(&l.m), data(l.s),
		data(l.u), unsafe.Pointer(&l.m), data(l.v), unsafe.Pointer(&l.n),
		data(l.work), unsafe.Pointer(&l.lwork), unsafe.Pointer(unsafe.SliceData(l.iwork)), unsafe.Pointer(&l.info),
	}
	return &svdJob[T]{
		run: func() error {
			copy(l.a, columns.Data)
			l.arguments.call(l.address)
			for i := range l.s {
				l.s[i] *= l.work[0] / l.work[1] // its scale
			}
			return failure("gejsv", l.info)
		},
		values: l.s,
		u:      func() *mat.Dense[T] { return transpose(mat.NewDense(n, m, l.u)) },
		v:      func() *mat.Dense[T] { return transpose(mat.NewDense(n, n, l.v)) },
	}
}
