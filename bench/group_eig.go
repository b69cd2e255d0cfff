package main

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// orders of the symmetric matrices. Powers of two are left out: their strides
// collide in the cache and flatter whoever does not rotate columns.
var orders = []int{16, 32, 64, 100, 250, 500, 1000}

func measureEigen(s *session) ([]cell, error) {
	return both(s, eigenCells[float32], eigenCells[float64])
}

func eigenCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, n := range orders {
		cells = append(cells, eigenCell[T](s, n))
	}
	return cells, nil
}

func eigenCell[T mat.Float](s *session, n int) cell {
	a := randomSymmetric[T](n)
	var contenders []contender
	for _, p := range s.peers {
		symmetric := of[T](p).symmetric
		if symmetric == nil {
			continue
		}
		job := symmetric(a)
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			return checkEigen(a, job.values, job.vectors())
		}))
	}
	return s.contest(cell{Op: "eigen", Elem: elemOf[T](), Size: fmt.Sprintf("n=%d", n)}, contenders)
}

// decomposition is a contender whose run may fail on its data.
func decomposition(impl string, run func() error, check func() (float64, error)) contender {
	var failed error
	return contender{
		impl: impl,
		run:  func() { failed = run() },
		check: func() (float64, error) {
			if failed != nil {
				return 0, failed
			}
			return check()
		},
	}
}

func randomSymmetric[T mat.Float](n int) *mat.Dense[T] {
	m := random[T](n, n, 3)
	for i := range n {
		for j := range i {
			m.Data[i*n+j] = m.Data[j*n+i]
		}
	}
	return m
}
