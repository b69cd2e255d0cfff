package mat_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// permuted returns A·P.
func permuted[T mat.Float](a *mat.Dense[T], perm []int) *mat.Dense[T] {
	b := mat.NewDense[T](a.Rows, a.Cols, nil)
	for i := range a.Rows {
		for j, p := range perm {
			b.Set(i, j, a.At(i, p))
		}
	}
	return b
}

// requireQRP checks reconstruction, orthogonality and that every pivot had the
// largest norm of the columns left. floor allows for subnormal entries.
func requireQRP[T mat.Float](t *testing.T, a *mat.Dense[T], floor float64) *mat.QRP[T] {
	t.Helper()
	before := slices.Clone(a.Data)
	var f mat.QRP[T]
	f.Factorize(a)
	requireSameData(t, before, a.Data)
	perm := f.Perm(nil)
	sorted := slices.Sorted(slices.Values(perm))
	for i, p := range sorted {
		require.Equal(t, i, p, "a permutation")
	}
	var q, r mat.Dense[T]
	f.QTo(&q)
	f.RTo(&r)
	bound := qrBound[T](a.Rows, a.Cols)
	require.LessOrEqual(t, orthogonality(&q), bound*math.Sqrt(float64(r.Rows)))
	requireColumns(t, permuted(a, perm), matProduct(mat.NoTrans, mat.NoTrans, &q, &r), bound, floor)
	requirePivots(t, &r, bound, floor)
	return &f
}

// requirePivots requires |r_kk| to be the norm of the longest of columns k to n
// from row k on. A downdated norm is right to √eps, the square root of the
// cancellation that is let pass (LAWN 176), and columns carry the backward error
// bound·‖a‖ of the factorization.
func requirePivots[T mat.Float](t *testing.T, r *mat.Dense[T], bound, floor float64) {
	t.Helper()
	slack := 1 + 4*math.Sqrt(oracle.Unit[T]())
	first := 0.0
	for k := range r.Rows {
		pivot := math.Abs(float64(r.At(k, k)))
		if k == 0 {
			first = pivot
		}
		for j := k; j < r.Cols; j++ {
			norm := 0.0
			for i := k; i <= min(j, r.Rows-1); i++ {
				norm = math.Hypot(norm, float64(r.At(i, j)))
			}
			require.LessOrEqual(t, norm, slack*pivot+bound*first+floor, "pivot %d, column %d", k, j)
		}
	}
}

func testQRP[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range factorShapes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			requireQRP(t, randomView[T](rng, s[0], s[1]), 0)
		})
	}
	for name, a := range columnCases[T](rng) {
		t.Run(name, func(t *testing.T) {
			requireQRP(t, a, smallest[T]()*float64(a.Rows*a.Cols))
		})
	}
	t.Run("Kahan", func(t *testing.T) { requireQRP(t, gallery.Kahan[T](60, 1.2), 0) })
	t.Run("Hilbert", func(t *testing.T) { requireQRP(t, gallery.Hilbert[T](50), 0) })
	t.Run("Vandermonde", func(t *testing.T) { requireQRP(t, gallery.Vandermonde[T](80, 40), smallest[T]()*3200) })
}

func TestQRP(t *testing.T) { both(t, testQRP[float32], testQRP[float64]) }

func testQRPRank[T mat.Float](t *testing.T) {
	rng := newRand()
	for rank := range 8 {
		a := mat.NewDense[T](90, 50, nil)
		a.Mul(random[T](rng, 90, rank), random[T](rng, rank, 50))
		f := requireQRP(t, a, 0)
		require.Equal(t, rank, f.Rank(0))
		require.Equal(t, min(rank, 1), f.Rank(0.999999))
	}
}

func TestQRPRank(t *testing.T) { both(t, testQRPRank[float32], testQRPRank[float64]) }

func TestQRPOrder(t *testing.T) {
	a := mat.NewDense(3, 4, []float64{
		1, 0, 0, 3,
		0, 2, 0, 0,
		0, 0, 2, 4,
	})
	f := requireQRP(t, a, 0)
	require.Equal(t, []int{3, 1, 2}, f.Perm(nil)[:3], "the longest, then the first of the longest")
}

func testQRPNotFinite[T mat.Float](t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		a := randomView[T](newRand(), 70, 50)
		a.Set(40, 30, T(bad))
		var f mat.QRP[T]
		f.Factorize(a)
		require.Equal(t, 30, f.Perm(nil)[0])
		var r mat.Dense[T]
		f.RTo(&r)
		require.False(t, isFinite(r.At(0, 0)))
	}
}

func TestQRPNotFinite(t *testing.T) { both(t, testQRPNotFinite[float32], testQRPNotFinite[float64]) }

func TestQRPMulQ(t *testing.T) {
	rng := newRand()
	a := randomView[float64](rng, 80, 45)
	f := requireQRP(t, a, 0)
	var r mat.Dense[float64]
	f.RTo(&r)
	b := permuted(a, f.Perm(nil))
	f.MulQ(mat.Trans, b)
	bound := qrBound[float64](80, 45) * frobenius(a)
	requireNear(t, &r, b.View(0, 0, 45, 45), bound)
	requireNear(t, mat.NewDense[float64](35, 45, nil), b.View(45, 0, 35, 45), bound)
}

func TestQRPSteadyState(t *testing.T) {
	a := randomView[float64](newRand(), 120, 100)
	var f mat.QRP[float64]
	var q, r mat.Dense[float64]
	perm := make([]int, 100)
	once := func() {
		f.Factorize(a)
		f.QTo(&q)
		f.RTo(&r)
		f.Perm(perm)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestQRPThreads(t *testing.T) {
	a := randomView[float64](newRand(), 300, 250)
	var want mat.Dense[float64]
	for threads := 1; threads <= 4; threads++ {
		f := mat.QRP[float64]{Threads: threads}
		f.Factorize(a)
		var r mat.Dense[float64]
		f.RTo(&r)
		if threads == 1 {
			want = r
		}
		requireSameBits(t, &want, &r, "%d threads", threads)
	}
}

func TestQRPStep(t *testing.T) {
	a := randomView[float64](newRand(), 120, 100)
	var seen []int
	stop := 1 << 30
	f := mat.QRP[float64]{Step: func(done, total int) bool {
		require.Equal(t, 100, total)
		seen = append(seen, done)
		return len(seen) < stop
	}}
	f.Factorize(a)
	whole := len(seen)
	require.Greater(t, whole, 2)
	require.Zero(t, seen[0])
	require.True(t, slices.IsSorted(seen))
	seen, stop = nil, 2
	f.Factorize(a)
	require.Len(t, seen, 2)
	seen, stop = nil, 1<<30
	f.Factorize(a)
	require.Len(t, seen, whole)
}

func TestQRPPanics(t *testing.T) {
	var f mat.QRP[float64]
	f.Factorize(mat.NewDense[float64](4, 6, nil))
	other := mat.NewDense[float64](5, 2, nil)
	panicsWith(t, "RTo", func() { f.RTo(other) }, "5×2", "4×6")
	panicsWith(t, "QTo", func() { f.QTo(other) }, "5×2", "4×4")
	panicsWith(t, "MulQ", func() { f.MulQ(mat.NoTrans, other) }, "5×2", "4×4")
	panicsWith(t, "Perm", func() { f.Perm(make([]int, 5)) }, "6", "5")
	panicsWith(t, "Rank", func() { f.Rank(-1) }, "-1")
}
