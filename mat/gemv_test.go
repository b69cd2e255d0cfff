package mat_test

import (
	"testing"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// TestGemvTails meets every tail of rows and columns with integers.
func TestGemvTails(t *testing.T) { both(t, testGemvTails[float32], testGemvTails[float64]) }

func testGemvTails[T mat.Float](t *testing.T) {
	s := newGemvSweep[T](t, 1100*300)
	for m := range 36 {
		for k := range 70 {
			for range 2 {
				s.run(t, product{m: m, n: 1, k: k}.vary(s.count))
			}
		}
	}
	for _, mk := range [][2]int{{1, 1025}, {1025, 1}, {257, 259}, {1021, 131}, {131, 1021}, {3, 32771}, {32771, 3}} {
		for range 8 {
			s.run(t, product{m: mk[0], n: 1, k: mk[1]}.vary(s.count))
		}
	}
}

// TestGemvStrips meets every number of vectors in a strip of columns, and strips
// side by side.
func TestGemvStrips(t *testing.T) { both(t, testGemvStrips[float32], testGemvStrips[float64]) }

func testGemvStrips[T mat.Float](t *testing.T) {
	s := newGemvSweep[T](t, 20*1100)
	for k := range sizes(300, 150) {
		for _, tA := range []mat.Transpose{mat.NoTrans, mat.Trans} {
			rows, cols := swapIf(tA, 17, k+1)
			s.run(t, product{m: rows, n: 1, k: cols, tA: tA, alpha: float64(k%2 + 1), beta: float64(k / 2 % 2), gap: k % 3})
		}
	}
}

// inMemory is a matrix of more bytes than are taken to be in the caches, so that
// several of its rows are worked off at once, with tails of rows and columns; the
// rows of shortInMemory are fewer at once.
var (
	inMemory      = [2]int{1039, 4101}
	shortInMemory = [2]int{6203, 701}
)

// TestGemvInMemory is TestGemvTails for a matrix that is read from memory.
func TestGemvInMemory(t *testing.T) { both(t, testGemvInMemory[float32], testGemvInMemory[float64]) }

func testGemvInMemory[T mat.Float](t *testing.T) {
	s := newGemvSweep[T](t, 1100*4200)
	for i, tA := range []mat.Transpose{mat.NoTrans, mat.Trans, mat.NoTrans, mat.Trans} {
		for _, shape := range [][2]int{inMemory, shortInMemory} {
			m, k := swapIf(tA, shape[0], shape[1])
			s.run(t, product{m: m, n: 1, k: k, tA: tA, alpha: 2, beta: float64(i / 2), gap: 3 * (i % 2)})
		}
	}
}

type gemvSweep[T mat.Float] struct {
	arena arena[T]
	work  mat.Workspace[T]
	count int
}

func newGemvSweep[T mat.Float](t *testing.T, room int) *gemvSweep[T] {
	return &gemvSweep[T]{arena: newArena[T](t, room), work: mat.Workspace[T]{Threads: 2}}
}

func (s *gemvSweep[T]) run(t *testing.T, p product) {
	p.tB = mat.NoTrans
	rng := newRand()
	rows, cols := swapIf(p.tA, p.m, p.k)
	head := s.count%2 == 0
	s.count++
	a, x, y := place(s.arena.a, rows, cols, p.gap, head), place(s.arena.b, p.k, 1, 0, !head), place(s.arena.c, p.m, 1, 0, head)
	if p.alpha != 0 {
		fillIntegers(rng, a)
		fillIntegers(rng, x)
	}
	if p.beta != 0 {
		fillIntegers(rng, y)
	}
	want := naive(p, a, x, y)
	s.work.Gemv(p.tA, T(p.alpha), a, x.Data, T(p.beta), y.Data)
	requireEntries(t, want, y, p)
	s.arena.check(t)
}

// TestGemvAccuracy holds every entry to its a priori error bound.
func TestGemvAccuracy(t *testing.T) { both(t, testGemvAccuracy[float32], testGemvAccuracy[float64]) }

func testGemvAccuracy[T mat.Float](t *testing.T) {
	rng := newRand()
	for i, mk := range [][2]int{{1, 1}, {4, 4}, {7, 129}, {129, 7}, {100, 100}, {33, 1025}, {1025, 33}, {3, 20011}, {20011, 3}} {
		for j := range 4 {
			p := product{m: mk[0], n: 1, k: mk[1]}.vary(4*i + j*5)
			p.tB = mat.NoTrans
			rows, cols := swapIf(p.tA, p.m, p.k)
			a, x, y := random[T](rng, rows, cols), random[T](rng, p.k, 1), random[T](rng, p.m, 1)
			want := oracle.Gemm(p.m, 1, p.k, T(p.alpha), entry(p.tA, a), entry(mat.NoTrans, x), T(p.beta), entry(mat.NoTrans, y))
			mat.Gemv(p.tA, T(p.alpha), a, x.Data, T(p.beta), y.Data)
			requireWithin(t, want, oracle.Gamma[T](p.k+2), y, p.String())
		}
	}
}
