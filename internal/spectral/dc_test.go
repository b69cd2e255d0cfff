package spectral

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func eachFloat(t *testing.T, f32, f64 func(*testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

func TestSymDCTypes(t *testing.T) { eachFloat(t, testSymDCTypes[float32], testSymDCTypes[float64]) }

// testSymDCTypes holds LAPACK's ratios under 10 on its types (its own tests
// allow 60).
func testSymDCTypes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var solver, values SymDC[T]
	for _, n := range []int{1, 2, 3, 5, 27, 40} {
		for _, m := range gallery.SymmetricTypes[T](rng, n) {
			checkSymDC(t, fmt.Sprintf("%s, n = %d", m.Name, n), m.A, &solver, &values, 10)
		}
	}
}

func TestSymDCHard(t *testing.T) { eachFloat(t, testSymDCHard[float32], testSymDCHard[float64]) }

// testSymDCHard runs orders of several merges on random matrices, whose errors
// average out, and on those with a reputation.
func testSymDCHard[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var solver, values SymDC[T]
	for _, n := range []int{130, 257} {
		checkSymDC(t, fmt.Sprintf("random, n = %d", n), gallery.Symmetric[T](rng, n, n), &solver, &values, 1)
	}
	for _, n := range []int{33, 64, 150} {
		for _, m := range hardTypes[T](rng, n) {
			checkSymDC(t, fmt.Sprintf("%s, n = %d", m.Name, n), m.A, &solver, &values, 10)
		}
	}
}

func hardTypes[T mat.Float](rng *rand.Rand, n int) []gallery.Named[T] {
	laplacian, _ := gallery.Laplacian[T](n)
	clement, _ := gallery.Clement[T](n)
	return []gallery.Named[T]{
		{Name: "laplacian", A: laplacian},
		{Name: "clement", A: clement},
		{Name: "wilkinson", A: gallery.Wilkinson[T](n)},
		{Name: "glued wilkinson", A: gluedWilkinson[T](n, 1e-4)},
		{Name: "barely glued wilkinson", A: gluedWilkinson[T](n, float64(ulp[T]())*40)},
		{Name: "hilbert", A: gallery.Hilbert[T](n)},
		{Name: "three values", A: gallery.WithSpectrum[T](rng, spectrum(n, func(i int) float64 { return float64(i % 3) }))},
		{Name: "clusters", A: gallery.WithSpectrum[T](rng, spectrum(n, func(i int) float64 {
			return float64(i%5) + float64(i)*float64(ulp[T]())
		}))},
		{Name: "graded down", A: graded[T](rng, n, 12)},
		{Name: "graded up", A: graded[T](rng, n, -12)},
		{Name: "blocks", A: symmetric(n, func(i, j int) T {
			if i/7 != j/7 {
				return 0
			}
			return T(rng.NormFloat64())
		})},
		{Name: "ones", A: symmetric(n, func(i, j int) T { return 1 })},
		{Name: "diagonal, descending", A: symmetric(n, func(i, j int) T {
			if i != j {
				return 0
			}
			return T(n - i)
		})},
	}
}

func symmetric[T mat.Float](n int, upper func(i, j int) T) *mat.Dense[T] {
	a := mat.NewDense[T](n, n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			x := upper(i, j)
			a.Set(i, j, x)
			a.Set(j, i, x)
		}
	}
	return a
}

func spectrum(n int, f func(i int) float64) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = f(i)
	}
	return d
}

// gluedWilkinson repeats Wilkinson's matrix of order 21, glue between copies:
// clusters of clusters.
func gluedWilkinson[T mat.Float](n int, glue float64) *mat.Dense[T] {
	return symmetric(n, func(i, j int) T {
		switch {
		case i == j:
			return T(math.Abs(float64(i%21) - 10))
		case j > i+1:
			return 0
		case j%21 == 0:
			return T(glue)
		}
		return 1
	})
}

// graded is D·B·D with random B, D falling by the given decades.
func graded[T mat.Float](rng *rand.Rand, n int, decades float64) *mat.Dense[T] {
	d := gallery.Grades(n, decades)
	return symmetric(n, func(i, j int) T { return T(rng.NormFloat64() * d[i] * d[j]) })
}

// checkSymDC factorises a with vectors and without and compares the ratios of
// both with the bound.
func checkSymDC[T mat.Float](t *testing.T, name string, a *mat.Dense[T], solver, values *SymDC[T], bound float64) {
	n := a.Rows
	require.NoError(t, solver.Factorize(a, false, 1), name)
	require.NoError(t, values.Factorize(a, true, 1), name)
	v := mat.NewDense[T](n, n, nil)
	solver.VectorsTo(v, 0)
	residual, orthogonality := oracle.SymmetricRatios(a, solver.Values(), v)
	require.Less(t, residual, bound, "residual: %s", name)
	require.Less(t, orthogonality, bound, "orthogonality: %s", name)
	require.Less(t, distance(solver.Values(), values.Values()), bound, "values only: %s", name)
}

// distance is the largest difference of two spectra, each accurate to a few n
// ulps of the largest value, in those units.
func distance[T mat.Float](x, y []T) float64 {
	var norm, worst float64
	for i := range x {
		norm = max(norm, math.Abs(float64(x[i])))
		worst = max(worst, math.Abs(float64(x[i])-float64(y[i])))
	}
	unit := norm*float64(len(x))*float64(ulp[T]()) + 4*spacing[T]()
	return worst / unit
}

