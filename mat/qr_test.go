package mat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// randomView returns a rows × cols block of normal entries inside a larger
// matrix of NaN.
func randomView[T mat.Float](rng *rand.Rand, rows, cols int) *mat.Dense[T] {
	m := mat.NewDense[T](rows+2, cols+3, nil)
	m.Fill(T(math.NaN()))
	v := m.View(1, 2, rows, cols)
	fillNormal(rng, v)
	return v
}

// unitMatrix returns the n × n matrix I.
func unitMatrix[T mat.Float](n int) *mat.Dense[T] {
	m := mat.NewDense[T](n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// matProduct is the dull oracle op(A)·op(B), summed in float64.
func matProduct[T, U mat.Float](tA, tB mat.Transpose, a *mat.Dense[T], b *mat.Dense[U]) *mat.Dense[float64] {
	m, k := swapIf(tA, a.Rows, a.Cols)
	_, n := swapIf(tB, b.Rows, b.Cols)
	left, right := entry(tA, a), entry(tB, b)
	c := mat.NewDense[float64](m, n, nil)
	for i := range m {
		for l := range k {
			for j := range n {
				c.Data[i*n+j] += float64(left(i, l)) * float64(right(l, j))
			}
		}
	}
	return c
}

// orthogonality returns ‖I − QᵀQ‖ in the Frobenius norm.
func orthogonality[T mat.Float](q *mat.Dense[T]) float64 {
	g := matProduct(mat.Trans, mat.NoTrans, q, q)
	var s float64
	for i := range g.Rows {
		for j := range g.Cols {
			e := g.At(i, j)
			if i == j {
				e--
			}
			s = math.Hypot(s, e)
		}
	}
	return s
}

var factorShapes = [][2]int{
	{0, 0}, {0, 3}, {3, 0}, {1, 1}, {1, 7}, {7, 1}, {2, 2}, {5, 4}, {4, 5}, {33, 33},
	{64, 64}, {70, 31}, {31, 70}, {100, 97}, {40, 130}, {160, 20},
}

// qrBound is Higham's mn·eps with his small constant: theorem 19.4.
func qrBound[T mat.Float](m, n int) float64 {
	return 4 * float64(m) * math.Sqrt(float64(min(m, n))+1) * oracle.Unit[T]()
}

// requireSameData requires equal slices to the bit, NaN included.
func requireSameData[T mat.Float](t *testing.T, want, got []T) {
	t.Helper()
	n := len(want)
	requireSameBits(t, mat.NewDense(1, n, want), mat.NewDense(1, n, got), "data")
}

func requireQR[T mat.Float](t *testing.T, a *mat.Dense[T]) {
	t.Helper()
	before := slices.Clone(a.Data)
	var f mat.QR[T]
	f.Factorize(a)
	requireSameData(t, before, a.Data)
	var q, r mat.Dense[T]
	f.QTo(&q)
	f.RTo(&r)
	k := min(a.Rows, a.Cols)
	require.Equal(t, [4]int{a.Rows, k, k, a.Cols}, [4]int{q.Rows, q.Cols, r.Rows, r.Cols})
	for i := range k {
		for j := range i {
			require.Zero(t, r.At(i, j))
		}
	}
	bound := qrBound[T](a.Rows, a.Cols)
	require.LessOrEqual(t, orthogonality(&q), bound*math.Sqrt(float64(k)))
	requireColumns(t, a, matProduct(mat.NoTrans, mat.NoTrans, &q, &r), bound, 0)
}

func testQR[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range factorShapes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			requireQR(t, randomView[T](rng, s[0], s[1]))
		})
	}
}

func TestQR(t *testing.T) { both(t, testQR[float32], testQR[float64]) }

func testMulQ[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range factorShapes {
		m, n := s[0], s[1]
		var f mat.QR[T]
		a := randomView[T](rng, m, n)
		f.Factorize(a)
		full := unitMatrix[T](m)
		f.MulQ(mat.NoTrans, full)
		bound := qrBound[T](m, n) * math.Sqrt(float64(m))
		require.LessOrEqual(t, orthogonality(full), bound)

		var thin mat.Dense[T]
		f.QTo(&thin)
		requireNear(t, matProduct(mat.NoTrans, mat.NoTrans, unitMatrix[T](m), full.View(0, 0, m, min(m, n))), &thin, bound)

		b := randomView[T](rng, m, 9)
		for _, tr := range []mat.Transpose{mat.NoTrans, mat.Trans} {
			want := matProduct(tr, mat.NoTrans, full, b)
			f.MulQ(tr, b)
			requireColumns(t, b, want, 2*bound, 0)
		}
	}
}

