package main

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// smallOrders are those at which rotations in vector lanes compete.
var smallOrders = []int{4, 8, 16, 24, 32}

// batchOrders are those of the batches of batchCount matrices.
var batchOrders = []int{4, 8, 16, 32}

const batchCount = 1000

func measureBatch(s *session) ([]cell, error) {
	return both(s, batchCells[float32], batchCells[float64])
}

func batchCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, n := range smallOrders {
		c, err := eigenCell[T](s, n, usualEigen)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	for _, n := range smallOrders {
		cells = append(cells, svdCell(s, random[T](n, n, 4), "svd", sizeText(n, n), nil, true))
	}
	for _, n := range batchOrders {
		cells = append(cells, eigenBatchCell[T](s, n))
	}
	for _, n := range batchOrders {
		cells = append(cells, svdBatchCell[T](s, n))
	}
	return cells, nil
}

// eigenBatchCell times eig.Batch beside loops over LAPACK.
func eigenBatchCell[T mat.Float](s *session, n int) cell {
	list := make([]*mat.Dense[T], batchCount)
	for i := range list {
		list[i] = randomSymmetricOf[T](n, uint64(i))
	}
	var contenders []contender
	for _, p := range s.peers {
		prepare := of[T](p).symmetricBatch
		if prepare == nil {
			continue
		}
		job := prepare(list)
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			return worstOf(list, func(i int) (float64, error) {
				values, vectors := job.of(i)
				return checkEigen(list[i], values, vectors)
			})
		}))
	}
	return s.contest(cell{Op: fmt.Sprintf("eigen of %d matrices", batchCount), Elem: elemOf[T](), Size: fmt.Sprintf("n=%d", n)}, contenders)
}

// svdBatchCell times svd.Batch beside loops over LAPACK.
func svdBatchCell[T mat.Float](s *session, n int) cell {
	list := make([]*mat.Dense[T], batchCount)
	for i := range list {
		list[i] = random[T](n, n, uint64(i))
	}
	var contenders []contender
	for _, p := range s.peers {
		prepare := of[T](p).thinBatch
		if prepare == nil {
			continue
		}
		job := prepare(list)
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			return worstOf(list, func(i int) (float64, error) {
				values, u, v := job.of(i)
				return checkSVD(list[i], values, u, v)
			})
		}))
	}
	return s.contest(cell{Op: fmt.Sprintf("svd of %d matrices", batchCount), Elem: elemOf[T](), Size: sizeText(n, n)}, contenders)
}

// worstOf returns the largest error to bound among the matrices of a list.
func worstOf[T mat.Float](list []*mat.Dense[T], check func(i int) (float64, error)) (worst float64, err error) {
	for i := range list {
		ratio, err := check(i)
		if err != nil {
			return 0, fmt.Errorf("matrix %d: %w", i, err)
		}
		worst = max(worst, ratio)
	}
	return worst, nil
}
