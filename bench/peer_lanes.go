package main

import (
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
		gemm: func(a, b, c *mat.Dense[T]) { w.Gemm(mat.NoTrans, mat.NoTrans, 1, a, b, 0, c) },
		axpy: kernels.Axpy[T],
		dot:  kernels.Dot[T],
	}
}
