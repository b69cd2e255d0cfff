package main

import "github.com/lanes-go/lanes/mat"

func measureML(s *session) ([]cell, error) { return both(s, mlCells[float32], mlCells[float64]) }

// flowTime is how many times longer than other cells a whole task is timed.
const flowTime = 5

// mlCells times whole tasks on real data, from the data set to a verified
// result.
func mlCells[T mat.Float](s *session) ([]cell, error) {
	return []cell{mlpCell[T](s)}, nil
}
