package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestTurns compares with the definition, of any length, at the edge of unreadable pages.
func TestTurns(t *testing.T) { both(t, testTurns[float32], testTurns[float64]) }

func testTurns[T kernels.Float](t *testing.T) {
	const most = 37
	rng := rand.New(rand.NewPCG(19, 20))
	ratios := guard.New[float64](t, most)
	regions := [4]*guard.Region[T]{}
	for i := range regions {
		regions[i] = guard.New[T](t, most)
	}
	eps := math.Nextafter(1, 2) - 1
	if any(T(0)) == any(float32(0)) {
		eps = 0x1p-23
	}
	for n := range most + 1 {
		values := make([]T, 4*n)
		for i := range values {
			values[i] = T(rng.NormFloat64() * math.Exp2(-float64(rng.IntN(70))))
		}
		for place := range places(ratios) {
			for _, sign := range []float64{1, -1} {
				ratio := places(ratios)[place](n)
				at := func(r int) []T { return places(regions[r])[place](n) }
				a, b, first, second := at(0), at(1), at(2), at(3)
				for r, x := range [][]T{a, b, first, second} {
					copy(x, values[r*n:(r+1)*n])
				}
				const scale = 0.25
				for i := range ratio {
					ratio[i] = float64(i%13) / 4
				}
				square, squareT := kernels.Turns(scale, sign, ratio, a, b, first, second)
				sum, sumT := 0.0, 0.0
				for i, x := range ratio {
					turn := scale * x
					u := (turn*float64(values[i]) + float64(values[n+i])) / (1 - turn*turn) * sign
					sum, sumT = sum+u*u, sumT+turn*u*turn*u
					near := func(want float64, got T) {
						require.InDelta(t, want, float64(got), 0x1p-62+4*eps*(math.Abs(u)+math.Abs(want)), "length %d, entry %d", n, i)
					}
					near(float64(values[2*n+i])+u, first[i])
					near(float64(values[3*n+i])+turn*u, second[i])
				}
				require.InDelta(t, sum, square, 1e-12*sum, "length %d", n)
				require.InDelta(t, sumT, squareT, 1e-12*sumT, "length %d", n)
				ratios.Check(t)
				for _, r := range regions {
					r.Check(t)
				}
			}
		}
	}
}

// TestTurnsNotFinite: NaN and Inf stay where they are.
func TestTurnsNotFinite(t *testing.T) {
	const n = 19
	for at := range n {
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			ratio, a, b := make([]float64, n), make([]float64, n), make([]float64, n)
			first, second := make([]float64, n), make([]float64, n)
			for i := range ratio {
				ratio[i] = 0.5
			}
			b[at] = bad
			square, _ := kernels.Turns(1, 1, ratio, a, b, first, second)
			require.False(t, square < math.Inf(1))
			for i, x := range first {
				require.Equal(t, i == at, math.IsNaN(x) || math.IsInf(x, 0), "entry %d, bad %d", i, at)
			}
		}
	}
}

func TestTurnsLengths(t *testing.T) {
	x, y := make([]float64, 3), make([]float64, 4)
	require.Panics(t, func() { kernels.Turns(1, 1, x, x, x, x, y) })
}
