package main

import (
	"fmt"
	"slices"

	"github.com/lanes-go/lanes/mat"
)

// The sizes of square products that -shapes all measures, by what they are to
// reach.
var (
	tinySizes  = []int{4, 8, 16}
	smallSizes = []int{32, 48, 64, 96, 128}
	oddSizes   = []int{31, 65, 97, 100, 129}
	largeSizes = []int{128, 256, 512, 513, 1000, 1024, 2048, 4096}
	pairSizes  = []int{512, 513, 1000, 1024, 2048, 4096} // of two threads and more
)

// What those that share a mean are to reach on average, of peak.
const meanShare = 0.93

const transposedSize = 512

var (
	thinShapes = []shape{{32, 1024, 1024}, {64, 256, 784}, {1024, 64, 1024}}
	longShapes = []shape{{100000, 64, 64}, {16, 16, 100000}, {100000, 16, 16}}
	gramShapes = [][2]int{{64, 100000}, {256, 20000}} // n and k
	gemvSizes  = []int{128, 256, 512, 1024, 2048, 4096}
	rankSizes  = []int{128, 512, 1024, 4096}
	vectorRow  = shape{1, 4096, 1024}
	lengthsAll = []int{32, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000}
)

// reachCells measures what -shapes all stands for, a target in every row. With
// more than one thread these are the large products alone, against the gain of
// the peak.
func reachCells[T mat.Float](s *session) ([]cell, error) {
	r := &reaching[T]{session: s}
	if s.threads > 1 {
		r.pairs()
		return r.cells, r.err
	}
	r.squares()
	r.transposed()
	r.skinny()
	r.grams()
	r.matrixVectors()
	r.vectors()
	return r.cells, r.err
}

// reaching collects rows until an error.
type reaching[T mat.Float] struct {
	*session
	cells []cell
	err   error
}

func (r *reaching[T]) add(d demand, measure func() (cell, error)) {
	if r.err != nil {
		return
	}
	c, err := measure()
	if err != nil {
		r.err = err
		return
	}
	c.setTarget(d)
	r.cells = append(r.cells, c)
}

func (r *reaching[T]) product(d demand, sh shape) {
	r.add(d, func() (cell, error) { return gemmCell[T](r.session, sh, mat.NoTrans, mat.NoTrans) })
}

// squares measures the ladder. Where a size belongs to two lists, it is to
// reach what both say.
func (r *reaching[T]) squares() {
	small, odd := ofPeak(0.97), ofPeak(0.90)
	if elemOf[T]() == "f32" {
		small, odd = ofPeak(0.96), ofPeak(0.88)
	}
	tiny := [][2]float64{{11, 11}, {57, 58}, {180, 118}} // GFLOP/s of f32 and f64
	for i, n := range tinySizes {
		r.product(figures(tiny[i][0], tiny[i][1]), square(n))
	}
	for _, n := range smallSizes {
		d := small
		if slices.Contains(largeSizes, n) {
			d = allOf(small, bestOfRecord(1))
		}
		r.product(d, square(n))
	}
	for _, n := range oddSizes {
		r.product(allOf(odd, bestOfRecord(1)), square(n))
	}
	for _, n := range largeSizes {
		if !slices.Contains(smallSizes, n) {
			r.product(bestOfRecord(1), square(n))
		}
	}
}

// transposed measures the other orientations, each beside the plain one.
func (r *reaching[T]) transposed() {
	sh := square(transposedSize)
	for _, t := range [][2]mat.Transpose{{mat.NoTrans, mat.Trans}, {mat.Trans, mat.NoTrans}, {mat.Trans, mat.Trans}} {
		r.add(ofBeside(0.98, "NN"), func() (cell, error) {
			return gemmCell[T](r.session, sh, t[0], t[1], plainGauge[T](sh))
		})
	}
}

// plainGauge times lanes' product without a transpose.
func plainGauge[T mat.Float](sh shape) gauge {
	return besideGauge("NN", sh, lanesOperations[T](1))
}

func besideGauge[T mat.Float](name string, sh shape, ops operations[T]) gauge {
	a, b := random[T](sh.m, sh.k, 1), random[T](sh.k, sh.n, 2)
	c := mat.NewDense[T](sh.m, sh.n, nil)
	return gauge{
		work: sh.flops(),
		run:  func() { ops.gemm(mat.NoTrans, mat.NoTrans, a, b, c) },
		take: func(c *cell, rate float64) { c.setBeside(name, rate) },
	}
}

func (c *cell) setBeside(name string, gflops float64) {
	if c.Beside == nil {
		c.Beside = map[string]float64{}
	}
	c.Beside[name] = gflops
}

func (r *reaching[T]) skinny() {
	for _, sh := range thinShapes {
		r.product(bestOfRecord(1), sh)
	}
	for _, sh := range longShapes {
		r.product(anyOf(bestOfRecord(1.1), ofRoof(0.9)), sh)
	}
	r.product(allOf(ofRoof(0.95), bestOfRun), vectorRow)
}

func (r *reaching[T]) grams() {
	for _, nk := range gramShapes {
		r.add(anyOf(bestOfRecord(1.1), ofRoof(0.9)), func() (cell, error) { return gramCell[T](r.session, nk[0], nk[1]) })
	}
}

func (r *reaching[T]) matrixVectors() {
	d := allOf(ofRoof(0.95), bestOfRun)
	for _, t := range []mat.Transpose{mat.NoTrans, mat.Trans} {
		for _, n := range gemvSizes {
			r.add(d, func() (cell, error) { return gemvCell[T](r.session, n, n, t) })
		}
	}
	for _, n := range rankSizes {
		r.add(d, func() (cell, error) { return rankOneCell[T](r.session, n, n), nil })
	}
}

func (r *reaching[T]) vectors() {
	for _, measure := range []func(*session, int) cell{
		axpyCell[T], dotCell[T], scalCell[T], nrm2Cell[T], rotCell[T],
	} {
		for _, n := range lengthsAll {
			r.add(bestOfRun, func() (cell, error) { return measure(r.session, n), nil })
		}
	}
}

// The rates of one thread, beside a row of several.
const (
	oneThread       = "one thread"
	peakOfOneThread = "peak of one thread"
)

// pairs measures the gain of the session's threads over one, against that of
// the peak.
func (r *reaching[T]) pairs() {
	for _, n := range pairSizes {
		sh := square(n)
		peak := peakGauge[T](1)
		peak.take = func(c *cell, rate float64) { c.setBeside(peakOfOneThread, rate) }
		r.add(gainOfPeak(0.97), func() (cell, error) {
			return gemmCell[T](r.session, sh, mat.NoTrans, mat.NoTrans,
				besideGauge(oneThread, sh, lanesOperations[T](1)), peak)
		})
	}
}

// gainOfPeak demands a share of what the peak gains by the threads.
func gainOfPeak(share float64) demand {
	return func(c *cell) *target {
		gain := c.Peak / c.Beside[peakOfOneThread]
		return c.atRate(share*gain*c.Beside[oneThread], fmt.Sprintf("%s of %.2f × one thread", percentText(share), gain))
	}
}
