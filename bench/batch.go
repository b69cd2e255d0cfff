package main

import (
	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// eigenBatch is the eigendecompositions of many matrices. Run does all the work
// and keeps all results; of hands out those of one matrix.
type eigenBatch[T mat.Float] struct {
	run func() error
	of  func(i int) (values []T, vectors *mat.Dense[T])
}

// svdBatch is the thin singular value decompositions of many matrices, likewise.
type svdBatch[T mat.Float] struct {
	run func() error
	of  func(i int) (values []T, u, v *mat.Dense[T])
}

func lanesEigenBatch[T mat.Float](list []*mat.Dense[T], threads int) *eigenBatch[T] {
	var b eig.Batch[T]
	return &eigenBatch[T]{
		run: func() error { return b.Factorize(list, eig.Options{Threads: threads}) },
		of: func(i int) ([]T, *mat.Dense[T]) {
			var vectors mat.Dense[T]
			b.VectorsTo(i, &vectors)
			return b.Values(i, nil), &vectors
		},
	}
}

func lanesSVDBatch[T mat.Float](list []*mat.Dense[T], threads int) *svdBatch[T] {
	var b svd.Batch[T]
	return &svdBatch[T]{
		run: func() error { return b.Factorize(list, svd.Options{Threads: threads}) },
		of: func(i int) ([]T, *mat.Dense[T], *mat.Dense[T]) {
			var u, v mat.Dense[T]
			b.UTo(i, &u)
			b.VTo(i, &v)
			return b.Values(i, nil), &u, &v
		},
	}
}
