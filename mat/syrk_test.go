package mat_test

import (
	"math"
	"testing"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// TestSyrkTiles meets every tile edge with integers. The strictly lower part of
// C is NaN beforehand: it must not be read.
func TestSyrkTiles(t *testing.T) { both(t, testSyrkTiles[float32], testSyrkTiles[float64]) }

func testSyrkTiles[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 310*310)
	for n := range 61 {
		for k := range 20 {
			for range 2 {
				s.syrk(t, product{m: n, n: n, k: k}.vary(s.count))
			}
		}
	}
	for i, n := range edges {
		s.syrk(t, product{m: n, n: n, k: blocks[i%len(blocks)]}.vary(s.count))
	}
	for i, n := range []int{131, 193, 257, 301} {
		s.syrk(t, product{m: n, n: n, k: []int{257, 131, 300, 65}[i]}.vary(4*s.count+i))
	}
}

// syrk runs one case; B is A with the other transpose.
func (s *gemmSweep[T]) syrk(t *testing.T, p product) {
	p.tB = !p.tA
	rng := newRand()
	a, _, c := s.arena.operands(p, s.count%2 == 0)
	s.count++
	if p.alpha != 0 {
		fillIntegers(rng, a)
	}
	if p.beta != 0 {
		for i := range c.Rows {
			for j := i; j < c.Cols; j++ {
				c.Data[i*c.Stride+j] = T(i + 2*j)
			}
		}
	}
	full := mat.NewDense[T](p.n, p.n, nil)
	for i := range p.n {
		for j := range p.n {
			full.Set(i, j, c.At(min(i, j), max(i, j)))
		}
	}
	want := naive(p, a, a, full)
	s.work.Syrk(p.tA, T(p.alpha), a, T(p.beta), c)
	requireEntries(t, want, c, p)
	s.arena.check(t)
}

// TestSyrkAccuracy holds every entry to its error bound and the result to
// symmetry in every bit.
func TestSyrkAccuracy(t *testing.T) { both(t, testSyrkAccuracy[float32], testSyrkAccuracy[float64]) }

func testSyrkAccuracy[T mat.Float](t *testing.T) {
	rng := newRand()
	for i, nk := range [][2]int{{1, 1}, {4, 9}, {9, 25}, {25, 64}, {49, 129}, {100, 100}, {131, 257}, {16, 1025}, {5, 10007}} {
		for j := range 2 {
			p := product{m: nk[0], n: nk[0], k: nk[1]}.vary(i + 17*j)
			p.tB = !p.tA
			rows, cols := swapIf(p.tA, p.m, p.k)
			a, c := random[T](rng, rows, cols), random[T](rng, p.n, p.n)
			upper := func(i, j int) T { return c.At(min(i, j), max(i, j)) }
			want := oracle.Gemm(p.n, p.n, p.k, T(p.alpha), entry(p.tA, a), entry(p.tB, a), T(p.beta), upper)
			mat.Syrk(p.tA, T(p.alpha), a, T(p.beta), c)
			requireWithin(t, want, oracle.Gamma[T](p.k+2), c, p.String())
			requireSymmetricBits(t, c)
		}
	}
}

func requireSymmetricBits[T mat.Float](t *testing.T, c *mat.Dense[T]) {
	t.Helper()
	for i := range c.Rows {
		for j := range i {
			if x, y := float64(c.At(i, j)), float64(c.At(j, i)); math.Float64bits(x) != math.Float64bits(y) {
				t.Fatalf("(%d, %d) is %v, (%d, %d) is %v", i, j, x, j, i, y)
			}
		}
	}
}
