package eig_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func TestStatsOfJacobi(t *testing.T) {
	a := gallery.Symmetric[float32](rand.New(rand.NewPCG(21, 22)), 15, 15)
	for _, m := range jacobis {
		var e eig.Sym[float32]
		require.NoError(t, e.Factorize(a, eig.Options{Method: m}))
		st := e.Stats()
		require.Equal(t, m, st.Method)
		require.Positive(t, st.Sweeps)
		require.Positive(t, st.Rotations)
		require.Less(t, st.OffNorm, 15*eps[float32]())
		require.Positive(t, st.Diagonalise)
		require.Zero(t, st.Merged+int(st.Reduce+st.Back))
	}
}

func TestStatsOfDivideAndConquer(t *testing.T) {
	a := gallery.Symmetric[float32](rand.New(rand.NewPCG(23, 24)), 100, 100)
	var e eig.Sym[float32]
	require.NoError(t, e.Factorize(a, eig.Options{Method: eig.DivideAndConquer}))
	st := e.Stats()
	require.Equal(t, eig.DivideAndConquer, st.Method)
	require.GreaterOrEqual(t, st.Merged, 200)
	require.Less(t, st.Deflated, st.Merged)
	require.Positive(t, min(st.Reduce, st.Diagonalise, st.Back))
	require.Zero(t, st.Sweeps+st.Rotations)
}

// Where QL does it all there is nothing to merge.
func TestStatsOfQL(t *testing.T) {
	a := gallery.Symmetric[float64](rand.New(rand.NewPCG(23, 24)), 30, 30)
	for _, opts := range []eig.Options{{}, {ValuesOnly: true}, {Range: eig.Range{Largest: 3}}} {
		var e eig.Sym[float64]
		require.NoError(t, e.Factorize(a, opts))
		st := e.Stats()
		require.Equal(t, eig.DivideAndConquer, st.Method)
		require.Contains(t, st.Reason, "QL")
		require.Zero(t, st.Merged)
		require.Greater(t, st.Sweeps, 30)
		require.Greater(t, st.Rotations, st.Sweeps)
	}
}

func TestAutoFollowsTheOrder(t *testing.T) {
	var small, large eig.Sym[float64]
	require.NoError(t, small.Factorize(mat.Eye[float64](4), eig.Options{}))
	require.NoError(t, large.Factorize(mat.Eye[float64](100), eig.Options{}))
	require.Equal(t, eig.Jacobi, small.Stats().Method)
	require.Equal(t, eig.DivideAndConquer, large.Stats().Method)
	require.NotEqual(t, small.Stats().Reason, large.Stats().Reason)
	require.NoError(t, large.Factorize(mat.Eye[float64](100), eig.Options{Method: eig.Jacobi}))
	require.NotEqual(t, small.Stats().Reason, large.Stats().Reason)
}

// What is measured on request lies where rounding puts it, at any scale.
func TestResidualOnRequest(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for _, m := range methods {
		for _, exponent := range []float64{-280, 0, 280} {
			a := gallery.Symmetric[float64](rng, 60, 60)
			for i := range a.Data {
				for range 10 {
					a.Data[i] *= math.Pow(10, exponent/10)
				}
			}
			var e eig.Sym[float64]
			require.NoError(t, e.Factorize(a, eig.Options{Method: m, Residual: true}))
			st := e.Stats()
			for _, x := range []float64{st.Residual, st.Orthogonality} {
				require.Positive(t, x, "%v", m)
				require.Less(t, x, threshold*60*eps[float64](), "%v", m)
			}
			require.NoError(t, e.Factorize(a, eig.Options{Method: m}))
			require.Zero(t, e.Stats().Residual)
		}
	}
	var e eig.Sym[float64]
	require.NoError(t, e.Factorize(mat.NewDense[float64](3, 3, nil), eig.Options{Residual: true}))
	require.Zero(t, e.Stats().Residual)
}

func TestThreadsChangeNoBit(t *testing.T) {
	both(t, testThreads[float32], testThreads[float64])
}

func testThreads[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	for _, n := range []int{20, 65, 230} {
		a := gallery.Symmetric[T](rng, n, n)
		for _, opts := range []eig.Options{{}, {ValuesOnly: true}} {
			var values []T
			var vectors *mat.Dense[T]
			for threads := 1; threads <= 3; threads++ {
				var e eig.Sym[T]
				opts.Threads = threads
				require.NoError(t, e.Factorize(a, opts))
				d, v := e.Values(nil), &mat.Dense[T]{}
				if !opts.ValuesOnly {
					e.VectorsTo(v)
				}
				if threads == 1 {
					values, vectors = d, v
				}
				require.Equal(t, values, d, "n = %d, %d threads", n, threads)
				require.Equal(t, vectors.Data, v.Data, "n = %d, %d threads", n, threads)
			}
		}
	}
}

// Goroutines beyond the pieces of work are neither started nor made room for.
func TestManyThreadsTakeNoRoom(t *testing.T) {
	a := gallery.Symmetric[float64](rand.New(rand.NewPCG(95, 96)), 200, 199)
	for _, opts := range []eig.Options{
		{}, {ValuesOnly: true}, {Range: eig.Range{Largest: 7}}, {Accurate: true}, {Method: eig.BlockJacobi},
	} {
		opts.Threads = 1 << 20
		var e eig.Sym[float64]
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.NoError(t, e.Factorize(a, opts))
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), "%+v", opts)
	}
}
