package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestWaxpy compares with the definition, of any length, at the edge of unreadable
// pages, with w apart from y and in its place.
func TestWaxpy(t *testing.T) { both(t, testWaxpy[float32], testWaxpy[float64]) }

func testWaxpy[T kernels.Float](t *testing.T) {
	const most = 37
	rng := rand.New(rand.NewPCG(23, 24))
	xs, ys, ws := guard.New[T](t, most), guard.New[float64](t, most), guard.New[float64](t, most)
	for n := range most + 1 {
		for place := range places(xs) {
			x, y, w := places(xs)[place](n), places(ys)[place](n), places(ws)[place](n)
			want := make([]float64, n)
			for i := range x {
				x[i], y[i] = T(rng.NormFloat64()), rng.NormFloat64()
				want[i] = 0.25*float64(x[i]) + y[i]
			}
			kernels.Waxpy(0.25, x, y, w)
			require.Equal(t, want, append([]float64{}, w...), "length %d", n)
			kernels.Waxpy(0.25, x, y, y)
			require.Equal(t, want, append([]float64{}, y...), "length %d, in place", n)
			xs.Check(t)
			ys.Check(t)
			ws.Check(t)
		}
	}
	require.Panics(t, func() { kernels.Waxpy(1, make([]T, 2), make([]float64, 3), make([]float64, 3)) })
	require.Panics(t, func() { kernels.Waxpy(1, make([]T, 3), make([]float64, 2), make([]float64, 3)) })
	require.Panics(t, func() { kernels.Waxpy(1, make([]T, 3), make([]float64, 3), make([]float64, 2)) })
}

// TestWaxpyNotFinite: NaN and Inf stay where they are.
func TestWaxpyNotFinite(t *testing.T) {
	const n = 19
	for at := range n {
		for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(-1))} {
			x, y := make([]float32, n), make([]float64, n)
			x[at] = bad
			kernels.Waxpy(2, x, y, y)
			for i, v := range y {
				require.Equal(t, i == at, v != 0, "entry %d, bad %d", i, at)
			}
		}
	}
}