// spacing is the distance of subnormal numbers.
func spacing[T mat.Float]() float64 {
	return precisionOf[T]().tiny * float64(ulp[T]())
}

func TestSymDCKnownSpectra(t *testing.T) {
	eachFloat(t, testSymDCKnownSpectra[float32], testSymDCKnownSpectra[float64])
}

func testSymDCKnownSpectra[T mat.Float](t *testing.T) {
	var solver SymDC[T]
	for _, n := range []int{10, 100, 257} {
		for name, build := range map[string]func(int) (*mat.Dense[T], []float64){
			"laplacian": gallery.Laplacian[T], "clement": gallery.Clement[T],
		} {
			a, want := build(n)
			require.NoError(t, solver.Factorize(a, false, 1))
			got := spectrum(n, func(i int) float64 { return float64(solver.Values()[i]) })
			for i := range got {
				bound := float64(n) * float64(ulp[T]()) * max(math.Abs(want[0]), math.Abs(want[n-1]))
				require.InDelta(t, want[i], got[i], bound, "%s, n = %d, value %d", name, n, i)
			}
		}
	}
}

func TestSymDCVectorLayouts(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var solver SymDC[float64]
	for _, n := range []int{0, 1, 2, 40} {
		a := gallery.Symmetric[float64](rng, n, n)
		require.NoError(t, solver.Factorize(a, false, 1))
		require.Len(t, solver.Values(), n)
		columns := mat.NewDense[float64](n, n, nil)
		solver.VectorsTo(columns, 0)
		for j := range n {
			for i, x := range solver.Vector(j) {
				require.Equal(t, x, columns.At(i, j))
			}
		}
	}
}

func TestSymDCReadsUpperTriangle(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	a := gallery.Symmetric[float64](rng, 50, 50)
	var s SymDC[float64]
	require.NoError(t, s.Factorize(a, false, 1))
	want := append([]float64(nil), s.Values()...)
	before := a.Clone()
	for i := range a.Rows {
		for j := range i {
			a.Set(i, j, math.NaN())
		}
	}
	require.NoError(t, s.Factorize(a, false, 1))
	require.Equal(t, want, s.Values())
	for i := range a.Rows {
		require.Equal(t, before.Row(i)[i:], a.Row(i)[i:])
	}
}

func TestSymDCThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{301, 801} { // the latter with products in parts
		a := gallery.Symmetric[float64](rng, n, n)
		var one, many SymDC[float64]
		require.NoError(t, one.Factorize(a, false, 1))
		x := make([]float64, n)
		for _, j := range []int{0, n / 2, n - 1} {
			copy(x, one.Vector(j))
			mat.Gemv(mat.NoTrans, 1, a, one.Vector(j), -one.Values()[j], x)
			require.Less(t, kernels.Nrm2(x), float64(n)*ulp[float64]()*math.Abs(one.Values()[n-1]))
		}
		for _, threads := range []int{2, 3} {
			require.NoError(t, many.Factorize(a, false, threads))
			require.Equal(t, one.Values(), many.Values())
			for j := range a.Rows {
				require.Equal(t, one.Vector(j), many.Vector(j))
			}
		}
	}
	require.Greater(t, symvCuts[float64](801), 1)
}

func TestSymDCAllocations(t *testing.T) {
	eachFloat(t, testSymDCAllocations[float32], testSymDCAllocations[float64])
}

func testSymDCAllocations[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	a := gallery.Symmetric[T](rng, 150, 150)
	v := mat.NewDense[T](150, 150, nil)
	var s SymDC[T]
	require.Zero(t, testing.AllocsPerRun(3, func() {
		if s.Factorize(a, false, 1) != nil || s.Factorize(a, true, 1) != nil || s.Factorize(a, false, 1) != nil {
			t.Fatal("no convergence")
		}
		s.VectorsTo(v, 0)
	}))
}

func TestSymDCStats(t *testing.T) {
	var s SymDC[float64]
	require.NoError(t, s.Factorize(mat.Eye[float64](100), false, 1))
	require.Equal(t, s.Stats().Rows, s.Stats().Deflated)
	require.Zero(t, s.Stats().Evaluations)
	rng := rand.New(rand.NewPCG(7, 7))
	require.NoError(t, s.Factorize(gallery.Symmetric[float64](rng, 100, 100), false, 1))
	kept := s.Stats().Rows - s.Stats().Deflated
	require.Greater(t, kept, 100)
	require.Less(t, s.Stats().Evaluations, 5*kept)
}

// TestSymDCEndsOnNaN: nothing but an end is promised for such input.
func TestSymDCEndsOnNaN(t *testing.T) {
	var s SymDC[float64]
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		a := gallery.Symmetric[float64](rand.New(rand.NewPCG(8, 8)), 90, 90)
		a.Set(40, 41, bad)
		for _, valuesOnly := range []bool{false, true} {
			if err := s.Factorize(a, valuesOnly, 1); err != nil {
				require.ErrorIs(t, err, mat.ErrNoConvergence)
			}
		}
	}
}
