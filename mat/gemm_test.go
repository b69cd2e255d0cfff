package mat_test

import (
	"testing"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// edges are lengths about the limits of register tiles and cache blocks.
var edges = []int{1, 2, 5, 6, 7, 8, 9, 13, 15, 16, 17, 23, 24, 25, 31, 33, 47, 48, 49, 63, 65, 95, 97}

// blocks are lengths of k about the limits of the usual KC, and beyond two and
// four of them.
var blocks = []int{63, 64, 65, 127, 128, 129, 255, 256, 257, 383, 384, 385, 511, 513, 575, 576, 577, 767, 769, 1025}

// large are shapes beyond the cache blocks in one dimension or in all.
var large = [][3]int{
	{131, 157, 129}, {257, 193, 300}, {299, 301, 259}, {160, 160, 160}, {256, 256, 256}, {160, 48, 1024},
	{1021, 17, 65}, {2053, 5, 3}, {17, 2051, 33}, {3, 8209, 5}, {4099, 9, 9}, {9, 25, 4099}, {1, 1031, 517}, {1031, 1, 517},
}

// TestGemmTiles meets every tile edge with every tail of k. Data are integers,
// so that results are exact: one lane too many or too few shows.
func TestGemmTiles(t *testing.T) { both(t, testGemmTiles[float32], testGemmTiles[float64]) }

func testGemmTiles[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 70*70)
	for m := range 21 {
		for n := range 61 {
			for k := range sizes(10, 6) {
				p := product{m: m, n: n, k: k}
				for range sizes(4, 1) {
					s.run(t, p.vary(s.count))
				}
			}
		}
	}
}

// TestGemmBlocks meets the limits of the cache blocks.
func TestGemmBlocks(t *testing.T) { both(t, testGemmBlocks[float32], testGemmBlocks[float64]) }

func testGemmBlocks[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 1036*522)
	for i, m := range edges {
		for j := i % sizes(1, 4); j < len(edges); j += sizes(1, 4) {
			s.run(t, product{m: m, n: edges[j], k: blocks[(i+3*j)%len(blocks)]}.vary(s.count))
		}
	}
	for _, k := range blocks {
		for _, mn := range [][2]int{{1, 1}, {9, 25}, {7, 49}, {16, 48}, {33, 97}} {
			s.run(t, product{m: mn[0], n: mn[1], k: k}.vary(s.count))
		}
	}
	for _, l := range large {
		for range sizes(4, 1) {
			s.run(t, product{m: l[0], n: l[1], k: l[2]}.vary(s.count))
		}
	}
}

// gemmSweep runs products of integers against memory that must not be touched.
type gemmSweep[T mat.Float] struct {
	arena arena[T]
	work  mat.Workspace[T]
	count int
}

func newGemmSweep[T mat.Float](t *testing.T, room int) *gemmSweep[T] {
	return &gemmSweep[T]{arena: newArena[T](t, room), work: mat.Workspace[T]{Threads: 2}}
}

func (s *gemmSweep[T]) run(t *testing.T, p product) {
	rng := newRand()
	a, b, c := s.arena.operands(p, s.count%2 == 0)
	s.count++
	if p.alpha != 0 { // else A and B are NaN, which must not be read
		fillIntegers(rng, a)
		fillIntegers(rng, b)
	}
	if p.beta != 0 { // else C is NaN, which must vanish
		fillIntegers(rng, c)
	}
	want := naive(p, a, b, c)
	s.work.Gemm(p.tA, p.tB, T(p.alpha), a, b, T(p.beta), c)
	requireEntries(t, want, c, p)
	s.arena.check(t)
}

// TestGemmAccuracy holds every entry to its a priori error bound.
func TestGemmAccuracy(t *testing.T) { both(t, testGemmAccuracy[float32], testGemmAccuracy[float64]) }

func testGemmAccuracy[T mat.Float](t *testing.T) {
	shapes := [][3]int{
		{1, 1, 1}, {4, 4, 4}, {8, 24, 1}, {8, 48, 16}, {9, 25, 64}, {17, 49, 129}, {31, 31, 31}, {65, 65, 65}, {100, 100, 100},
		{131, 133, 257}, {32, 97, 513}, {6, 16, 1025}, {5, 3, 10007}, {1, 129, 385}, {129, 1, 385},
	}
	rng := newRand()
	count := 0
	for _, l := range shapes {
		for range 3 {
			p := product{m: l[0], n: l[1], k: l[2]}.vary(count * 7)
			count++
			ra, ca := swapIf(p.tA, p.m, p.k)
			rb, cb := swapIf(p.tB, p.k, p.n)
			a, b, c := random[T](rng, ra, ca), random[T](rng, rb, cb), random[T](rng, p.m, p.n)
			requireProduct(t, p, a, b, c)
		}
	}
}

// requireProduct runs Gemm on c and compares with the oracle.
func requireProduct[T mat.Float](t *testing.T, p product, a, b, c *mat.Dense[T]) {
	t.Helper()
	want := oracle.Gemm(p.m, p.n, p.k, T(p.alpha), entry(p.tA, a), entry(p.tB, b), T(p.beta), entry(mat.NoTrans, c))
	mat.Gemm(p.tA, p.tB, T(p.alpha), a, b, T(p.beta), c)
	requireWithin(t, want, oracle.Gamma[T](p.k+2), c, p.String())
}

// requireWithin requires |c − want| ≤ gamma·(the magnitudes behind want).
func requireWithin[T mat.Float](t *testing.T, want []oracle.Sum, gamma float64, c *mat.Dense[T], what string) {
	t.Helper()
	for i := range c.Rows {
		for j := range c.Cols {
			w := want[i*c.Cols+j]
			if err := w.Error(float64(c.Data[i*c.Stride+j])); !(err <= gamma*w.Abs()) {
				t.Fatalf("%s: entry (%d, %d) errs by %g, the bound is %g", what, i, j, err, gamma*w.Abs())
			}
		}
	}
}

// TestMul runs the method on empty, sized and strided destinations.
func TestMul(t *testing.T) { both(t, testMul[float32], testMul[float64]) }

func testMul[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, l := range [][3]int{{1, 1, 1}, {3, 5, 7}, {9, 25, 8}, {65, 33, 31}, {0, 4, 2}, {4, 0, 2}, {4, 2, 0}} {
		p := product{m: l[0], n: l[1], k: l[2], alpha: 1}
		a, b := mat.NewDense[T](p.m, p.k, nil), mat.NewDense[T](p.k, p.n, nil)
		fillIntegers(rng, a)
		fillIntegers(rng, b)
		want := naive(p, a, b, nil)

		var empty mat.Dense[T]
		empty.Mul(a, b)
		requireEntries(t, want, &empty, p)

		strided := mat.NewDense[T](p.m+2, p.n+3, nil)
		guard.Fill(strided.Data)
		c := strided.View(1, 1, p.m, p.n)
		c.Mul(a, b)
		requireEntries(t, want, c, p)
		if p.m > 0 && p.n > 0 && guard.Touched(strided.Row(0)) >= 0 {
			t.Fatalf("%v: written above the view", p)
		}
	}
}
