package main

import (
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// limit is how much of LAPACK's time decompositions of these orders may take.
type limit struct {
	share  float64
	orders []int
}

var (
	eigenLimits = []limit{
		{0.4, []int{4, 8, 16}}, {0.6, []int{24, 32}}, {0.8, []int{48, 64}},
		{0.65, []int{100, 128, 250, 257}}, {0.75, []int{500, 513, 1000, 2000}},
	}
	svdLimits = []limit{
		{0.25, []int{4, 8, 16}}, {0.45, []int{24, 32}}, {0.65, []int{48, 64, 100, 128}},
		{0.6, []int{250, 257, 500, 513}}, {0.7, []int{1000, 2000}},
	}
	batchLimits = []limit{{1. / 5, []int{4, 8}}, {1. / 3, []int{16}}, {1. / 2, []int{32}}}
	gradedReach = []int{100, 250, 500}
	valuesReach = []int{16, 32, 64, 100, 250, 500, 1000}
	accurateAt  = []int{100, 500}
)

// tallLimits are those of long shapes, and of their transposes.
var tallLimits = []struct {
	share float64
	m, n  int
}{{0.3, 1000, 100}, {0.2, 10000, 64}, {0.4, 2000, 500}, {0.2, 100000, 32}}

// Of the others' time: values alone, eigenvalues to all their digits, singular values
// of gradings and of a matrix of condition 1e8, the first ten of a falling spectrum.
const (
	valuesShare    = 0.8
	accurateShare  = 2.0
	gradedShare    = 1.3
	conditionShare = 1.2
	truncatedShare = 0.1
)

// On several threads, of the others' time on as many.
const (
	eigenThreadsShare = 0.9
	svdThreadsShare   = 0.8
	threadsOrder      = 100 // the least order at which threads are compared
)

// spectral measures rows beside LAPACK alone: gonum takes minutes over the large ones.
func spectral[T mat.Float](s *session, rows func(*reaching[T])) ([]cell, error) {
	all := s.peers
	defer func() { s.peers = all }()
	s.peers = slices.DeleteFunc(slices.Clone(all), func(p peer) bool { return p.Name == "gonum" })
	r := &reaching[T]{session: s}
	rows(r)
	return r.cells, r.err
}

// within calls row for every order with what it is to take. Several threads have
// one share for the larger ones.
func (r *reaching[T]) within(limits []limit, onThreads float64, row func(n int, d demand)) {
	for _, l := range limits {
		for _, n := range l.orders {
			switch {
			case r.threads == 1:
				row(n, ofTime(l.share))
			case n >= threadsOrder:
				row(n, ofTime(onThreads))
			}
		}
	}
}

func eigenReach[T mat.Float](s *session) ([]cell, error) {
	return spectral(s, func(r *reaching[T]) {
		eigen := func(n int, d demand, v eigenVariant) {
			r.add(d, func() (cell, error) { return eigenCell[T](r.session, n, v) })
		}
		r.within(eigenLimits, eigenThreadsShare, func(n int, d demand) { eigen(n, d, usualEigen) })
		if r.threads > 1 {
			return
		}
		for _, n := range valuesReach {
			eigen(n, ofTime(valuesShare), eigenvalues)
		}
		for _, n := range accurateAt {
			eigen(n, ofTime(accurateShare), accurateEigen)
		}
		r.within(batchLimits, 0, func(n int, d demand) {
			r.add(d, func() (cell, error) { return eigenBatchCell[T](r.session, n), nil })
		})
	})
}

func svdReach[T mat.Float](s *session) ([]cell, error) {
	return spectral(s, func(r *reaching[T]) {
		r.within(svdLimits, svdThreadsShare, func(n int, d demand) { r.thin(d, n, n) })
		if r.threads > 1 {
			return
		}
		for _, l := range tallLimits {
			r.thin(ofTime(l.share), l.m, l.n)
			r.thin(ofTime(l.share), l.n, l.m)
		}
		for _, n := range valuesReach {
			r.add(ofTime(valuesShare), func() (cell, error) { return valuesCell[T](r.session, n, n) })
		}
		r.add(ofTime(truncatedShare), func() (cell, error) { return fallingCell[T](r.session) })
		r.gradings()
		r.within(batchLimits, 0, func(n int, d demand) {
			r.add(d, func() (cell, error) { return svdBatchCell[T](r.session, n), nil })
		})
	})
}

func (r *reaching[T]) thin(d demand, m, n int) {
	r.add(d, func() (cell, error) { return thinCell[T](r.session, m, n), nil })
}

// gradings measures what dgesdd loses small values of, and the case of a large
// condition that is no scaling.
func (r *reaching[T]) gradings() {
	for _, n := range gradedReach {
		for _, g := range gradings[1:] {
			share := gradedShare
			if g.rows+g.cols == 0 {
				share = conditionShare
			}
			r.add(ofTime(share), func() (cell, error) { return gradedCell[T](r.session, n, g, false) })
		}
	}
}
