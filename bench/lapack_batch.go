//go:build darwin || linux

package main

import "github.com/lanes-go/lanes/mat"

// syevdLoop calls syevd for one matrix after the other, with one workspace, and
// has it leave values and vectors where they stay.
func syevdLoop[T mat.Float](address uintptr, list []*mat.Dense[T]) *eigenBatch[T] {
	n := list[0].Rows
	l := syevdOf[T](address, 'V', n)
	values, vectors := make([]T, len(list)*n), make([]T, len(list)*n*n)
	valuesOf := func(i int) []T { return values[i*n:][:n] }
	vectorsOf := func(i int) []T { return vectors[i*n*n:][:n*n] }
	return &eigenBatch[T]{
		run: func() error {
			for i, a := range list {
				l.w, l.z = valuesOf(i), vectorsOf(i)
				copy(l.z, a.Data)
				if err := l.call(address); err != nil {
					return err
				}
			}
			return nil
		},
		of: func(i int) ([]T, *mat.Dense[T]) {
			return valuesOf(i), transpose(mat.NewDense(n, n, vectorsOf(i)))
		},
	}
}

// gesddLoop does the same with gesdd, for square matrices, which it gets in its
// own, column-major layout.
func gesddLoop[T mat.Float](address uintptr, list []*mat.Dense[T]) *svdBatch[T] {
	n := list[0].Rows
	l := gesddOf[T](address, 'S', n, n)
	columns := make([]*mat.Dense[T], len(list))
	for i, a := range list {
		columns[i] = transpose(a)
	}
	values, vectors := make([]T, len(list)*n), make([]T, len(list)*2*n*n)
	valuesOf := func(i int) []T { return values[i*n:][:n] }
	leftOf := func(i int) []T { return vectors[2*i*n*n:][:n*n] }
	rightOf := func(i int) []T { return vectors[(2*i+1)*n*n:][:n*n] }
	return &svdBatch[T]{
		run: func() error {
			for i, a := range columns {
				l.s, l.u, l.vt = valuesOf(i), leftOf(i), rightOf(i)
				copy(l.a, a.Data)
				if err := l.call(address); err != nil {
					return err
				}
			}
			return nil
		},
		of: func(i int) ([]T, *mat.Dense[T], *mat.Dense[T]) {
			return valuesOf(i), transpose(mat.NewDense(n, n, leftOf(i))), mat.NewDense(n, n, rightOf(i))
		},
	}
}
