package mat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/lanes-go/lanes/mat"
	"github.com/stretchr/testify/require"
)

func epsOf[T mat.Float]() float64 {
	var zero T
	if unsafe.Sizeof(zero) == 8 {
		return 0x1p-53
	}
	return 0x1p-24
}

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

// columnError returns ‖aⱼ − bⱼ‖ / ‖aⱼ‖ at its largest, and Inf where a zero
// column is missed or anything is NaN.
func columnError[T mat.Float](a *mat.Dense[T], b *mat.Dense[float64]) float64 {
	worst := 0.0
	for j := range a.Cols {
		var diff, norm float64
		for i := range a.Rows {
			diff = math.Hypot(diff, float64(a.At(i, j))-b.At(i, j))
			norm = math.Hypot(norm, float64(a.At(i, j)))
		}
		switch {
		case diff == 0:
		case !(diff/norm <= math.MaxFloat64):
			return math.Inf(1)
		default:
			worst = max(worst, diff/norm)
		}
	}
	return worst
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
	{64, 64}, {70, 31}, {31, 70}, {100, 97}, {40, 130}, {300, 20},
}

// qrBound is Higham's mn·eps with his small constant: theorem 19.4.
func qrBound[T mat.Float](m, n int) float64 {
	return 4 * float64(m) * math.Sqrt(float64(min(m, n))+1) * epsOf[T]()
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
	require.LessOrEqual(t, columnError(a, matProduct(mat.NoTrans, mat.NoTrans, &q, &r)), bound)
}

func testQR[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range factorShapes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			requireQR(t, randomView[T](rng, s[0], s[1]))
		})
	}
}

func TestQR(t *testing.T) {
	t.Run("float64", testQR[float64])
	t.Run("float32", testQR[float32])
}

func testMulQ[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
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
			require.LessOrEqual(t, columnError(b, want), 2*bound)
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

func TestMulQ(t *testing.T) {
	t.Run("float64", testMulQ[float64])
	t.Run("float32", testMulQ[float32])
}

func testQRSteadyState[T mat.Float](t *testing.T) {
	a := randomView[T](rand.New(rand.NewPCG(5, 6)), 150, 130)
	var f mat.QR[T]
	var q, r, b mat.Dense[T]
	once := func() {
		f.Factorize(a)
		f.QTo(&q)
		f.RTo(&r)
		b.CopyFrom(a)
		f.MulQ(mat.Trans, &b)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestQRSteadyState(t *testing.T) {
	t.Run("float64", testQRSteadyState[float64])
	t.Run("float32", testQRSteadyState[float32])
}

func TestQRThreads(t *testing.T) {
	a := randomView[float64](rand.New(rand.NewPCG(7, 8)), 400, 300)
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
