package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/mat"
)

// unitRoundoff returns u of T: half the distance from 1 to the next number.
func unitRoundoff[T mat.Float]() float64 {
	if elemOf[T]() == "f32" {
		return 0x1p-24
	}
	return 0x1p-53
}

func elemOf[T mat.Float]() string {
	if _, ok := any(T(0)).(float32); ok {
		return "f32"
	}
	return "f64"
}

// gamma returns k·u/(1-k·u), the bound on the relative error of a sum of k
// products in any order (Higham, Accuracy and Stability, section 3.1).
func gamma[T mat.Float](k int) float64 {
	ku := float64(k) * unitRoundoff[T]()
	if ku >= 1 {
		return math.Inf(1)
	}
	return ku / (1 - ku)
}

// random returns a matrix of numbers between -1 and 1, the same for a seed.
func random[T mat.Float](rows, cols int, seed uint64) *mat.Dense[T] {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := mat.NewDense[T](rows, cols, nil)
	for i := range m.Data {
		m.Data[i] = T(2*rng.Float64() - 1)
	}
	return m
}

// spoil fills a destination with NaN, so that an entry left unwritten shows.
func spoil[T mat.Float](x []T) {
	for i := range x {
		x[i] = T(math.NaN())
	}
}

// deviation is the largest error found, as a fraction of its bound.
type deviation struct {
	worst float64
	where string
}

// add files one error. NaN compares with nothing and JSON knows no infinity, so
// both count as the largest number.
func (d *deviation) add(err, bound float64, format string, args ...any) {
	ratio := min(err/bound, math.MaxFloat64)
	switch {
	case math.IsNaN(err):
		ratio = math.MaxFloat64
	case err == 0:
		ratio = 0
	}
	if ratio > d.worst {
		d.worst = ratio
		if ratio > 1 {
			d.where = fmt.Sprintf(format, args...) + fmt.Sprintf(" is off by %.3g, allowed %.3g", err, bound)
		}
	}
}

func (d *deviation) verdict() (float64, error) {
	if d.worst > 1 {
		return d.worst, fmt.Errorf("%s", d.where)
	}
	return d.worst, nil
}

// reference knows what C = A·B should be. Its error bound of entry (i, j) is
// slack·‖a_i‖·‖b_j‖, at least the usual γ_k·(|A||B|)_ij.
type reference[T mat.Float] struct {
	a, b       *mat.Dense[T]
	want       *mat.Dense[float64]
	rows, cols []float64 // norms of A's rows and B's columns
	slack      float64
}

// plainLimit is the number of multiplications up to which the reference is
// computed entry by entry in float64.
const plainLimit = 1 << 25

// sampledRows is how many rows of a larger reference are computed that way.
const sampledRows = 16

// newReference prepares the reference for A·B. Small ones are plain loops in
// float64; large ones are the product of the trusted implementation, after
// some of its rows have been compared with plain loops.
func newReference[T mat.Float](a, b *mat.Dense[T], trusted func(a, b, c *mat.Dense[T])) (*reference[T], error) {
	p := &reference[T]{a: a, b: b, want: mat.NewDense[float64](a.Rows, b.Cols, nil)}
	p.rows, p.cols = norms(a)
	_, p.cols = norms(b)
	p.slack = gamma[T](a.Cols) + gamma[float64](a.Cols)
	if a.Rows*a.Cols*b.Cols <= plainLimit {
		for i := range a.Rows {
			p.plainRow(i)
		}
		return p, nil
	}
	c := mat.NewDense[T](a.Rows, b.Cols, nil)
	spoil(c.Data)
	trusted(a, b, c)
	var d deviation
	for s := range sampledRows {
		i := s * (a.Rows - 1) / (sampledRows - 1)
		p.plainRow(i)
		p.compareRow(&d, c, i)
	}
	for i, v := range c.Data {
		p.want.Data[i] = float64(v)
	}
	p.slack += gamma[T](a.Cols)
	_, err := d.verdict()
	return p, err
}

func norms[T mat.Float](m *mat.Dense[T]) (rows, cols []float64) {
	rows, cols = make([]float64, m.Rows), make([]float64, m.Cols)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			square := float64(v) * float64(v)
			rows[i] += square
			cols[j] += square
		}
	}
	for _, squares := range [][]float64{rows, cols} {
		for i, s := range squares {
			squares[i] = math.Sqrt(s)
		}
	}
	return rows, cols
}

func (p *reference[T]) plainRow(i int) {
	want := p.want.Row(i)
	clear(want)
	for k, v := range p.a.Row(i) {
		row := p.b.Row(k)
		for j := range want {
			want[j] += float64(v) * float64(row[j])
		}
	}
}

func (p *reference[T]) compareRow(d *deviation, c *mat.Dense[T], i int) {
	want := p.want.Row(i)
	for j, got := range c.Row(i) {
		d.add(math.Abs(float64(got)-want[j]), p.slack*p.rows[i]*p.cols[j], "entry (%d, %d)", i, j)
	}
}

// check compares every entry of c with the reference.
func (p *reference[T]) check(c *mat.Dense[T]) (float64, error) {
	var d deviation
	for i := range c.Rows {
		p.compareRow(&d, c, i)
	}
	return d.verdict()
}

// checkUpper compares the upper triangle of c, its diagonal included.
func (p *reference[T]) checkUpper(c *mat.Dense[T]) (float64, error) {
	var d deviation
	for i := range c.Rows {
		want, row := p.want.Row(i), c.Row(i)
		for j := i; j < c.Cols; j++ {
			d.add(math.Abs(float64(row[j])-want[j]), p.slack*p.rows[i]*p.cols[j], "entry (%d, %d)", i, j)
		}
	}
	return d.verdict()
}

// widen returns a copy in float64.
func widen[T mat.Float](m *mat.Dense[T]) *mat.Dense[float64] {
	wide := mat.NewDense[float64](m.Rows, m.Cols, nil)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			wide.Data[i*m.Cols+j] = float64(v)
		}
	}
	return wide
}

func squaredNorm(x []float64) (sum float64) {
	for _, v := range x {
		sum += v * v
	}
	return sum
}
