package svd_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func TestGramJacobiRoutes(t *testing.T) {
	both(t, testGramJacobiRoutes[float32], testGramJacobiRoutes[float64])
}

// Grading by 16 decades costs no digits, whatever is graded, and each kind of it
// takes its route.
func testGramJacobiRoutes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, shape := range [][2]int{{26, 26}, {32, 20}, {18, 24}} {
		m, n := shape[0], shape[1]
		b := gallery.WithSingular[float64](rng, m, n, gallery.Grades(min(m, n), 1))
		for _, shuffled := range []bool{false, true} {
			grades := func(n int, decades float64) []float64 {
				d := gallery.Grades(n, decades)
				if shuffled {
					gallery.Shuffled(rng, d)
				}
				return d
			}
			byRows, byColumns := svd.Pivoted, svd.Direct
			if m == n {
				byRows = svd.Transposed
			}
			if m < n {
				byRows, byColumns = byColumns, byRows
			}
			requireRoute(t, gallery.Scaled[T](b, nil, nil), svd.Direct)
			requireRoute(t, gallery.Scaled[T](b, grades(m, 16), nil), byRows)
			requireRoute(t, gallery.Scaled[T](b, nil, grades(n, 16)), byColumns)
			requireRoute(t, gallery.Scaled[T](b, grades(m, 8), grades(n, 8)), svd.Pivoted)
		}
	}
}

// requireRoute requires GramJacobi to converge by a route, at the accuracy that
// is its purpose: 45 eps are 1e-14 in float64.
func requireRoute[T mat.Float](t *testing.T, a *mat.Dense[T], route svd.Route) {
	t.Helper()
	want := oracle.SingularValues(a, 20)
	for _, valuesOnly := range []bool{false, true} {
		var s svd.SVD[T]
		require.NoError(t, s.Factorize(a, svd.Options{Method: svd.GramJacobi, ValuesOnly: valuesOnly}))
		st := s.Stats()
		require.Equal(t, svd.GramJacobi, st.Method)
		require.Equal(t, route, st.Route)
		require.Positive(t, st.Windows)
		require.Positive(t, st.Load)
		require.Positive(t, st.Eigen)
		require.Positive(t, st.Precondition)
		require.Positive(t, st.Correct)
		require.LessOrEqual(t, st.OffNorm, 20*eps[T]())
		for k, x := range s.Values(nil) {
			require.InDelta(t, want[k], x, 45*eps[T]()*want[k], "%v of %d×%d, value %d", route, a.Rows, a.Cols, k)
		}
	}
	decompose(t, a, svd.GramJacobi, route.String())
}

// What does not converge goes to one-sided Jacobi, and where that is not
// allowed enough sweeps either, it is an error.
func TestGramJacobiGivesWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	const n = 100 // of 48 and less QL makes eigenvectors for which one correction is enough
	sigma := gallery.Grades(n, 0)
	for i := range sigma[1:] {
		sigma[1+i] = 1e-5 * (1 - 1e-3*float64(i)) // short, and close to one another
	}
	var s svd.SVD[float64]
	err := s.Factorize(gallery.WithSingular[float64](rng, n, n, sigma), svd.Options{Method: svd.GramJacobi, MaxSweeps: 1})
	st := s.Stats()
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.Equal(t, svd.OneSidedJacobi, st.Method)
	require.Equal(t, svd.Pivoted, st.Route)
	require.Contains(t, err.Error(), "1 sweeps")
}

func TestGramJacobiThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for _, shape := range [][2]int{{150, 150}, {400, 60}} {
		m, n := shape[0], shape[1]
		b := gallery.Gaussian[float64](rng, m, n)
		for _, a := range []*mat.Dense[float64]{b, gallery.Scaled[float64](b, gallery.Grades(m, 9), gallery.Grades(n, 9))} {
			var s svd.SVD[float64]
			var results [2][3][]float64
			for i, threads := range []int{1, 3} {
				var u, v mat.Dense[float64]
				require.NoError(t, s.Factorize(a, svd.Options{Method: svd.GramJacobi, Threads: threads}))
				s.UTo(&u)
				s.VTo(&v)
				results[i] = [3][]float64{s.Values(nil), u.Data, v.Data}
			}
			require.Equal(t, results[0], results[1])
		}
	}
}

