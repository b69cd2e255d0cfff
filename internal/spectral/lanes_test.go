package spectral

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// symLanes diagonalises a and returns LAPACK's ratios and the sweeps.
func symLanes[T mat.Float](s *SymLanes[T], a *mat.Dense[T]) (residual, orthogonality float64, st Sweeps) {
	n := a.Rows
	d, order, values := make([]float64, n), make([]int, n), make([]T, n)
	bound := 0.0
	for i := range n {
		bound = MaxAbs(a.Row(i), bound)
	}
	scale := ScaleLanes[T](n*n, bound)
	st = s.Run(a, scale, d, DefaultSweeps, nil)
	v := mat.NewDense[T](n, n, nil)
	for k := range order {
		order[k] = k
		values[k] = T(scale.Undo(d[k]))
	}
	s.VectorsTo(v, order)
	residual, orthogonality = oracle.SymmetricRatios(a, values, v)
	return residual, orthogonality, st
}

func TestSymLanesRandom(t *testing.T) {
	t.Run("float32", testSymLanesRandom[float32])
	t.Run("float64", testSymLanesRandom[float64])
}

func testSymLanesRandom[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	var s SymLanes[T]
	count := 2000
	if testing.Short() {
		count = 200
	}
	for range count {
		n := 3 + rng.IntN(30)
		residual, orthogonality, st := symLanes(&s, gallery.Symmetric[T](rng, n, n))
		require.True(t, st.Converged, "n = %d", n)
		require.LessOrEqual(t, st.Count, 12, "n = %d", n)
		limit := 1.0
		if n < 8 { // n·ulp is a few roundings
			limit = 2
		}
		require.Less(t, max(residual, orthogonality), limit, "n = %d: %g %g", n, residual, orthogonality)
	}
}

// Eigenvalues in pairs λ, −λ: of the matrix itself they would be one singular
// value, and the columns may be orthogonal before any rotation.
func TestSymLanesOppositePairs(t *testing.T) {
	t.Run("float32", testSymLanesOppositePairs[float32])
	t.Run("float64", testSymLanesOppositePairs[float64])
}

func testSymLanesOppositePairs[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	var s SymLanes[T]
	for _, n := range []int{2, 4, 8, 16, 32} {
		signs := make([]float64, n)
		for i := range signs {
			signs[i] = math.Copysign(1, float64(i%2)-0.5)
		}
		clement, _ := gallery.Clement[T](n)
		for name, a := range map[string]*mat.Dense[T]{
			"Hadamard": gallery.Hadamard[T](n), "Clement": clement, "±1": gallery.WithSpectrum[T](rng, signs),
		} {
			residual, orthogonality, st := symLanes(&s, a)
			require.True(t, st.Converged, name)
			require.Less(t, max(residual, orthogonality), 3.0, "%s, n = %d: %g %g, %+v", name, n, residual, orthogonality, st)
		}
	}
	// Without the shift no rotation would touch the swap of two coordinates.
	swap := mat.NewDense(2, 2, []T{0, 1, 1, 0})
	var unshifted SVDLanes[T]
	require.Zero(t, unshifted.Run(swap, true, Scale{}, true, DefaultSweeps, nil).Rotations)
	_, _, st := symLanes(&s, swap)
	require.Positive(t, st.Rotations)
}

func TestSVDLanes(t *testing.T) {
	t.Run("float32", testSVDLanes[float32])
	t.Run("float64", testSVDLanes[float64])
}

// Random matrices, and such as have columns that are equal, zero, or graded
// beyond what squares in T tell apart.
func testSVDLanes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(55, 56))
	var s SVDLanes[T]
	for range 300 {
		n := 1 + rng.IntN(32)
		m := n + rng.IntN(20)
		general := gallery.Gaussian[float64](rng, m, n)
		deficient := gallery.Gaussian[T](rng, m, n)
		for i := range m {
			deficient.Set(i, n-1, 0)
			deficient.Set(i, n/2, deficient.At(i, 0))
		}
		for name, a := range map[string]*mat.Dense[T]{
			"random":  gallery.Scaled[T](general, nil, nil),
			"graded":  gallery.Scaled[T](general, nil, gallery.Shuffled(rng, gallery.Grades(n, 24))),
			"ones":    gallery.WithSingular[T](rng, m, n, append([]float64{1}, make([]float64, n-1)...)),
			"deficit": deficient,
		} {
			requireSVDLanes(t, &s, a, name)
		}
	}
}

func requireSVDLanes[T mat.Float](t *testing.T, s *SVDLanes[T], a *mat.Dense[T], name string) {
	m, n := a.Rows, a.Cols
	bound := 0.0
	for i := range m {
		bound = MaxAbs(a.Row(i), bound)
	}
	scale := ScaleLanes[T](m*n, bound)
	st := s.Run(a, false, scale, true, DefaultSweeps, nil)
	require.True(t, st.Converged, "%s %d×%d %+v", name, m, n, st)
	require.True(t, slices.IsSortedFunc(s.D, func(x, y float64) int { return cmp.Compare(y, x) }))
	u, v, sigma := mat.NewDense[T](m, n, nil), mat.NewDense[T](n, n, nil), make([]T, n)
	s.LeftTo(u)
	s.RightTo(v)
	for k, x := range s.D {
		sigma[k] = T(scale.Undo(x))
	}
	residual, orthU, orthV := oracle.SVDRatios(a, u, sigma, v)
	require.Less(t, max(residual, orthU, orthV), 3.0, "%s %d×%d: %g %g %g", name, m, n, residual, orthU, orthV)
}

// A limit on the sweeps is kept and told of.
func TestLanesSweepLimit(t *testing.T) {
	a := gallery.Symmetric[float64](rand.New(rand.NewPCG(57, 58)), 20, 20)
	var s SymLanes[float64]
	st := s.Run(a, ScaleBy(0), make([]float64, 20), 2, nil)
	require.False(t, st.Converged)
	require.Equal(t, 2, st.Count)
	require.Positive(t, st.Off)
	var g SVDLanes[float64]
	require.False(t, g.Run(a, false, ScaleBy(0), false, 1, nil).Converged)
	require.Zero(t, testing.AllocsPerRun(3, func() { g.Run(a, false, ScaleBy(0), false, 30, nil) }))
}
