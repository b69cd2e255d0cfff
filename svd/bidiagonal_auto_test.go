package svd_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// relative returns the largest relative error in eps of the values of a by a method.
func relative(t *testing.T, a *mat.Dense[float32], want []float64, method svd.Method) (worst float64, st svd.Stats) {
	t.Helper()
	var s svd.SVD[float32]
	require.NoError(t, s.Factorize(a, svd.Options{Method: method, ValuesOnly: true}))
	values := s.Values(nil)
	require.True(t, slices.IsSortedFunc(values, func(x, y float32) int { return int(math.Copysign(1, float64(y-x))) }) || len(values) < 2)
	for i, x := range values {
		worst = max(worst, math.Abs(float64(x)-want[i])/want[i]/eps[float32]())
	}
	return worst, s.Stats()
}

// The small values of a bidiagonal form lack digits that GramJacobi has; those which
// Auto takes do not. Errors are far smaller than in float64, in which the values are
// found for comparison.
func TestAutoRefinesSmallValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	shapes := [][2]int{{50, 50}, {120, 120}, {90, 64}, {64, 90}}
	if testing.Short() {
		shapes = shapes[:1]
	}
	for _, shape := range shapes {
		var auto, gram, bidiagonal float64
		refined := 0
		for range 100 { // of ten, one can decide the sum
			n := min(shape[0], shape[1])
			sigma := gallery.Grades(n, 0.3)
			for i := range max(1, n/16) {
				sigma[n-1-i] = math.Pow(10, -2-2*rng.Float64())
			}
			a := gallery.WithSingular[float32](rng, shape[0], shape[1], sigma)
			wide := mat.NewDense[float64](shape[0], shape[1], nil)
			for i, x := range a.Data {
				wide.Data[i] = float64(x)
			}
			var s svd.SVD[float64]
			require.NoError(t, s.Factorize(wide, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true}))
			x, st := relative(t, a, s.Values(nil), svd.Auto)
			require.Equal(t, svd.Bidiagonal, st.Method, "%v: %v", shape, st.Declined)
			require.Empty(t, st.Declined)
			refined += st.Refined
			auto += x
			x, _ = relative(t, a, s.Values(nil), svd.GramJacobi)
			gram += x
			x, _ = relative(t, a, s.Values(nil), svd.Bidiagonal)
			bidiagonal += x
		}
		require.Positive(t, refined)
		require.Greater(t, bidiagonal, 2*gram, "%v: nothing to refine", shape)
		require.Less(t, auto, 1.4*gram, "%v", shape)
	}
}

// In float64, at the least orders of a bidiagonal form: the two small values are twice as
// near to the truth as those of that form alone, and as near as GramJacobi's.
func TestAutoRefinesSmallOrders(t *testing.T) {
	rng := rand.New(rand.NewPCG(77, 78))
	methods := []svd.Method{svd.Auto, svd.GramJacobi, svd.Bidiagonal}
	errors := map[svd.Method]float64{}
	for _, shape := range [][2]int{{41, 41}, {64, 43}, {42, 47}} {
		n := min(shape[0], shape[1])
		for range 3 {
			sigma := gallery.Grades(n, 0.3)
			sigma[n-2], sigma[n-1] = math.Pow(10, -2-rng.Float64()), math.Pow(10, -3-rng.Float64())
			a := gallery.WithSingular[float64](rng, shape[0], shape[1], sigma)
			want := oracle.SingularValues(a, 20)
			for _, method := range methods {
				var s svd.SVD[float64]
				require.NoError(t, s.Factorize(a, svd.Options{Method: method, ValuesOnly: true}))
				if method == svd.Auto {
					require.Equal(t, svd.Bidiagonal, s.Stats().Method, "%v: %v", shape, s.Stats().Declined)
					require.Positive(t, s.Stats().Refined)
				}
				for i, x := range s.Values(nil)[n-2:] {
					errors[method] += math.Abs(x-want[n-2+i]) / eps[float64]()
				}
			}
		}
	}
	require.Less(t, errors[svd.Auto], 1.6*errors[svd.GramJacobi])
	require.Less(t, 2*errors[svd.Auto], errors[svd.Bidiagonal])
}

