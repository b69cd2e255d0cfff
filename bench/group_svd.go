package main

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// sizes of the matrices whose thin decomposition is timed, rows and columns.
var sizes = [][2]int{{32, 32}, {64, 64}, {100, 100}, {250, 250}, {500, 500}, {1000, 100}, {10000, 64}, {2000, 500}}

func measureSVD(s *session) ([]cell, error) { return both(s, svdCells[float32], svdCells[float64]) }

func svdCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, size := range sizes {
		cells = append(cells, svdCell[T](s, size[0], size[1]))
	}
	return cells, nil
}

func svdCell[T mat.Float](s *session, m, n int) cell {
	a := random[T](m, n, 4)
	var contenders []contender
	for _, p := range s.peers {
		thin := of[T](p).thin
		if thin == nil {
			continue
		}
		job := thin(a)
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			return checkSVD(a, job.values, job.u(), job.v())
		}))
	}
	return s.contest(cell{Op: "svd", Elem: elemOf[T](), Size: fmt.Sprintf("%dx%d", m, n)}, contenders)
}
