package main

import (
	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
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
		gemm:      func(a, b, c *mat.Dense[T]) { w.Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, c) },
		axpy:      kernels.Axpy[T],
		dot:       kernels.Dot[T],
		symmetric: func(a *mat.Dense[T]) *eigenJob[T] { return lanesEigen(a, eig.Options{Threads: threads}) },
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
		sym.VectorsTo(vectors)
		return nil
	}
	return job
}
