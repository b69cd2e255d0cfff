package mat_test

import (
	"testing"

	"github.com/lanes-go/lanes/mat"
)

// TestLongProducts meets inner products of several runs of k for so few rows and
// columns that the factors are read where they lie, and their limits.
func TestLongProducts(t *testing.T) { both(t, testLongProducts[float32], testLongProducts[float64]) }

func testLongProducts[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 270*1200)
	for i, m := range []int{2, 8, 9, 15, 16, 17, 33, 100, 250} {
		for j, n := range []int{2, 7, 16, 24, 49, 100, 129, 260} {
			k := []int{769, 1153, 1000, 800}[(i+j)%4]
			for range sizes(2, 1) {
				p := product{m: m, n: n, k: k}.vary(s.count)
				p.gap *= s.count / 2 % 2
				s.run(t, p)
			}
		}
	}
	for _, n := range []int{2, 9, 16, 24, 47, 65, 100, 130, 201, 260} {
		for i := range 4 {
			p := product{m: n, n: n, k: 1100}.vary(8*s.count + i)
			p.gap = 0
			s.syrk(t, p)
		}
	}
}

// TestLongProductsSameBits: a few rows on their own, read in place, have the bits
// of the same rows in a large product, whose factors are packed; so has Syrk.
func TestLongProductsSameBits(t *testing.T) {
	both(t, testLongProductsSameBits[float32], testLongProductsSameBits[float64])
}

func testLongProductsSameBits[T mat.Float](t *testing.T) {
	const m, n, k = 700, 40, 1000
	rng := newRand()
	a, b := random[T](rng, k, m), random[T](rng, k, n)
	large := mat.NewDense[T](m, n, nil)
	mat.Gemm(mat.Trans, mat.NoTrans, 1, a, b, 0, large)
	for _, rows := range []int{2, 8, 16, 45} {
		few := mat.NewDense[T](rows, n, nil)
		mat.Gemm(mat.Trans, mat.NoTrans, 1, a.View(0, 100, k, rows), b, 0, few)
		requireSameBits(t, large.View(100, 0, rows, n), few, "%d rows", rows)
	}
	both, square := mat.NewDense[T](n, n, nil), mat.NewDense[T](n, n, nil)
	mat.Syrk(mat.Trans, 1, b, 0, square)
	mat.Gemm(mat.Trans, mat.NoTrans, 1, b, b, 0, both)
	for i := range n {
		requireSameBits(t, both.View(i, i, 1, n-i), square.View(i, i, 1, n-i), "row %d of Syrk", i)
	}
}
