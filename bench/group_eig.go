package main

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// orders of the symmetric matrices. Powers of two are left out: their strides
// collide in the cache and flatter whoever does not rotate columns.
var orders = []int{8, 16, 32, 64, 100, 250, 500, 1000}

// ordersOfWays are those at which other ways than the usual one are measured.
var ordersOfWays = []int{16, 32, 100, 500}

// eigenVariant is a table of the group.
type eigenVariant struct {
	op     string
	way    eigenWay
	graded bool
	orders []int // unless -sizes asks for others
}

var (
	usualEigen    = eigenVariant{op: "eigen", way: usual, orders: orders}
	eigenvalues   = eigenVariant{op: "eigenvalues", way: valuesOnly, orders: ordersOfWays}
	accurateEigen = eigenVariant{op: "eigen accurate, graded", way: accurate, graded: true, orders: ordersOfWays}
)

var eigenVariants = []eigenVariant{
	usualEigen,
	{op: "eigen beside syev", way: byQR, orders: ordersOfWays},
	{op: "eigen beside syevr", way: byRRR, orders: ordersOfWays},
	eigenvalues, accurateEigen,
}

func measureEigen(s *session) ([]cell, error) {
	if s.reach {
		return both(s, eigenReach[float32], eigenReach[float64])
	}
	return both(s, eigenCells[float32], eigenCells[float64])
}

func eigenCells[T mat.Float](s *session) (cells []cell, err error) {
	for _, v := range eigenVariants {
		list := v.orders
		if s.sizes != nil {
			list = s.ordersAsked()
		}
		for _, n := range list {
			c, err := eigenCell[T](s, n, v)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

// eigenCell times the peers on one matrix and measures what they computed.
func eigenCell[T mat.Float](s *session, n int, v eigenVariant) (cell, error) {
	a := randomSymmetric[T](n)
	var right []float64
	if v.graded {
		a = gradedMatrix[T](n, gradedDecades[T]())
		var err error
		if right, err = gradedValues(a); err != nil {
			return cell{}, err
		}
	}
	vectors := v.way != valuesOnly
	jobs := map[string]*eigenJob[T]{}
	var contenders []contender
	for _, p := range s.peers {
		job := eigenJobOf(p, v.way, a)
		if job == nil {
			continue
		}
		jobs[p.Name] = job
		contenders = append(contenders, decomposition(p.Name, job.run, func() (float64, error) {
			if !vectors {
				return checkValues(a, job.values)
			}
			return checkEigen(a, job.values, job.vectors())
		}))
	}
	c := s.contest(cell{Op: v.op, Elem: elemOf[T](), Size: fmt.Sprintf("n=%d", n)}, contenders)
	for i := range c.Results {
		r := &c.Results[i]
		if r.Wrong == "" && (vectors || v.graded) {
			r.Quality = qualityOf(a, jobs[r.Impl], vectors, right)
		}
	}
	if note := qualityNote(&c, vectors, v.graded); note != "" {
		c.Notes = append(c.Notes, note)
	}
	return c, nil
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

func randomSymmetric[T mat.Float](n int) *mat.Dense[T] { return randomSymmetricOf[T](n, 3) }

func randomSymmetricOf[T mat.Float](n int, seed uint64) *mat.Dense[T] {
	m := random[T](n, n, seed)
	for i := range n {
		for j := range i {
			m.Data[i*n+j] = m.Data[j*n+i]
		}
	}
	return m
}
