package mat_test

import (
	"math"
	"testing"

	"github.com/lanes-go/lanes/mat"
)

var specials = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}

// TestGemmSpecialValues puts a NaN or Inf at one place of A, B or C at a time.
// It must reach exactly the entries that IEEE 754 says, and 0·NaN among them:
// zeros, which the integers abound in, are not skipped.
func TestGemmSpecialValues(t *testing.T) {
	both(t, testGemmSpecialValues[float32], testGemmSpecialValues[float64])
}

func testGemmSpecialValues[T mat.Float](t *testing.T) {
	s := newGemmSweep[T](t, 100*600)
	for _, l := range [][3]int{{1, 1, 1}, {9, 27, 3}, {13, 50, 2}, {17, 7, 5}} {
		for i := range 4 {
			p := product{m: l[0], n: l[1], k: l[2], alpha: -1, beta: betas[i], gap: i}.vary4(i)
			for at := range p.m * p.k {
				s.special(t, p, 'A', at)
			}
			for at := range p.k * p.n {
				s.special(t, p, 'B', at)
			}
			for at := range p.m * p.n {
				s.special(t, p, 'C', at)
			}
		}
	}
	for i, k := range []int{64, 257, 385, 513} { // in the first and the last cache block
		p := product{m: 15, n: 49, k: k, alpha: 1, beta: 1, gap: 2}.vary4(i)
		for _, at := range []int{0, 15*k - 1, 7 * k} {
			s.special(t, p, 'A', at)
		}
		for _, at := range []int{0, k*49 - 1, k * 24} {
			s.special(t, p, 'B', at)
		}
	}
}

// vary4 sets the transposes alone.
func (p product) vary4(i int) product {
	p.tA, p.tB = i&1 != 0, i&2 != 0
	return p
}

// special runs p with each special value at entry number at of one operand.
func (s *gemmSweep[T]) special(t *testing.T, p product, operand byte, at int) {
	for _, v := range specials {
		rng := newRand()
		a, b, c := s.arena.operands(p, at%2 == 0)
		fillIntegers(rng, a)
		fillIntegers(rng, b)
		if p.beta != 0 {
			fillIntegers(rng, c)
		}
		m := map[byte]*mat.Dense[T]{'A': a, 'B': b, 'C': c}[operand]
		m.Set(at/m.Cols, at%m.Cols, T(v))
		want := naive(p, a, b, c)
		s.work.Gemm(p.tA, p.tB, T(p.alpha), a, b, T(p.beta), c)
		requireEntries(t, want, c, p)
		s.arena.check(t)
	}
}

// TestGemvSpecialValues is the same for Gemv.
func TestGemvSpecialValues(t *testing.T) {
	both(t, testGemvSpecialValues[float32], testGemvSpecialValues[float64])
}

func testGemvSpecialValues[T mat.Float](t *testing.T) {
	for _, tA := range []mat.Transpose{mat.NoTrans, mat.Trans} {
		for _, mk := range [][2]int{{1, 1}, {9, 27}, {33, 5}, {6, 70}} {
			p := product{tA: tA, m: mk[0], n: 1, k: mk[1], alpha: 1, beta: 1}
			for at := range p.m*p.k + p.k + p.m {
				gemvSpecial[T](t, p, at)
			}
		}
	}
}

// gemvSpecial puts the special values at element number at of A, x and y laid
// end to end.
func gemvSpecial[T mat.Float](t *testing.T, p product, at int) {
	rows, cols := swapIf(p.tA, p.m, p.k)
	for _, v := range specials {
		rng := newRand()
		a, x, y := mat.NewDense[T](rows, cols, nil), mat.NewDense[T](p.k, 1, nil), mat.NewDense[T](p.m, 1, nil)
		fillIntegers(rng, a)
		fillIntegers(rng, x)
		fillIntegers(rng, y)
		switch rest := at - len(a.Data); {
		case rest < 0:
			a.Data[at] = T(v)
		case rest < len(x.Data):
			x.Data[rest] = T(v)
		default:
			y.Data[rest-len(x.Data)] = T(v)
		}
		want := naive(p, a, x, y)
		mat.Gemv(p.tA, T(p.alpha), a, x.Data, T(p.beta), y.Data)
		requireEntries(t, want, y, p)
	}
}

// TestSyrkSpecialValues: a NaN in A reaches one row and one column.
func TestSyrkSpecialValues(t *testing.T) {
	both(t, testSyrkSpecialValues[float32], testSyrkSpecialValues[float64])
}

func testSyrkSpecialValues[T mat.Float](t *testing.T) {
	for _, tA := range []mat.Transpose{mat.NoTrans, mat.Trans} {
		for _, nk := range [][2]int{{1, 1}, {13, 3}, {27, 2}, {50, 2}} {
			p := product{tA: tA, tB: !tA, m: nk[0], n: nk[0], k: nk[1], alpha: 1}
			rows, cols := swapIf(tA, p.m, p.k)
			a, c := mat.NewDense[T](rows, cols, nil), mat.NewDense[T](p.n, p.n, nil)
			for at := range a.Data {
				for _, v := range specials {
					fillIntegers(newRand(), a)
					a.Data[at] = T(v)
					c.Fill(T(math.NaN()))
					mat.Syrk(tA, 1, a, 0, c)
					requireEntries(t, naive(p, a, a, nil), c, p)
				}
			}
		}
	}
}

// TestFactorsNotFinite: alpha and beta follow IEEE 754 as well.
func TestFactorsNotFinite(t *testing.T) {
	both(t, testFactorsNotFinite[float32], testFactorsNotFinite[float64])
}

func testFactorsNotFinite[T mat.Float](t *testing.T) {
	for _, alpha := range []float64{1, math.NaN(), math.Inf(1)} {
		for _, beta := range []float64{1, math.NaN(), math.Inf(-1)} {
			p := product{m: 9, n: 26, k: 3, alpha: alpha, beta: beta}
			rng := newRand()
			a, b, c := mat.NewDense[T](9, 3, nil), mat.NewDense[T](3, 26, nil), mat.NewDense[T](9, 26, nil)
			fillIntegers(rng, a)
			fillIntegers(rng, b)
			fillIntegers(rng, c)
			want := naive(p, a, b, c)
			mat.Gemm(p.tA, p.tB, T(alpha), a, b, T(beta), c)
			requireEntries(t, want, c, p)
		}
	}
}