// What a bidiagonal form would cost digits goes to GramJacobi, and Stats says why.
func TestAutoDeclinesBidiagonal(t *testing.T) {
	const n = 60
	rng := rand.New(rand.NewPCG(73, 74))
	halves := slices.Repeat([]float64{1}, n)
	for i := range n / 2 {
		halves[n-1-i] = 1e-3 * (1 + float64(i))
	}
	slices.Sort(halves)
	slices.Reverse(halves)
	tiny := slices.Repeat([]float64{1}, n)
	tiny[n-1] = 1e-9
	huge := gallery.Gaussian[float64](rng, n, n)
	for i := range huge.Data {
		huge.Data[i] *= 0x1p100
	}
	even := gallery.Gaussian[float64](rng, n, n)
	for name, a := range map[string]*mat.Dense[float64]{
		"entries of unusual size":            huge,
		"rows or columns of different sizes": gallery.Scaled[float64](even, gallery.Grades(n, 2), nil),
		"many small values expected":         gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 3)),
		"many small values":                  gallery.WithSingular[float64](rng, n, n, halves),
		"too small a value":                  gallery.WithSingular[float64](rng, n, n, tiny),
		"":                                   even,
	} {
		var s svd.SVD[float64]
		require.NoError(t, s.Factorize(a, svd.Options{ValuesOnly: true}))
		require.Equal(t, name, s.Stats().Declined)
		want := svd.GramJacobi
		if name == "" {
			want = svd.Bidiagonal
		}
		require.Equal(t, want, s.Stats().Method, name)
		require.NoError(t, s.Factorize(a, svd.Options{}))
		require.Equal(t, svd.GramJacobi, s.Stats().Method, "vectors need it")
		require.Empty(t, s.Stats().Declined)
	}
}

// The same bits for any number of threads, and nothing is allocated again, with QR
// before and without.
func TestAutoValuesSteadyState(t *testing.T) {
	rng := rand.New(rand.NewPCG(75, 76))
	for _, shape := range [][2]int{{200, 200}, {120, 110}, {200, 70}, {70, 200}} {
		a := gallery.Gaussian[float64](rng, shape[0], shape[1])
		var want []float64
		for threads := 1; threads <= 3; threads++ {
			var s svd.SVD[float64]
			opts := svd.Options{ValuesOnly: true, Threads: threads}
			require.NoError(t, s.Factorize(a, opts))
			require.Equal(t, svd.Bidiagonal, s.Stats().Method)
			if want == nil {
				want = s.Values(nil)
				require.Zero(t, testing.AllocsPerRun(3, func() { _ = s.Factorize(a, opts) }), "%v", shape)
			}
			require.Equal(t, want, s.Values(nil))
		}
	}
}

// Values alone of many rows, or columns, are the roots of eigenvalues of the Gram matrix
// where none is small.
func TestAutoValuesOfManyRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(79, 80))
	for _, shape := range [][2]int{{400, 100}, {100, 400}, {90, 30}, {5000, 20}, {20, 5000}} {
		a := gallery.Gaussian[float32](rng, shape[0], shape[1])
		wide := mat.NewDense[float64](shape[0], shape[1], nil)
		for i, x := range a.Data {
			wide.Data[i] = float64(x)
		}
		var s svd.SVD[float64]
		require.NoError(t, s.Factorize(wide, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true}))
		worst, st := relative(t, a, s.Values(nil), svd.Auto)
		require.Less(t, worst, 8.0, "%v", shape)
		require.Equal(t, svd.GramJacobi, st.Method, "%v", shape)
		require.Zero(t, st.Sweeps)
		require.Zero(t, st.Correct, "%v: no vectors were asked for", shape)
		opts := svd.Options{ValuesOnly: true, Threads: 2}
		require.NoError(t, s.Factorize(wide, opts))
		require.Zero(t, testing.AllocsPerRun(3, func() { _ = s.Factorize(wide, opts) }), "%v", shape)
	}
}
