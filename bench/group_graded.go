package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/mat"
)

// gradedOrders of the matrices in group graded.
var gradedOrders = []int{100, 250}

func measureGraded(s *session) ([]cell, error) {
	return both(s, gradedCells[float32], gradedCells[float64])
}

func gradedCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, n := range gradedOrders {
		for _, g := range gradings {
			c, err := gradedCell[T](s, n, g, true)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// gradedCell times the decomposition of a graded matrix, also by the peers' other
// methods where all is set, and measures the error of every value.
func gradedCell[T mat.Float](s *session, n int, g grading, all bool) (cell, error) {
	a := convert[T](g.matrix(n))
	reference, err := gradedSingularValues(a)
	if err != nil {
		return cell{}, err
	}
	return svdCell(s, a, "graded svd", fmt.Sprintf("%d %s", n, g.name), reference, all), nil
}

// grading is D₁·B·D₂, with scales over so many decades in random order.
type grading struct {
	name             string
	rows, cols, cond float64 // decades of D₁, of D₂, of the spectrum of B
}

var gradings = []grading{
	{"random", 0, 0, 0},
	{"columns", 0, 16, 1},
	{"rows", 16, 0, 1},
	{"both", 8, 8, 1},
	{"cond 1e8", 0, 0, 8},
}

func (g grading) matrix(n int) *mat.Dense[float64] {
	if g == gradings[0] {
		return random[float64](n, n, 4)
	}
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	b := withSpectrum(rng, n, g.cond)
	rows, cols := shuffledGrades(rng, n, g.rows), shuffledGrades(rng, n, g.cols)
	for i := range n {
		row := b.Row(i)
		for j := range row {
			row[j] *= rows[i] * cols[j]
		}
	}
	return b
}

// withSpectrum returns Q·D·P, with random orthogonal Q and P and a D that falls
// over so many decades.
func withSpectrum(rng *rand.Rand, n int, decades float64) *mat.Dense[float64] {
	var q, p mat.QR[float64]
	q.Factorize(random[float64](n, n, rng.Uint64()))
	p.Factorize(random[float64](n, n, rng.Uint64()))
	b := mat.NewDense[float64](n, n, nil)
	for i := range n {
		b.Set(i, i, grade(i, n, decades))
	}
	q.MulQ(mat.NoTrans, b)
	t := b.T()
	p.MulQ(mat.NoTrans, t)
	return t
}

func grade(i, n int, decades float64) float64 {
	return math.Pow(10, -decades*float64(i)/float64(n))
}

func shuffledGrades(rng *rand.Rand, n int, decades float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = grade(i, n, decades)
	}
	rng.Shuffle(n, func(i, j int) { d[i], d[j] = d[j], d[i] })
	return d
}

// convert rounds a to T.
func convert[T mat.Float](a *mat.Dense[float64]) *mat.Dense[T] {
	b := mat.NewDense[T](a.Rows, a.Cols, nil)
	for i := range a.Rows {
		row := b.Row(i)
		for j, v := range a.Row(i) {
			row[j] = T(v)
		}
	}
	return b
}