func TestGramJacobiAllocations(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	for _, shape := range [][2]int{{100, 100}, {50, 250}} {
		m, n := shape[0], shape[1]
		b := gallery.Gaussian[float64](rng, m, n)
		for name, a := range map[string]*mat.Dense[float64]{
			"random": b,
			"both":   gallery.Scaled[float64](b, gallery.Grades(m, 9), gallery.Grades(n, 9)),
		} {
			var s svd.SVD[float64]
			factorize := func() {
				if s.Factorize(a, svd.Options{Method: svd.GramJacobi, Threads: 2}) != nil {
					t.Fail()
				}
			}
			require.Zero(t, testing.AllocsPerRun(3, factorize), "%s %v", name, shape)
		}
	}
}

func TestGramJacobiWorkspace(t *testing.T) {
	rng := rand.New(rand.NewPCG(29, 30))
	for _, shape := range [][2]int{{400, 400}, {1500, 150}} {
		m, n := shape[0], shape[1]
		a := gallery.Gaussian[float64](rng, m, n)
		var s svd.SVD[float64]
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.NoError(t, s.Factorize(a, svd.Options{Method: svd.GramJacobi, Threads: 1}))
		runtime.ReadMemStats(&after)
		elements := float64(after.TotalAlloc-before.TotalAlloc) / 8
		const packing = 400_000 // blocks of fixed size, for three workspaces
		require.Less(t, elements, 1.05*float64(4*m*n+6*n*n)+packing, "%v; a twentieth for rows padded to cache lines", shape)
	}
}

func TestRouteNames(t *testing.T) {
	require.Equal(t, "NoRoute Direct Transposed Pivoted Route(9)",
		fmt.Sprint(svd.NoRoute, " ", svd.Direct, " ", svd.Transposed, " ", svd.Pivoted, " ", svd.Route(9)))
}

func TestGramJacobiTies(t *testing.T) {
	const n = 64
	rng := rand.New(rand.NewPCG(31, 32))
	for name, sigma := range map[string][]float64{
		"ones":   slices.Repeat([]float64{1}, n),
		"halves": append(slices.Repeat([]float64{1}, n/2), slices.Repeat([]float64{0.5}, n/2)...),
		"tiny":   append(slices.Repeat([]float64{1}, n/2), slices.Repeat([]float64{1e-9}, n/2)...),
	} {
		got := decompose(t, gallery.WithSingular[float64](rng, n, n, sigma), svd.GramJacobi, name)
		for k, x := range got {
			require.False(t, math.IsNaN(x))
			require.InDelta(t, sigma[k], x, 20*eps[float64](), "%s, value %d", name, k)
		}
	}
}

func TestGramJacobiClusters(t *testing.T) {
	both(t, testGramJacobiClusters[float32], testGramJacobiClusters[float64])
}

// Clusters far below the largest value are corrected several times. Where two
// columns do not turn, W and V have to change alike, and what they share of the
// drift of V is yet to be turned.
func testGramJacobiClusters[T mat.Float](t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 77))
		n := 13 + rng.IntN(80)
		sigma := make([]float64, n)
		for i := range sigma {
			sigma[i] = math.Pow(10, -float64(rng.IntN(10))) * (1 + 1e-9*rng.NormFloat64())
		}
		slices.SortFunc(sigma, func(x, y float64) int { return cmp.Compare(y, x) })
		a := gallery.WithSingular[T](rng, n, n, sigma)
		var s svd.SVD[T]
		var u, v mat.Dense[T]
		require.NoError(t, s.Factorize(a, svd.Options{Method: svd.GramJacobi}))
		s.UTo(&u)
		s.VTo(&v)
		residual, orthU, orthV := oracle.SVDRatios(a, &u, s.Values(nil), &v)
		require.Less(t, max(residual, orthU, orthV), 4.0, "%d: %v", seed, s.Stats())
	}
}

// Goroutines beyond the pieces of work are neither started nor made room for.
func TestManyThreadsTakeNoRoom(t *testing.T) {
	rng := rand.New(rand.NewPCG(97, 98))
	for _, shape := range [][2]int{{200, 200}, {1000, 100}, {100, 1000}} {
		a := gallery.Gaussian[float64](rng, shape[0], shape[1])
		for _, opts := range []svd.Options{{}, {ValuesOnly: true}, {Full: true}} {
			opts.Threads = 1 << 20
			var s svd.SVD[float64]
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			require.NoError(t, s.Factorize(a, opts))
			runtime.ReadMemStats(&after)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), "%v, %+v", shape, opts)
		}
	}
}
