package oracle

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSum compares with big.Float on sums that cancel to almost nothing.
func TestSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 200 {
		var s Sum
		exact := new(big.Float).SetPrec(2000)
		abs := new(big.Float).SetPrec(2000)
		add := func(x, y float64) {
			s.Add(x, y)
			p := new(big.Float).SetPrec(2000).Mul(big.NewFloat(x), big.NewFloat(y))
			exact.Add(exact, p)
			abs.Add(abs, p.Abs(p))
		}
		for range 100 {
			x, y := rng.NormFloat64(), math.Ldexp(rng.NormFloat64(), rng.IntN(40))
			add(x, y)
			add(-x, math.Nextafter(y, 0))
		}
		s.Scale(-2.5)
		want := new(big.Float).SetPrec(2000).Mul(exact, big.NewFloat(-2.5))
		absWant, _ := abs.Float64()
		got, _ := new(big.Float).SetPrec(2000).Sub(want, new(big.Float).SetPrec(2000).Add(big.NewFloat(s.hi), big.NewFloat(s.lo))).Float64()
		require.LessOrEqual(t, math.Abs(got), 0x1p-95*s.Abs(), "trial %d", trial)
		require.GreaterOrEqual(t, s.Abs(), 2.5*absWant)
		require.InEpsilon(t, 2.5*absWant, s.Abs(), 0x1p-40)
		require.Zero(t, s.Error(s.Value())-math.Abs((s.Value()-s.hi)-s.lo))
	}
}

func TestUnit(t *testing.T) {
	require.Equal(t, 0x1p-24, Unit[float32]())
	require.Equal(t, 0x1p-53, Unit[float64]())
	require.Equal(t, 0.5/(1-0.5), Gamma[float32](1<<23))
}

func TestGemmByHand(t *testing.T) {
	a := func(i, j int) float64 { return float64(1 + 2*i + j) } // 1 2 / 3 4
	b := func(i, j int) float64 { return float64(5 + 2*i + j) } // 5 6 / 7 8
	never := func(i, j int) float64 { panic("read") }
	c := func(i, j int) float64 { return float64(i - j) }
	values := func(s []Sum) (v []float64) {
		for _, x := range s {
			v = append(v, x.Value())
		}
		return v
	}
	require.Equal(t, []float64{19, 22, 43, 50}, values(Gemm(2, 2, 2, 1, a, b, 0, never)))
	require.Equal(t, []float64{38, 43, 87, 100}, values(Gemm(2, 2, 2, 2, a, b, 1, c)))
	require.Equal(t, []float64{0, 2, -2, 0}, values(Gemm(2, 2, 2, 0, never, never, -2, c)))
	require.Equal(t, 3.0, Dot([]float64{1, 2}, []float64{-1, 2}).Value())
	require.InDelta(t, 5.0, Dot([]float64{1, 2}, []float64{-1, 2}).Abs(), 0x1p-40)
	require.Equal(t, 1.0, Axpby(2.0, 3, -1, 5).Value())
}
