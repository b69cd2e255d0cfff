package mat_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// definite returns a positive definite matrix of order n with NaN under the
// diagonal, and the same with both triangles.
func definite[T mat.Float](n int) (half, full *mat.Dense[T]) {
	x := random[T](newRand(), 2*n, n)
	half, full = randomView[T](newRand(), n, n), mat.NewDense[T](n, n, nil)
	mat.Syrk(mat.Trans, 1, x, 0, full)
	for i := range n {
		for j := range n {
			half.Set(i, j, full.At(i, j))
			if j < i {
				half.Set(i, j, T(math.NaN()))
			}
		}
	}
	return half, full
}

func testCholesky[T mat.Float](t *testing.T) {
	for _, n := range []int{0, 1, 2, 15, 16, 17, 40, 100, 129} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			a, full := definite[T](n)
			before := slices.Clone(a.Data)
			var f mat.Cholesky[T]
			require.NoError(t, f.Factorize(a))
			requireSameData(t, before, a.Data)
			var u mat.Dense[T]
			f.UTo(&u)
			back := matProduct(mat.Trans, mat.NoTrans, &u, &u)
			// Higham, theorem 10.3: |A − UᵀU| ≤ γ(n+1)·|Uᵀ||U|; two roundings more
			// where a row is multiplied by the inverse.
			size := matProduct(mat.Trans, mat.NoTrans, magnitudes(&u), magnitudes(&u))
			for i := range n {
				require.Positive(t, u.At(i, i))
				for j := range n {
					require.LessOrEqual(t, math.Abs(back.At(i, j)-float64(full.At(i, j))), oracle.Gamma[T](n+3)*size.At(i, j))
					if j < i {
						require.Zero(t, u.At(i, j))
					}
				}
			}
			testCholeskySolve(t, &f, full, size)
		})
	}
}

// testCholeskySolve checks |A·X − B| ≤ γ(3n)·|Uᵀ||U||X| (Higham, theorem 10.4).
func testCholeskySolve[T mat.Float](t *testing.T, f *mat.Cholesky[T], a *mat.Dense[T], size *mat.Dense[float64]) {
	b := random[T](newRand(), a.Rows, 3)
	var x mat.Dense[T]
	f.Solve(&x, b)
	back := matProduct(mat.NoTrans, mat.NoTrans, a, &x)
	limit := matProduct(mat.NoTrans, mat.NoTrans, size, magnitudes(&x))
	for i := range back.Data {
		require.LessOrEqual(t, math.Abs(back.Data[i]-float64(b.Data[i])), oracle.Gamma[T](3*a.Rows+9)*limit.Data[i])
	}
}

func TestCholesky(t *testing.T) { both(t, testCholesky[float32], testCholesky[float64]) }

func testNotDefinite[T mat.Float](t *testing.T) {
	for _, bad := range []float64{-1, 0, math.NaN(), math.Inf(1)} {
		for _, at := range []int{0, 5, 37, 59} {
			a := mat.NewDense[T](60, 60, nil)
			for i := range 60 {
				a.Set(i, i, 2)
			}
			a.Set(at, at, T(bad))
			var f mat.Cholesky[T]
			err := f.Factorize(a)
			require.ErrorIs(t, err, mat.ErrNotPositiveDefinite)
			require.ErrorContains(t, err, fmt.Sprintf("pivot %d is %g", at, bad))
			panicsWith(t, "UTo", func() { f.UTo(new(mat.Dense[T])) }, "Factorize")
			panicsWith(t, "Solve", func() { f.Solve(new(mat.Dense[T]), a) }, "Factorize")
		}
	}
}

func TestNotDefinite(t *testing.T) { both(t, testNotDefinite[float32], testNotDefinite[float64]) }

func TestCholeskyOffDiagonalNaN(t *testing.T) {
	_, a := definite[float64](40)
	a.Set(3, 35, math.NaN())
	var f mat.Cholesky[float64]
	require.ErrorContains(t, f.Factorize(a), "pivot 35 is NaN")
}

func TestCholeskyThreads(t *testing.T) {
	_, a := definite[float64](300)
	var want mat.Dense[float64]
	for threads := 1; threads <= 4; threads++ {
		f := mat.Cholesky[float64]{Threads: threads}
		require.NoError(t, f.Factorize(a))
		var u mat.Dense[float64]
		f.UTo(&u)
		if threads == 1 {
			want = u
		}
		requireSameBits(t, &want, &u, "%d threads", threads)
	}
}

func TestCholeskySteadyState(t *testing.T) {
	_, a := definite[float64](150)
	var f mat.Cholesky[float64]
	var u, x mat.Dense[float64]
	once := func() {
		_ = f.Factorize(a)
		f.UTo(&u)
		f.Solve(&x, a)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestCholeskyPanics(t *testing.T) {
	var f mat.Cholesky[float64]
	panicsWith(t, "Factorize", func() { _ = f.Factorize(mat.NewDense[float64](2, 3, nil)) }, "2×3")
	require.NoError(t, f.Factorize(unitMatrix[float64](3)))
	panicsWith(t, "UTo", func() { f.UTo(mat.NewDense[float64](2, 3, nil)) }, "2×3", "3×3")
	panicsWith(t, "Solve", func() { f.Solve(new(mat.Dense[float64]), mat.NewDense[float64](2, 1, nil)) }, "3×3", "2×1")
}
