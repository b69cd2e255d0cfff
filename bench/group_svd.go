package main

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// sizes of the matrices whose thin decomposition is timed, rows and columns;
// not powers of two alone, which flatter.
var sizes = [][2]int{
	{8, 8}, {16, 16}, {32, 32}, {64, 64}, {100, 100}, {128, 128}, {250, 250}, {257, 257}, {500, 500}, {513, 513},
	{1000, 100}, {10000, 64}, {2000, 500}, {100000, 32}, {100, 1000}, {500, 2000},
}

// valueSizes are those of which the singular values alone are timed.
var valueSizes = [][2]int{{32, 32}, {64, 64}, {100, 100}, {250, 250}, {500, 500}, {300, 200}, {1000, 100}}

func measureSVD(s *session) ([]cell, error) {
	if s.reach {
		return both(s, svdReach[float32], svdReach[float64])
	}
	return both(s, svdCells[float32], svdCells[float64])
}

func svdCells[T mat.Float](s *session) (cells []cell, err error) {
	thin, values := sizes, valueSizes
	if s.sizes != nil {
		thin = s.matricesAsked()
		values = thin
	}
	for _, size := range thin {
		cells = append(cells, thinCell[T](s, size[0], size[1]))
	}
	for _, size := range values {
		c, err := valuesCell[T](s, size[0], size[1])
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	if s.sizes != nil {
		return cells, nil
	}
	c, err := fallingCell[T](s)
	return append(cells, c), err
}

// thinCell times the thin decomposition of a random matrix.
func thinCell[T mat.Float](s *session, m, n int) cell {
	return svdCell(s, random[T](m, n, 4), "svd", sizeText(m, n), nil, false)
}

// fallingCell times a truncated decomposition.
func fallingCell[T mat.Float](s *session) (cell, error) {
	const m, n, k = 2000, 500, 10
	return lowRankCell(s, falling[T](m, n), k, fmt.Sprintf("%s, rank %d", sizeText(m, n), k), s.time)
}

// falling returns a matrix with falling singular values.
func falling[T mat.Float](m, n int) *mat.Dense[T] {
	a := random[T](m, n, 4)
	for i := range m {
		for j := range n {
			a.Data[i*n+j] /= T(1 + j)
		}
	}
	return a
}

func sizeText(m, n int) string { return fmt.Sprintf("%dx%d", m, n) }

// svdCell times the thin decomposition of a by every peer, by their other
// methods too where all is set, and measures its quality against the singular
// values of reference, unless that is nil.
func svdCell[T mat.Float](s *session, a *mat.Dense[T], op, size string, reference []float64, all bool) cell {
	var contenders []contender
	measured := map[string]*svdQuality{}
	enter := func(name string, job *svdJob[T]) {
		contenders = append(contenders, decomposition(name, job.run, func() (float64, error) {
			measured[name] = svdQualityOf(a, job.values, job.u(), job.v(), reference)
			return checkSVD(a, job.values, job.u(), job.v())
		}))
	}
	for _, p := range s.peers {
		ops := of[T](p)
		if ops.thin != nil {
			enter(p.Name, ops.thin(a))
		}
		for _, method := range ops.methods {
			if all {
				enter(p.Name+" "+method.name, method.thin(a))
			}
		}
	}
	c := s.contest(cell{Op: op, Elem: elemOf[T](), Size: size}, contenders)
	for i := range c.Results {
		c.Results[i].SVD = measured[c.Results[i].Impl]
	}
	c.Notes = svdQualityNotes(&c)
	return c
}

// valuesCell times the singular values of a random matrix, without vectors.
func valuesCell[T mat.Float](s *session, m, n int) (cell, error) {
	a := random[T](m, n, 4)
	reference, err := referee(a)
	if err != nil {
		return cell{}, err
	}
	var contenders []contender
	for _, p := range s.peers {
		singular := of[T](p).singular
		if singular == nil {
			continue
		}
		job := singular(a)
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			return checkSingularValues(job.values, reference, lapackThreshold*float64(max(m, n))*ulp[T]())
		}))
	}
	return s.contest(cell{Op: "svdvals", Elem: elemOf[T](), Size: sizeText(m, n)}, contenders), nil
}

// checkSingularValues verifies singular values to eps times the largest.
func checkSingularValues[T mat.Float](values []T, reference []float64, eps float64) (float64, error) {
	var d deviation
	for i, want := range reference {
		d.add(abs(float64(values[i])-want), eps*reference[0], "value %d", i)
	}
	return d.verdict()
}