// requireNear requires every entry of got within bound of want.
func requireNear[T mat.Float](t *testing.T, want *mat.Dense[float64], got *mat.Dense[T], bound float64) {
	t.Helper()
	require.Equal(t, [2]int{want.Rows, want.Cols}, [2]int{got.Rows, got.Cols})
	for i := range got.Rows {
		for j := range got.Cols {
			require.InDelta(t, want.At(i, j), float64(got.At(i, j)), bound, "entry (%d, %d)", i, j)
		}
	}
}

func TestMulQ(t *testing.T) { both(t, testMulQ[float32], testMulQ[float64]) }

// columnCases are 60 × 40 matrices whose columns, or whose rank, are extreme.
func columnCases[T mat.Float](rng *rand.Rand) map[string]*mat.Dense[T] {
	tiny, huge := T(0x1p-140), T(0x1p120) // float32: squares and subnormals
	if oracle.Unit[T]() < 1e-10 {
		low, high := 0x1p-1060, 0x1p1015
		tiny, huge = T(low), T(high)
	}
	scaled := func(scale func(j int) T) *mat.Dense[T] {
		a := randomView[T](rng, 60, 40)
		for i := range a.Rows {
			for j := range a.Cols {
				a.Set(i, j, a.At(i, j)*scale(j))
			}
		}
		return a
	}
	rankOne := mat.NewDense[T](60, 40, nil)
	rankOne.Mul(random[T](rng, 60, 1), random[T](rng, 1, 40))
	return map[string]*mat.Dense[T]{
		"graded":       scaled(func(j int) T { return T(math.Pow(10, float64(j%13)-6)) }),
		"zero columns": scaled(func(j int) T { return T(j % 3) }),
		"zero":         mat.NewDense[T](60, 40, nil),
		"huge":         scaled(func(int) T { return huge }),
		"tiny or one":  scaled(func(j int) T { return max(tiny, T(j%2)) }),
		"rank one":     rankOne,
	}
}

func testQRColumns[T mat.Float](t *testing.T) {
	for name, a := range columnCases[T](newRand()) {
		t.Run(name, func(t *testing.T) {
			var f mat.QR[T]
			f.Factorize(a)
			var q, r mat.Dense[T]
			f.QTo(&q)
			f.RTo(&r)
			bound := qrBound[T](a.Rows, a.Cols)
			require.LessOrEqual(t, orthogonality(&q), bound*math.Sqrt(float64(a.Cols)))
			// Subnormal columns are rounded to multiples of the smallest number.
			step := smallest[T]() * float64(a.Rows*a.Cols)
			requireColumns(t, a, matProduct(mat.NoTrans, mat.NoTrans, &q, &r), bound, step)
		})
	}
}

func TestQRColumns(t *testing.T) { both(t, testQRColumns[float32], testQRColumns[float64]) }

// smallest is the smallest positive T.
func smallest[T mat.Float]() float64 {
	if oracle.Unit[T]() < 1e-10 {
		return math.SmallestNonzeroFloat64
	}
	return math.SmallestNonzeroFloat32
}

// requireColumns requires ‖aⱼ − bⱼ‖ ≤ bound·‖aⱼ‖ + floor for every column.
func requireColumns[T mat.Float](t *testing.T, a *mat.Dense[T], b *mat.Dense[float64], bound, floor float64) {
	t.Helper()
	for j := range a.Cols {
		var diff, norm float64
		for i := range a.Rows {
			diff = math.Hypot(diff, float64(a.At(i, j))-b.At(i, j))
			norm = math.Hypot(norm, float64(a.At(i, j)))
		}
		require.LessOrEqual(t, diff, bound*norm+floor, "column %d", j)
	}
}

func testQRNotFinite[T mat.Float](t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a := randomView[T](newRand(), 70, 50)
		a.Set(40, 30, T(bad))
		var f mat.QR[T]
		f.Factorize(a)
		var r mat.Dense[T]
		f.RTo(&r)
		require.False(t, isFinite(r.At(30, 30)))
		require.True(t, isFinite(r.At(29, 29)), "columns before are untouched")
	}
}

func TestQRNotFinite(t *testing.T) { both(t, testQRNotFinite[float32], testQRNotFinite[float64]) }

func isFinite[T mat.Float](x T) bool { return math.Abs(float64(x)) <= math.MaxFloat64 }

