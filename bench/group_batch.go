package main

import "github.com/lanes-go/lanes/mat"

// smallOrders are those at which rotations in vector lanes compete.
var smallOrders = []int{4, 8, 16, 24, 32}

func measureBatch(s *session) ([]cell, error) {
	return both(s, batchCells[float32], batchCells[float64])
}

func batchCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, n := range smallOrders {
		c, err := eigenCell[T](s, n, eigenVariant{op: "eigen", way: usual})
		if err != nil {
			return nil, err
		}
		cells = append(cells, c, svdCell(s, random[T](n, n, 4), "svd", sizeText(n, n), nil, true))
	}
	return cells, nil
}
