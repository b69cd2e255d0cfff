package spectral

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func TestQL(t *testing.T) { eachFloat(t, testQL[float32], testQL[float64]) }

// testQL runs both QL algorithms on tridiagonals scaled to about 1.
func testQL[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, entry := range map[string]func(i, n int) (d, e float64){
		"random":        func(i, n int) (d, e float64) { return rng.NormFloat64(), rng.NormFloat64() },
		"laplacian":     func(i, n int) (d, e float64) { return 1, -0.5 },
		"zero diagonal": func(i, n int) (d, e float64) { return 0, 1 },
		"split":         func(i, n int) (d, e float64) { return rng.NormFloat64(), float64(i % 3) },
		"graded down": func(i, n int) (d, e float64) {
			return math.Pow(10, -float64(i)), math.Pow(10, -float64(i)-0.5)
		},
		"graded up": func(i, n int) (d, e float64) {
			return math.Pow(10, float64(i-n)), math.Pow(10, float64(i-n)+0.5)
		},
		"tiny couplings": func(i, n int) (d, e float64) { return float64(i % 2), math.Pow(10, -float64(5*i)) },
		"all tiny but one": func(i, n int) (d, e float64) {
			return math.Pow(10, -float64(30*min(i, 1))), math.Pow(10, -float64(30*min(i, 1)))
		},
		"zero": func(i, n int) (d, e float64) { return 0, 0 },
	} {
		for _, n := range []int{1, 2, 3, 8, 25, 40} {
			d, e := make([]T, n), make([]T, n)
			a := mat.NewDense[T](n, n, nil)
			for i := range n {
				x, y := entry(i, n)
				d[i], e[i] = T(x), T(y)
				a.Set(i, i, d[i])
				if i < n-1 {
					a.Set(i, i+1, e[i])
					a.Set(i+1, i, e[i])
				}
			}
			values, squares := slices.Clone(d), slices.Clone(e[:n-1])
			require.NoError(t, qlValues(values, squares), name)
			rows := mat.Eye[T](n)
			require.NoError(t, qlVectors(d, e[:n-1], rows), name)
			columns := mat.NewDense[T](n, n, nil)
			for i := range n {
				for j := range n {
					columns.Set(j, i, rows.At(i, j))
				}
			}
			residual, orthogonality := oracle.SymmetricRatios(a, d, columns)
			require.Less(t, residual, 10.0, "%s, n = %d", name, n)
			require.Less(t, orthogonality, 10.0, "%s, n = %d", name, n)
			slices.Sort(d)
			require.Less(t, distance(d, values), 10.0, "%s, n = %d", name, n)
		}
	}
}

func TestQLGivesUp(t *testing.T) {
	nan := math.NaN()
	require.ErrorIs(t, qlVectors([]float64{nan, 1, nan}, []float64{nan, 1}, mat.Eye[float64](3)), mat.ErrNoConvergence)
	require.ErrorIs(t, qlValues([]float64{nan, 1, nan}, []float64{nan, 1}), mat.ErrNoConvergence)
}
