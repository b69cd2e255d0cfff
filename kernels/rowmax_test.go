package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestRowMax compares with the definition, rows of any length that end at an unreadable
// page, the largest entry anywhere and of either sign.
func TestRowMax(t *testing.T) { both(t, testRowMax[float32], testRowMax[float64]) }

func testRowMax[T kernels.Float](t *testing.T) {
	const mostRows, mostCols = 5, 70
	rng := rand.New(rand.NewPCG(23, 24))
	a, y := guard.New[T](t, mostRows*mostCols), guard.New[T](t, mostRows)
	for n := range mostCols + 1 {
		for m := range mostRows + 1 {
			lda := n
			if n < mostCols && m%2 == 1 {
				lda++
			}
			length := max(m-1, 0)*lda + n
			for place := range places(a) {
				x, out := places(a)[place](length), places(y)[place](m)
				want := make([]T, m)
				for i := range x {
					x[i] = T(rng.NormFloat64())
					if r, c := i/max(lda, 1), i%max(lda, 1); r < m && c < n {
						want[r] = max(want[r], T(math.Abs(float64(x[i]))))
					}
				}
				kernels.RowMax(m, n, x, lda, out)
				require.Equal(t, want, out, "%d×%d, lda %d", m, n, lda)
				a.Check(t)
				y.Check(t)
			}
		}
	}
}

// TestRowMaxNotFinite: NaN above Inf, in its own row alone, and rows beyond what one call
// of a kernel takes.
func TestRowMaxNotFinite(t *testing.T) {
	const n = 37
	a, y := make([]float64, 3*n), make([]float64, 3)
	for at := range n {
		clear(a)
		a[n+at], a[n+(at+1)%n] = math.NaN(), math.Inf(-1)
		kernels.RowMax(3, n, a, n, y)
		require.True(t, math.IsNaN(y[1]), "entry %d", at)
		require.Zero(t, y[0])
		require.Zero(t, y[2])
		a[n+at] = 0
		kernels.RowMax(3, n, a, n, y)
		require.True(t, math.IsInf(y[1], 1), "entry %d", at)
	}
	for _, shape := range [][2]int{{40000, 3}, {3, 40000}} {
		m, n := shape[0], shape[1]
		a, y := make([]float64, m*n), make([]float64, m)
		for i := range m {
			a[i*n+i%n] = -float64(i + 1)
		}
		kernels.RowMax(m, n, a, n, y)
		for i, v := range y {
			require.Equal(t, float64(i+1), v)
		}
	}
}

func TestRowMaxShapes(t *testing.T) {
	a := make([]float64, 6)
	for _, f := range []func(){
		func() { kernels.RowMax(2, 3, a, 2, make([]float64, 2)) },
		func() { kernels.RowMax(2, 3, a, 4, make([]float64, 2)) },
		func() { kernels.RowMax(2, 3, a, 3, make([]float64, 3)) },
		func() { kernels.RowMax(-1, 3, a, 3, nil) },
	} {
		require.Panics(t, f)
	}
}
