package svd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/svd"
)

// Iterations that change nothing are left out, and no others: with flat spectra,
// and with tails far below the largest values, the error is that of all four.
func TestTruncatedStops(t *testing.T) {
	const n, k = 200, 10
	rng := rand.New(rand.NewPCG(41, 42))
	for name, c := range map[string]struct {
		sigma func(i int) float64
		calls int // of Progress: one for each block, and one before a block that is left out
	}{
		"harmonic":  {func(i int) float64 { return 1 / float64(i+1) }, 4},
		"steep":     {func(i int) float64 { return math.Pow(2, -float64(i)) }, 4},
		"slow":      {func(i int) float64 { return math.Pow(float64(i+1), -0.1) }, 5},
		"flat":      {func(i int) float64 { return 1.5 - float64(i)/n }, 5},
		"low rank":  {func(i int) float64 { return math.Exp(-40 * float64(i/k)) }, 4},
		"far tail":  {func(i int) float64 { return math.Pow(1e-5, float64(min(i/k, 1))) * (1 - float64(i)/(2*n)) }, 4},
		"one value": {func(i int) float64 { return math.Pow(1e-3, float64(min(i, 1))) * (1 - float64(i)/(2*n)) }, 5},
	} {
		sigma := make([]float64, n)
		for i := range sigma {
			sigma[i] = c.sigma(i)
		}
		a := gallery.WithSingular[float64](rng, n+20, n, sigma)
		calls := 0
		opts := svd.TruncatedOptions{Progress: func(string, int, int) { calls++ }}
		u, s, v, err := svd.Truncated(a, k, opts)
		require.NoError(t, err)
		require.Equal(t, c.calls, calls, name)
		norm := errorNorm(t, a, u, s, v)
		u, s, v, err = svd.Truncated(a, k, svd.TruncatedOptions{Iterations: 4})
		require.NoError(t, err)
		all := errorNorm(t, a, u, s, v)
		require.LessOrEqual(t, norm, 1.0005*all+20*eps[float64]()*sigma[0], name)
	}
}
