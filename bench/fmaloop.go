package main

import "github.com/lanes-go/lanes/mat"

func fmaLoop[T mat.Float](iterations int) int {
	n := 16
	a := random[T](n, n, 1)
	c := mat.NewDense[T](n, n, nil)
	w := mat.Workspace[T]{Threads: 1}
	for range iterations / 1000 {
		w.Gemm(false, false, 1, a, a, 0, c)
	}
	return iterations / 1000 * 2 * n * n * n
}
