package eig_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

// Two masses of 1 and 4 between three springs of stiffness 2: the squares of the
// frequencies of their oscillations.
func ExampleGeneralized() {
	stiffness := mat.NewDense(2, 2, []float64{
		4, -2,
		-2, 4,
	})
	mass := mat.NewDense(2, 2, []float64{
		1, 0,
		0, 4,
	})
	var g eig.Generalized[float64]
	if err := g.Factorize(stiffness, mass, eig.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	var x mat.Dense[float64]
	g.VectorsTo(&x)
	fmt.Printf("%.4f\n", g.Values(nil))
	fmt.Printf("the slow mode moves both to one side: %v\n", x.At(0, 0)*x.At(1, 0) > 0)
	fmt.Println("found by", g.Stats().Method)
	// Output:
	// [0.6972 4.3028]
	// the slow mode moves both to one side: true
	// found by Jacobi
}

func TestGeneralized(t *testing.T) { both(t, testGeneralized[float32], testGeneralized[float64]) }

func testGeneralized[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	for _, n := range []int{0, 1, 2, 3, 17, 60} {
		spectrum := make([]float64, n)
		for i := range spectrum {
			spectrum[i] = 1 + 3*rng.Float64()
		}
		a, b := gallery.Symmetric[T](rng, n, n), gallery.WithSpectrum[T](rng, spectrum)
		for _, m := range methods {
			requireGeneralized(t, a, b, eig.Options{Method: m}, n)
			requireGeneralized(t, a, b, eig.Options{Method: m, Range: eig.Range{Largest: 2}}, min(2, n))
		}
		// At scales whose quotient is out of range in the intermediate results.
		big, small := math.Pow(2, 90), math.Pow(2, -90)
		requireGeneralized(t, times(a, small), times(b, small), eig.Options{}, n)
		requireGeneralized(t, times(a, big), times(b, big), eig.Options{}, n)
	}
}

// The interval is one of λ, not of what the method scales.
func TestGeneralizedRange(t *testing.T) {
	a := mat.NewDense(3, 3, []float64{3e9, 0, 0, 0, 1e9, 0, 0, 0, 2e9})
	b := mat.Eye[float64](3)
	b.Scale(1e-3)
	for _, m := range methods {
		var g eig.Generalized[float64]
		require.NoError(t, g.Factorize(a, b, eig.Options{Method: m, Range: eig.Range{From: 1.5e12, To: math.Inf(1)}}))
		require.InEpsilonSlice(t, []float64{2e12, 3e12}, g.Values(nil), 1e-14)
	}
}

func times[T mat.Float](a *mat.Dense[T], by float64) *mat.Dense[T] {
	b := a.Clone()
	b.Scale(T(by))
	return b
}

// requireGeneralized requires A·X = B·X·Λ and XᵀBX = I to rounding, where B has
// a condition of at most 4.
func requireGeneralized[T mat.Float](t *testing.T, a, b *mat.Dense[T], opts eig.Options, k int) {
	t.Helper()
	var g eig.Generalized[T]
	var x mat.Dense[T]
	require.NoError(t, g.Factorize(a, b, opts))
	d := g.Values(nil)
	require.Len(t, d, k)
	require.Equal(t, k, g.Len())
	require.True(t, slices.IsSorted(d))
	if k == 0 {
		return
	}
	g.VectorsTo(&x)
	n := a.Rows
	var ax, bx, gram mat.Dense[T]
	ax.Mul(a, &x)
	bx.Mul(b, &x)
	bound := 20 * float64(n) * eps[T]()
	size := float64(a.NormOne()) * float64(x.NormOne())
	for i := range n {
		for j := range k {
			require.InDelta(t, ax.At(i, j), d[j]*bx.At(i, j), bound*size, "n = %d", n)
		}
	}
	gram.Resize("gram", k, k)
	mat.Gemm(mat.Trans, mat.NoTrans, 1, &x, &bx, 0, &gram)
	require.True(t, gram.EqualApprox(mat.Eye[T](k), T(bound)), "n = %d", n)
}

func TestGeneralizedErrors(t *testing.T) {
	var g eig.Generalized[float64]
	eye := mat.Eye[float64](2)
	require.NoError(t, g.Factorize(eye, eye, eig.Options{ValuesOnly: true}))
	require.Equal(t, []float64{1, 1}, g.Values(nil))
	requirePanic(t, "VectorsTo", func() { g.VectorsTo(&mat.Dense[float64]{}) })

	err := g.Factorize(eye, mat.NewDense(2, 2, []float64{1, 2, 2, 1}), eig.Options{})
	require.ErrorIs(t, err, mat.ErrNotPositiveDefinite)
	require.Zero(t, g.Len())
	requirePanic(t, "Values", func() { g.Values(nil) })
	bad := mat.NewDense(2, 2, []float64{1, math.NaN(), 0, 1})
	require.ErrorIs(t, g.Factorize(bad, eye, eig.Options{}), mat.ErrNotFinite)
	require.ErrorIs(t, g.Factorize(eye, bad, eig.Options{}), mat.ErrNotFinite)
	skew := mat.NewDense(2, 2, []float64{1, 0.5, 0, 1})
	require.NoError(t, g.Factorize(eye, skew, eig.Options{}))
	for _, pair := range [][2]*mat.Dense[float64]{{eye, skew}, {skew, eye}} {
		require.ErrorIs(t, g.Factorize(pair[0], pair[1], eig.Options{SymmetryTol: 0.1}), eig.ErrNotSymmetric)
	}
	requirePanic(t, "Factorize", func() { g.Factorize(eye, mat.Eye[float64](3), eig.Options{}) })
	requirePanic(t, "Factorize", func() { g.Factorize(eye, mat.NewDense[float64](2, 3, nil), eig.Options{}) })
}

func TestGeneralizedSteadyState(t *testing.T) {
	const n = 70
	rng := rand.New(rand.NewPCG(53, 54))
	a, b := gallery.Symmetric[float64](rng, n, n), mat.Eye[float64](n)
	b.AddScaled(0.001, a)
	var g eig.Generalized[float64]
	v, d := mat.NewDense[float64](n, n, nil), make([]float64, n)
	require.Zero(t, testing.AllocsPerRun(3, func() {
		if g.Factorize(a, b, eig.Options{}) != nil {
			t.Fail()
		}
		g.Values(d)
		g.VectorsTo(v)
	}))
}
