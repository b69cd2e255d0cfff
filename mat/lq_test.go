package mat_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func transposed[T mat.Float](a *mat.Dense[T]) *mat.Dense[T] {
	b := mat.NewDense[T](a.Cols, a.Rows, nil)
	for i := range a.Rows {
		for j := range a.Cols {
			b.Set(j, i, a.At(i, j))
		}
	}
	return b
}

func testLQ[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range factorShapes {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			m, n := s[0], s[1]
			k := min(m, n)
			a := randomView[T](rng, m, n)
			before := slices.Clone(a.Data)
			var f mat.LQ[T]
			f.Factorize(a)
			requireSameData(t, before, a.Data)
			var l, q mat.Dense[T]
			f.LTo(&l)
			f.QTo(&q)
			require.Equal(t, [4]int{m, k, k, n}, [4]int{l.Rows, l.Cols, q.Rows, q.Cols})
			for i := range m {
				for j := i + 1; j < k; j++ {
					require.Zero(t, l.At(i, j))
				}
			}
			bound := qrBound[T](n, m)
			require.LessOrEqual(t, orthogonality(transposed(&q)), bound*math.Sqrt(float64(k)))
			back := matProduct(mat.NoTrans, mat.NoTrans, &l, &q)
			requireColumns(t, transposed(a), transposed(back), bound, 0)

			full := unitMatrix[T](n)
			f.MulQ(mat.NoTrans, full)
			bound *= math.Sqrt(float64(n))
			requireNear(t, matProduct(mat.NoTrans, mat.NoTrans, unitMatrix[T](k), full.View(0, 0, k, n)), &q, bound)
			b := randomView[T](rng, n, 5)
			want := matProduct(mat.Trans, mat.NoTrans, full, b)
			f.MulQ(mat.Trans, b)
			requireColumns(t, b, want, 2*bound, 0)
		})
	}
}

func TestLQ(t *testing.T) { both(t, testLQ[float32], testLQ[float64]) }

func testLeastNorm[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, s := range [][2]int{{0, 0}, {0, 3}, {1, 1}, {40, 40}, {35, 90}} {
		m, n := s[0], s[1]
		a, b := randomView[T](rng, m, n), randomView[T](rng, m, 4)
		var f mat.LQ[T]
		f.Factorize(a)
		x := mat.NewDense[T](n, 4, nil)
		x.Fill(T(math.NaN())) // nothing of it is read
		require.NoError(t, f.Solve(x, b))
		bound := qrBound[T](n, m)
		back := matProduct(mat.NoTrans, mat.NoTrans, a, x)
		for i := range m {
			for j := range 4 {
				back.Data[i*4+j] -= float64(b.At(i, j))
			}
		}
		require.LessOrEqual(t, frobenius(back), bound*frobenius(a)*frobenius(x))

		// X is in the row space: orthogonal to the other columns of Qᵀ.
		f.MulQ(mat.NoTrans, x)
		require.LessOrEqual(t, frobenius(x.View(m, 0, n-m, 4)), 2*bound*frobenius(x))
	}
}

func TestLeastNorm(t *testing.T) { both(t, testLeastNorm[float32], testLeastNorm[float64]) }

func TestLeastNormSingular(t *testing.T) {
	var f mat.LQ[float64]
	f.Factorize(mat.NewDense[float64](2, 3, nil))
	require.ErrorIs(t, f.Solve(new(mat.Dense[float64]), mat.NewDense[float64](2, 1, nil)), mat.ErrSingular)
}

func TestLQSteadyState(t *testing.T) {
	a := randomView[float64](newRand(), 70, 90)
	var f mat.LQ[float64]
	var l, q, x mat.Dense[float64]
	once := func() {
		f.Factorize(a)
		f.LTo(&l)
		f.QTo(&q)
		_ = f.Solve(&x, a)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestLQPanics(t *testing.T) {
	var f mat.LQ[float64]
	f.Factorize(mat.NewDense[float64](6, 4, nil))
	other := mat.NewDense[float64](5, 2, nil)
	panicsWith(t, "LTo", func() { f.LTo(other) }, "5×2", "6×4")
	panicsWith(t, "QTo", func() { f.QTo(other) }, "5×2", "4×4")
	panicsWith(t, "MulQ", func() { f.MulQ(mat.NoTrans, other) }, "5×2", "4×4")
	panicsWith(t, "Solve", func() { _ = f.Solve(new(mat.Dense[float64]), mat.NewDense[float64](6, 1, nil)) }, "6×4")
}
