package eig_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// graded returns D·B·D for well-conditioned positive definite B of order n and
// a D that falls over so many decades.
func graded[T mat.Float](rng *rand.Rand, n int, decades float64) *mat.Dense[T] {
	spectrum := make([]float64, n)
	for i := range spectrum {
		spectrum[i] = 1 + float64(i)/float64(n)
	}
	d := gallery.Grades(n, decades)
	return gallery.Scaled[T](gallery.WithSpectrum[float64](rng, spectrum), d, d)
}

// permuted returns P·A·Pᵀ for a random permutation.
func permuted[T mat.Float](rng *rand.Rand, a *mat.Dense[T]) *mat.Dense[T] {
	p := rng.Perm(a.Rows)
	b := mat.NewDense[T](a.Rows, a.Rows, nil)
	for i := range p {
		for j := range p {
			b.Set(i, j, a.At(p[i], p[j]))
		}
	}
	return b
}

// worst returns the largest relative error of the eigenvalues d.
func worst[T mat.Float](d []T, want []float64) (relative float64) {
	for k, x := range d {
		relative = max(relative, math.Abs(float64(x)-want[k])/math.Abs(want[k]))
	}
	return relative
}

func TestAccurateOnGradedScales(t *testing.T) {
	const n = 60 // the reference takes seconds at 100
	rng := rand.New(rand.NewPCG(31, 32))
	sorted := graded[float64](rng, n, 10)
	want := oracle.DefiniteEigenvalues(sorted)
	for name, a := range map[string]*mat.Dense[float64]{"sorted": sorted, "shuffled": permuted(rng, sorted)} {
		var e eig.Sym[float64]
		var v mat.Dense[float64]
		require.NoError(t, e.Factorize(a, eig.Options{Accurate: true}))
		require.True(t, e.Stats().Accurate)
		require.Less(t, worst(e.Values(nil), want), 1e-13, name)
		e.VectorsTo(&v)
		residual, orthogonality := oracle.SymmetricRatios(a, e.Values(nil), &v)
		require.Less(t, max(residual, orthogonality), float64(threshold), name)

		require.NoError(t, e.Factorize(a, eig.Options{}))
		require.False(t, e.Stats().Accurate)
		require.Greater(t, worst(e.Values(nil), want), 1e-6, "the test proves nothing: %s", name)
	}
}

func TestAccurateOnSmallOrders(t *testing.T) {
	both(t, testAccurateSmall[float32], testAccurateSmall[float64])
}

func testAccurateSmall[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	for n := range 20 {
		a := permuted(rng, graded[T](rng, n, 8))
		negative := mat.NewDense[T](n, n, nil)
		negative.AddScaled(-1, a)
		want := oracle.DefiniteEigenvalues(a)
		bound := 20 * float64(n) * eps[T]() // cond(B) ≤ 2
		var e eig.Sym[T]
		require.NoError(t, e.Factorize(a, eig.Options{Accurate: true}))
		require.True(t, e.Stats().Accurate)
		require.LessOrEqual(t, worst(e.Values(nil), want), bound, "n = %d", n)

		require.NoError(t, e.Factorize(negative, eig.Options{Accurate: true, ValuesOnly: true}))
		require.True(t, e.Stats().Accurate)
		for k, d := range e.Values(nil) {
			require.InEpsilon(t, -want[n-1-k], d, bound, "n = %d", n)
		}
	}
}

// Definite matrices whose condition no scaling of rows explains.
func TestAccurateOnTypes(t *testing.T) {
	both(t, testAccurateTypes[float32], testAccurateTypes[float64])
}

func testAccurateTypes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(39, 40))
	for _, n := range []int{8, 33, 70} {
		for _, s := range gallery.Spectra(rng, n, 100*eps[T]()) {
			a := gallery.WithSpectrum[T](rng, s.D)
			var e eig.Sym[T]
			var v mat.Dense[T]
			require.NoError(t, e.Factorize(a, eig.Options{Accurate: true}), s.Name)
			e.VectorsTo(&v)
			residual, orthogonality := oracle.SymmetricRatios(a, e.Values(nil), &v)
			require.Less(t, max(residual, orthogonality), float64(threshold), "%s, n = %d, %+v", s.Name, n, e.Stats())
		}
	}
}

// A matrix that is not definite goes the usual way, and Stats says so.
func TestAccurateOnIndefinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	for name, a := range map[string]*mat.Dense[float64]{
		"random":         gallery.Symmetric[float64](rng, 30, 30),
		"rank deficient": gallery.WithSpectrum[float64](rng, make([]float64, 30)),
		"signs differ":   gallery.Scaled[float64](mat.Eye[float64](2), []float64{1, -1}, nil),
		"saddle":         mat.NewDense(2, 2, []float64{1, 2, 2, 1}),
	} {
		var plain, accurate eig.Sym[float64]
		require.NoError(t, plain.Factorize(a, eig.Options{}))
		require.NoError(t, accurate.Factorize(a, eig.Options{Accurate: true}))
		require.False(t, accurate.Stats().Accurate, name)
		require.Equal(t, plain.Stats().Method, accurate.Stats().Method, name)
		require.Equal(t, plain.Values(nil), accurate.Values(nil), name)
		require.NotEqual(t, plain.Stats().Reason, accurate.Stats().Reason, name)
	}
}

func TestAccurateSteadyState(t *testing.T) {
	a := graded[float64](rand.New(rand.NewPCG(37, 38)), 70, 3)
	var e eig.Sym[float64]
	require.Zero(t, testing.AllocsPerRun(3, func() {
		if e.Factorize(a, eig.Options{Accurate: true}) != nil || !e.Stats().Accurate {
			t.Fail()
		}
	}))
	small := graded[float64](rand.New(rand.NewPCG(37, 38)), 20, 3)
	err := e.Factorize(small, eig.Options{Accurate: true, MaxSweeps: 1})
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.False(t, e.Stats().Accurate)
}
