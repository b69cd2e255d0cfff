package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestNarrow: rounding to multiples of 2⁻⁶² and to float32, and back by AddWide, of any
// length, at the edge of unreadable pages.
func TestNarrow(t *testing.T) {
	const most = 37
	rng := rand.New(rand.NewPCG(21, 22))
	wide, single := guard.New[float64](t, most), guard.New[float32](t, most)
	for n := range most + 1 {
		for place := range places(wide) {
			x, y := places(wide)[place](n), places(single)[place](n)
			values := make([]float64, n)
			for i := range x {
				values[i] = rng.NormFloat64() * math.Exp2(-float64(rng.IntN(80)))
				x[i] = values[i]
			}
			kernels.Narrow(y, x)
			kernels.AddWide(y, x)
			for i, v := range values {
				require.Equal(t, float32((v+0x1p-10)-0x1p-10), y[i], "length %d, entry %d", n, i)
				require.Equal(t, v+float64(y[i]), x[i], "length %d, entry %d", n, i)
			}
			wide.Check(t)
			single.Check(t)
		}
	}
	one, two := []float32{1, 0x1p-70}, make([]float32, 2)
	kernels.Narrow(two, one)
	require.Equal(t, []float32{1, 0}, two)
	kernels.AddWide(one, two)
	require.Equal(t, []float32{2, 0x1p-70}, two)
}

// TestRound: to float32 as conversions do, of any length.
func TestRound(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for n := range 38 {
		x, y, want := make([]float64, n), make([]float32, n), make([]float32, n)
		for i := range x {
			x[i] = rng.NormFloat64() * math.Exp2(float64(rng.IntN(200)-100))
			want[i] = float32(x[i])
		}
		kernels.Round(y, x)
		require.Equal(t, want, y)
	}
}

func TestNarrowLengths(t *testing.T) {
	x, y := make([]float64, 3), make([]float32, 4)
	require.PanicsWithValue(t, kernels.Error{Op: "Narrow", Detail: "len(x) = 3, len(y) = 4"}, func() { kernels.Narrow(y, x) })
	require.PanicsWithValue(t, kernels.Error{Op: "Round", Detail: "len(x) = 3, len(y) = 4"}, func() { kernels.Round(y, x) })
	require.Panics(t, func() { kernels.AddWide(y, x) })
}
