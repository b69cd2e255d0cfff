package spectral

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func TestQL(t *testing.T) { eachFloat(t, testQL[float32], testQL[float64]) }

// testQL runs QL with and without vectors.
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
			var q ql[T]
			require.NoError(t, q.run(values, squares, nil, 0), name)
			slices.Sort(values)
			rows := mat.Eye[T](n)
			require.NoError(t, q.run(d, e[:n-1], rows, n), name)
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
	var q ql[float64]
	require.ErrorIs(t, q.run([]float64{nan, 1, nan}, []float64{nan, 1}, mat.Eye[float64](3), 3), mat.ErrNoConvergence)
	require.ErrorIs(t, q.run([]float64{nan, 1, nan}, []float64{nan, 1}, nil, 0), mat.ErrNoConvergence)
}

// What the sweeps of minors cannot do, those of pivots do as well.
func TestQLPivots(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	const n = 30
	d, e := make([]float64, n+kernels.QLSpare), make([]float64, n+kernels.QLSpare)
	for i := range n {
		d[i], e[i] = rng.Float64()-0.5, rng.Float64()-0.5
	}
	pivots, squares := slices.Clone(d[:n]), slices.Clone(e[:n-1])
	var c, s, c2, s2 [n + kernels.QLSpare]float64
	require.True(t, kernels.QLSweep(n-1, d, e, 0.1, c[:], s[:], make([]float64, kernels.QLWork(n))))
	qlPivots(pivots, squares, 0.1, c2[:], s2[:])
	require.InDeltaSlice(t, pivots, d[:n], 1e-11)
	require.InDeltaSlice(t, squares, e[:n-1], 1e-11)
	require.InDeltaSlice(t, c2[:n-1], c[:n-1], 1e-11)
	require.InDeltaSlice(t, s2[:n-1], s[:n-1], 1e-11)
}

func TestSymQLRatios(t *testing.T) { eachFloat(t, testSymQLRatios[float32], testSymQLRatios[float64]) }

// testSymQLRatios: the sweeps leave LAPACK's ratios below 1 on random matrices, where
// dsyevd's are 0.2 to 0.5 and 1 to 2.
func testSymQLRatios[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var solver SymDC[T]
	for _, n := range []int{8, 12, 16, 24, 32, 48} {
		const count = 40
		v := mat.NewDense[T](n, n, nil)
		var mean, worst float64
		for range count {
			a := gallery.Symmetric[T](rng, n, n)
			require.NoError(t, solver.Factorize(a, false, 1))
			require.Positive(t, solver.Stats().Rotations)
			solver.VectorsTo(v, 0)
			residual, orthogonality := oracle.SymmetricRatios(a, solver.Values(), v)
			mean += residual / count
			worst = max(worst, orthogonality)
			require.Less(t, residual, max(1, 10/float64(n)), "n = %d", n)
		}
		require.Less(t, mean, 0.45, "residual, n = %d", n)
		require.Less(t, worst, 0.5, "orthogonality, n = %d", n)
	}
}
