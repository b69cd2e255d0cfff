package svd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// The matrix  ⎡1 0 2⎤
//
//	⎣0 3 0⎦
func ExampleNewCSR() {
	a := svd.NewCSR(2, 3, []int{0, 2, 3}, []int{0, 2, 1}, []float64{1, 2, 3})
	x, err := svd.Approximate(a, 1, svd.TruncatedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("σ₁ = %.3f of a %d×%d matrix with %d entries\n", x.S[0], a.Rows(), a.Cols(), a.Len())
	fmt.Println("what is left is measured:", x.Error > 2.236 && x.Error < 3*2.237)

	y, z := mat.NewDense[float64](2, 1, nil), mat.NewDense[float64](3, 1, nil)
	a.MulTo(y, mat.NewDense(3, 1, []float64{1, 1, 1}))
	a.MulTransTo(z, y)
	fmt.Println("A·1 =", y.Data, "AᵀA·1 =", z.Data)
	// Output:
	// σ₁ = 3.000 of a 2×3 matrix with 3 entries
	// what is left is measured: true
	// A·1 = [3 3] AᵀA·1 = [3 9 6]
}

// sparse returns a matrix with about so many entries a row, some of them in one
// place twice, in both forms; every third row has none.
func sparse[T mat.Float](rng *rand.Rand, m, n, perRow int) (*svd.CSR[T], *mat.Dense[T]) {
	a := mat.NewDense[T](m, n, nil)
	start, index, values := []int{0}, []int{}, []T{}
	for i := range m {
		for range perRow {
			if n == 0 || i%3 == 2 {
				break
			}
			j, v := rng.IntN(n), T(rng.IntN(17)-8)
			index, values = append(index, j), append(values, v)
			a.Set(i, j, a.At(i, j)+v)
		}
		start = append(start, len(index))
	}
	return svd.NewCSR(m, n, start, index, values), a
}

func TestCSRProducts(t *testing.T) { both(t, testCSRProducts[float32], testCSRProducts[float64]) }

// Small integers make the products exact.
func testCSRProducts[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	for _, shape := range [][2]int{{0, 0}, {0, 4}, {4, 0}, {1, 1}, {7, 5}, {300, 40}, {40, 300}, {2500, 100}} {
		m, n := shape[0], shape[1]
		a, d := sparse[T](rng, m, n, 9)
		require.Equal(t, shape, [2]int{a.Rows(), a.Cols()})
		for _, c := range []int{0, 1, 3, 20} {
			x, y := gallery.Gaussian[T](rng, n, c), gallery.Gaussian[T](rng, m, c)
			for _, z := range []*mat.Dense[T]{x, y} {
				for i, v := range z.Data {
					z.Data[i] = T(int(8 * v))
				}
			}
			for _, threads := range []int{0, 1, 3} {
				a.Threads = threads
				ax, aty := gallery.Gaussian[T](rng, m, c), gallery.Gaussian[T](rng, n, c)
				a.MulTo(ax, x)
				a.MulTransTo(aty, y)
				require.Equal(t, product(mat.NoTrans, mat.NoTrans, d, x).Data, ax.Data)
				require.Equal(t, product(mat.Trans, mat.NoTrans, d, y).Data, aty.Data)
			}
		}
	}
}

func TestCSRApproximation(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 64))
	a, d := sparse[float64](rng, 900, 400, 12)
	var results [2]svd.LowRank[float64]
	for i, threads := range []int{1, 4} {
		a.Threads = threads
		var err error
		results[i], err = svd.Approximate[float64](a, 7, svd.TruncatedOptions{Threads: threads})
		require.NoError(t, err)
	}
	require.Equal(t, results[0], results[1])
	_, want, _, err := svd.Truncated(d, 7, svd.TruncatedOptions{})
	require.NoError(t, err)
	require.InDeltaSlice(t, want, results[0].S, 1e-12*want[0])
}

func TestCSRAllocations(t *testing.T) {
	a, _ := sparse[float64](rand.New(rand.NewPCG(65, 66)), 2000, 500, 9)
	a.Threads = 2
	x, y := mat.NewDense[float64](500, 8, nil), mat.NewDense[float64](2000, 8, nil)
	require.Zero(t, testing.AllocsPerRun(5, func() {
		a.MulTo(y, x)
		a.MulTransTo(x, y)
	}))
}

func TestCSRBugs(t *testing.T) {
	one := []float64{1}
	for name, f := range map[string]func(){
		"rows":       func() { svd.NewCSR(-1, 1, []int{0}, nil, []float64{}) },
		"length":     func() { svd.NewCSR(2, 2, []int{0, 1}, []int{0}, one) },
		"origin":     func() { svd.NewCSR(1, 2, []int{1, 1}, []int{0}, one) },
		"descending": func() { svd.NewCSR(2, 2, []int{0, 2, 1}, []int{0}, one) },
		"end":        func() { svd.NewCSR(1, 2, []int{0, 2}, []int{0}, one) },
		"values":     func() { svd.NewCSR(1, 2, []int{0, 1}, []int{0}, []float64{1, 2}) },
		"columns":    func() { svd.NewCSR(1, math.MaxInt, []int{0, 1}, []int{0}, one) },
		"column":     func() { svd.NewCSR(1, 2, []int{0, 1}, []int{2}, one) },
		"negative":   func() { svd.NewCSR(1, 2, []int{0, 1}, []int{-1}, one) },
	} {
		t.Run(name, func(t *testing.T) { requirePanic(t, "NewCSR", f) })
	}
	a := svd.NewCSR(1, 2, []int{0, 1}, []int{1}, one)
	requirePanic(t, "MulTo", func() { a.MulTo(mat.NewDense[float64](1, 3, nil), mat.NewDense[float64](1, 3, nil)) })
	requirePanic(t, "MulTransTo", func() { a.MulTransTo(mat.NewDense[float64](2, 3, nil), mat.NewDense[float64](1, 2, nil)) })
	good, short := mat.NewDense[float64](2, 5, nil), &mat.Dense[float64]{Rows: 2, Cols: 5, Stride: 5, Data: make([]float64, 9)}
	square := svd.NewCSR(2, 2, []int{0, 1, 2}, []int{1, 0}, []float64{1, 1})
	requirePanic(t, "MulTo", func() { square.MulTo(good, short) })
	requirePanic(t, "MulTransTo", func() { square.MulTransTo(short, good) })
	parent := mat.NewDense[float64](3, 4, nil)
	x, meets, apart := parent.View(0, 0, 2, 2), parent.View(1, 1, 2, 2), parent.View(0, 2, 2, 2)
	requirePanic(t, "MulTo", func() { square.MulTo(meets, x) })
	requirePanic(t, "MulTransTo", func() { square.MulTransTo(x, x) })
	square.MulTo(apart, x)
	square.MulTransTo(apart, x)
}

func BenchmarkCSR(b *testing.B) {
	a, _ := sparse[float64](rand.New(rand.NewPCG(67, 68)), 100000, 20000, 30)
	for _, c := range []int{1, 20} {
		x, y := mat.NewDense[float64](20000, c, nil), mat.NewDense[float64](100000, c, nil)
		for name, run := range map[string]func(){"MulTo": func() { a.MulTo(y, x) }, "MulTransTo": func() { a.MulTransTo(x, y) }} {
			b.Run(fmt.Sprintf("%s/c=%d", name, c), func(b *testing.B) {
				for b.Loop() {
					run()
				}
				b.ReportMetric(2*float64(a.Len())*float64(c)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
