package main

import (
	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func lanesPeer(threads int) peer {
	return peer{
		Name:   "lanes",
		Detail: "this module, " + kernels.ISA() + " kernels, " + threadsText(threads),
		f32:    lanesOperations[float32](threads),
		f64:    lanesOperations[float64](threads),
	}
}

func lanesOperations[T mat.Float](threads int) operations[T] {
	w := &mat.Workspace[T]{Threads: threads}
	return operations[T]{
		gemm:      func(tA, tB mat.Transpose, a, b, c *mat.Dense[T]) { w.Gemm(tA, tB, 1, a, b, 0, c) },
		gemv:      func(tA mat.Transpose, a *mat.Dense[T], x, y []T) { w.Gemv(tA, 1, a, x, 0, y) },
		rankOne:   mat.Ger[T],
		gram:      func(alpha T, a, c *mat.Dense[T]) { w.Syrk(mat.Trans, alpha, a, 0, c) },
		axpy:      kernels.Axpy[T],
		scal:      kernels.Scal[T],
		rot:       kernels.Rot[T],
		dot:       kernels.Dot[T],
		nrm2:      kernels.Nrm2[T],
		symmetric: func(a *mat.Dense[T]) *eigenJob[T] { return lanesEigen(a, eig.Options{Threads: threads}) },
		eigenBy: func(way eigenWay, a *mat.Dense[T]) *eigenJob[T] {
			return lanesEigen(a, eig.Options{Threads: threads, ValuesOnly: way == valuesOnly, Accurate: way == accurate})
		},
		thin:     func(a *mat.Dense[T]) *svdJob[T] { return lanesSVD(a, svd.Options{Threads: threads}) },
		singular: func(a *mat.Dense[T]) *svdJob[T] { return lanesSVD(a, svd.Options{Threads: threads, ValuesOnly: true}) },

		symmetricBatch: func(list []*mat.Dense[T]) *eigenBatch[T] { return lanesEigenBatch(list, threads) },
		thinBatch:      func(list []*mat.Dense[T]) *svdBatch[T] { return lanesSVDBatch(list, threads) },
	}
}

func lanesEigen[T mat.Float](a *mat.Dense[T], opts eig.Options) *eigenJob[T] {
	var sym eig.Sym[T]
	vectors := mat.NewDense[T](a.Rows, a.Rows, nil)
	job := &eigenJob[T]{values: make([]T, a.Rows), vectors: func() *mat.Dense[T] { return vectors }}
	job.run = func() error {
		if err := sym.Factorize(a, opts); err != nil {
			return err
		}
		sym.Values(job.values)
		if !opts.ValuesOnly {
			sym.VectorsTo(vectors)
		}
		return nil
	}
	return job
}

func lanesSVD[T mat.Float](a *mat.Dense[T], opts svd.Options) *svdJob[T] {
	k := min(a.Rows, a.Cols)
	var dec svd.SVD[T]
	u, v := mat.NewDense[T](a.Rows, k, nil), mat.NewDense[T](a.Cols, k, nil)
	job := &svdJob[T]{
		values: make([]T, k),
		u:      func() *mat.Dense[T] { return u },
		v:      func() *mat.Dense[T] { return v },
	}
	job.run = func() error {
		if err := dec.Factorize(a, opts); err != nil {
			return err
		}
		dec.Values(job.values)
		if opts.ValuesOnly {
			return nil
		}
		dec.UTo(u)
		dec.VTo(v)
		return nil
	}
	return job
}