func testQRSteadyState[T mat.Float](t *testing.T) {
	a := randomView[T](newRand(), 150, 130)
	var f mat.QR[T]
	var q, r, b, x mat.Dense[T]
	once := func() {
		f.Factorize(a)
		f.QTo(&q)
		f.RTo(&r)
		b.CopyFrom(a)
		f.MulQ(mat.Trans, &b)
		_ = f.Solve(&x, a)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestQRSteadyState(t *testing.T) { both(t, testQRSteadyState[float32], testQRSteadyState[float64]) }

func TestQRThreads(t *testing.T) {
	a := randomView[float64](newRand(), 400, 300)
	var want mat.Dense[float64]
	for threads := 1; threads <= 5; threads++ {
		f := mat.QR[float64]{Threads: threads}
		f.Factorize(a)
		var q mat.Dense[float64]
		f.QTo(&q)
		if threads == 1 {
			want = q
		}
		requireSameBits(t, &want, &q, "%d threads", threads)
	}
}

func testLeastSquares[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range [][2]int{{0, 0}, {3, 0}, {1, 1}, {40, 40}, {90, 35}} {
		m, n := s[0], s[1]
		a, b := randomView[T](rng, m, n), randomView[T](rng, m, 4)
		var f mat.QR[T]
		f.Factorize(a)
		var x mat.Dense[T]
		require.NoError(t, f.Solve(&x, b))
		// The residual is orthogonal to the columns of A, up to the backward error
		// in A, which Q·R bounds, and in X.
		residual := matProduct(mat.NoTrans, mat.NoTrans, a, &x)
		for i := range m {
			for j := range 4 {
				residual.Set(i, j, float64(b.At(i, j))-residual.At(i, j))
			}
		}
		normA := frobenius(a)
		size := normA * (frobenius(b) + normA*frobenius(&x))
		gradient := frobenius(matProduct(mat.Trans, mat.NoTrans, a, residual))
		require.LessOrEqual(t, gradient, qrBound[T](m, n)*size, "%d×%d", m, n)
	}
}

func frobenius[T mat.Float](a *mat.Dense[T]) (norm float64) {
	for i := range a.Rows {
		for j := range a.Cols {
			norm = math.Hypot(norm, float64(a.At(i, j)))
		}
	}
	return norm
}

func TestLeastSquares(t *testing.T) { both(t, testLeastSquares[float32], testLeastSquares[float64]) }

func TestLeastSquaresSingular(t *testing.T) {
	var f mat.QR[float64]
	var x mat.Dense[float64]
	a := mat.NewDense(3, 2, []float64{1, 0, 2, 0, 3, 0})
	f.Factorize(a)
	require.ErrorIs(t, f.Solve(&x, a), mat.ErrSingular)
}

// testQRReuse factors larger and smaller matrices with one QR: nothing of one
// may show in the next.
func testQRReuse[T mat.Float](t *testing.T) {
	rng := newRand()
	var used mat.QR[T]
	for _, s := range [][2]int{{90, 70}, {40, 40}, {70, 90}, {40, 20}, {3, 50}} {
		a := randomView[T](rng, s[0], s[1])
		var fresh mat.QR[T]
		var want, got mat.Dense[T]
		fresh.Factorize(a)
		used.Factorize(a)
		fresh.RTo(&want)
		used.RTo(&got)
		requireSameBits(t, &want, &got, "R of %v", s)
		want, got = mat.Dense[T]{}, mat.Dense[T]{}
		fresh.QTo(&want)
		used.QTo(&got)
		requireSameBits(t, &want, &got, "Q of %v", s)
	}
}

func TestQRReuse(t *testing.T) { both(t, testQRReuse[float32], testQRReuse[float64]) }

func TestQRPanics(t *testing.T) {
	var f mat.QR[float64]
	f.Factorize(mat.NewDense[float64](4, 6, nil))
	other := mat.NewDense[float64](5, 2, nil)
	panicsWith(t, "RTo", func() { f.RTo(other) }, "5×2", "4×6")
	panicsWith(t, "QTo", func() { f.QTo(other) }, "5×2", "4×4")
	panicsWith(t, "MulQ", func() { f.MulQ(mat.NoTrans, other) }, "5×2", "4×4")
	panicsWith(t, "Solve", func() { _ = f.Solve(new(mat.Dense[float64]), mat.NewDense[float64](4, 1, nil)) }, "4×6")
	panicsWith(t, "Factorize", func() { f.Factorize(&mat.Dense[float64]{Rows: 2, Cols: 2, Stride: 2}) }, "2×2")
}
