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
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

var methods = []eig.Method{eig.Auto, eig.DivideAndConquer, eig.Jacobi, eig.OneSidedJacobi, eig.BlockJacobi}

// jacobis are the methods that sweep.
var jacobis = methods[2:]

// both runs a test for each element type.
func both(t *testing.T, f32, f64 func(t *testing.T)) {
	t.Run("float32", f32)
	t.Run("float64", f64)
}

// threshold of both ratios; LAPACK's ddrvst has 60.
const threshold = 10

// decompose factorizes a by method m, requires LAPACK's ratios, and returns the
// eigenvalues.
func decompose[T mat.Float](t *testing.T, a *mat.Dense[T], m eig.Method, name string) []T {
	t.Helper()
	var e eig.Sym[T]
	var v mat.Dense[T]
	require.NoError(t, e.Factorize(a, eig.Options{Method: m}), "%s %d %v", name, a.Rows, m)
	d := e.Values(nil)
	e.VectorsTo(&v)
	require.True(t, slices.IsSorted(d), "%s: %v", name, d)
	residual, orthogonality := oracle.SymmetricRatios(a, d, &v)
	require.Less(t, residual, float64(threshold), "residual of %s, n = %d, %v", name, a.Rows, m)
	require.Less(t, orthogonality, float64(threshold), "orthogonality of %s, n = %d, %v", name, a.Rows, m)
	return d
}

func TestLAPACKTypes(t *testing.T) { both(t, testLAPACKTypes[float32], testLAPACKTypes[float64]) }

func testLAPACKTypes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 4, 7, 16, 33} {
		for _, x := range gallery.SymmetricTypes[T](rng, n) {
			for _, m := range methods[1:] {
				decompose(t, x.A, m, x.Name)
			}
		}
	}
	for _, x := range gallery.SymmetricTypes[T](rng, 70) {
		decompose(t, x.A, eig.DivideAndConquer, x.Name)
	}
}

func TestRandomRatios(t *testing.T) { both(t, testRandomRatios[float32], testRandomRatios[float64]) }

func testRandomRatios[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	var e eig.Sym[T]
	var v mat.Dense[T]
	for _, c := range []struct {
		n, matrices int
		limit       float64
	}{{4, 200, 1}, {8, 200, 1}, {10, 200, 1}, {16, 200, 1}, {24, 100, 1}, {40, 20, 1}, {120, 1, 1}, {250, 1, 1}} {
		for range c.matrices {
			a := gallery.Symmetric[T](rng, c.n, c.n)
			require.NoError(t, e.Factorize(a, eig.Options{}))
			v = mat.Dense[T]{}
			e.VectorsTo(&v)
			residual, orthogonality := oracle.SymmetricRatios(a, e.Values(nil), &v)
			require.Less(t, max(residual, orthogonality), c.limit, "n = %d", c.n)
		}
	}
}

func TestManySmall(t *testing.T) { both(t, testManySmall[float32], testManySmall[float64]) }

// Small integer matrices are full of ties, zeros and exact rank deficiency.
func testManySmall[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 4000 {
		n := 1 + rng.IntN(8)
		a := gallery.Symmetric[T](rng, n, rng.IntN(n))
		if i%2 == 0 {
			for k, v := range a.Data {
				a.Data[k] = T(math.Round(float64(v)))
			}
		}
		decompose(t, a, methods[i%len(methods)], "small")
	}
}

func TestClosedForms(t *testing.T) { both(t, testClosedForms[float32], testClosedForms[float64]) }

func testClosedForms[T mat.Float](t *testing.T) {
	compare := func(name string, a *mat.Dense[T], want []float64) {
		norm := max(math.Abs(want[0]), math.Abs(want[len(want)-1]))
		for _, m := range methods {
			for k, d := range decompose(t, a, m, name) {
				require.InDelta(t, want[k], d, norm*eps[T]()*float64(len(want)+1), "%s, eigenvalue %d, %v", name, k, m)
			}
		}
	}
	for _, n := range []int{1, 2, 5, 20, 41} {
		a, want := gallery.Laplacian[T](n)
		compare("Laplacian", a, want)
		a, want = gallery.Clement[T](n)
		compare("Clement", a, want)
		a, want = gallery.Circulant[T](slices.Concat([]float64{3}, palindrome(n-1)))
		compare("circulant", a, want)
	}
	for _, n := range []int{1, 2, 16, 32} {
		want := slices.Repeat([]float64{math.Sqrt(float64(n))}, n)
		for k := range n / 2 {
			want[k] = -want[k]
		}
		compare("Hadamard", gallery.Hadamard[T](n), want)
	}
	d := decompose(t, gallery.Wilkinson[T](21), eig.Auto, "Wilkinson")
	require.InDelta(t, 10.746194182903393, d[20], 21*11*eps[T]())
	require.InDelta(t, 10.746194182903322, d[19], 21*11*eps[T]())
}

// palindrome returns n small integers that read the same backwards.
func palindrome(n int) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = float64(min(i, n-1-i)%3 - 1)
	}
	return c
}

func eps[T mat.Float]() float64 {
	if T(1)/3 == T(float32(1)/3) {
		return 0x1p-23
	}
	return 0x1p-52
}

func TestAgainstExactArithmetic(t *testing.T) { both(t, testExact[float32], testExact[float64]) }

func testExact[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for name, a := range map[string]*mat.Dense[T]{
		"random":  gallery.Symmetric[T](rng, 12, 12),
		"band":    gallery.Symmetric[T](rng, 14, 2),
		"Hilbert": gallery.Hilbert[T](10),
		"Pascal":  gallery.Pascal[T](8),
		"graded":  gallery.WithSpectrum[T](rng, gallery.Grades(10, 12)),
	} {
		want := oracle.Eigenvalues(a)
		norm := max(math.Abs(want[0]), math.Abs(want[len(want)-1]))
		for _, m := range methods {
			for k, d := range decompose(t, a, m, name) {
				require.InDelta(t, want[k], d, norm*eps[T]()*float64(a.Rows), "%s, eigenvalue %d, %v", name, k, m)
			}
		}
	}
}

// Row-cyclic Jacobi stalls on these when it does not keep the diagonal in order.
func TestClustersConverge(t *testing.T) {
	const n = 150
	rng := rand.New(rand.NewPCG(7, 8))
	signs := make([]float64, n)
	for i := range signs {
		signs[i] = float64(1 - i%2*2)
	}
	signs[n/2] = 1e-3
	crowd, negative := gallery.Grades(n, 16), gallery.Grades(n, 16)
	for i := range crowd {
		crowd[i] = 1 - crowd[i]
		negative[i] = -negative[i]
	}
	for name, d := range map[string][]float64{
		"plus and minus one": signs,
		"crowd at one":       crowd,
		"negative, graded":   negative,
	} {
		a := gallery.WithSpectrum[float64](rng, d)
		slices.Sort(d)
		for _, m := range methods[1:] {
			for k, x := range decompose(t, a, m, name) {
				require.InDelta(t, d[k], x, n*eps[float64](), "%s, eigenvalue %d, %v", name, k, m)
			}
		}
	}
}

func TestReadsUpperTriangleOnly(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	full := gallery.Symmetric[float64](rng, 9, 9)
	parent := mat.NewDense[float64](12, 12, nil)
	parent.Fill(math.NaN())
	upper := parent.View(1, 2, 9, 9)
	for i := range 9 {
		for j := i; j < 9; j++ {
			upper.Set(i, j, full.At(i, j))
		}
	}
	before := slices.Clone(parent.Data)
	for _, m := range methods {
		require.Equal(t, decompose(t, full, m, "full"), decompose(t, upper, m, "upper"))
	}
	for i, v := range parent.Data {
		require.Equal(t, math.Float64bits(before[i]), math.Float64bits(v), "the input changed")
	}
}

func TestNotFinite(t *testing.T) {
	var e eig.Sym[float64]
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range [][2]int{{0, 0}, {0, 2}, {2, 2}, {1, 2}} {
			a := mat.Eye[float64](3)
			require.NoError(t, e.Factorize(a, eig.Options{}))
			a.Set(at[0], at[1], bad)
			require.ErrorIs(t, e.Factorize(a, eig.Options{}), mat.ErrNotFinite)
			requirePanic(t, "Values", func() { e.Values(nil) })
			requirePanic(t, "VectorsTo", func() { e.VectorsTo(&mat.Dense[float64]{}) })
		}
	}
}

func TestNoConvergence(t *testing.T) {
	a := gallery.Symmetric[float64](rand.New(rand.NewPCG(11, 12)), 140, 140)
	for _, m := range jacobis {
		var e eig.Sym[float64]
		err := e.Factorize(a, eig.Options{Method: m, MaxSweeps: 2})
		require.ErrorIs(t, err, mat.ErrNoConvergence)
		require.Contains(t, err.Error(), "2 sweeps")
		require.Contains(t, err.Error(), fmt.Sprintf("off-norm of %.3g", e.Stats().OffNorm))
		requirePanic(t, "VectorsTo", func() { e.VectorsTo(&mat.Dense[float64]{}) })
	}
}

func TestValuesOnly(t *testing.T) { both(t, testValuesOnly[float32], testValuesOnly[float64]) }

// Jacobi rotates to the bit the same with vectors; divide and conquer takes
// other ways.
func testValuesOnly[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for _, n := range []int{15, 70, 130} {
		a := gallery.Symmetric[T](rng, n, n)
		for _, m := range methods {
			var e eig.Sym[T]
			require.NoError(t, e.Factorize(a, eig.Options{Method: m, ValuesOnly: true}))
			requirePanic(t, "VectorsTo", func() { e.VectorsTo(&mat.Dense[T]{}) })
			want, got := decompose(t, a, m, "random"), e.Values(make([]T, n))
			if slices.Contains(jacobis, m) {
				require.Equal(t, want, got)
			}
			norm := max(-float64(want[0]), float64(want[n-1]))
			for k, d := range want {
				require.InDelta(t, d, got[k], norm*eps[T]()*float64(n), "n = %d, eigenvalue %d, %v", n, k, m)
			}
		}
	}
}

func TestCallerBugs(t *testing.T) {
	var e eig.Sym[float64]
	requirePanic(t, "Values", func() { e.Values(nil) })
	requirePanic(t, "VectorsTo", func() { e.VectorsTo(&mat.Dense[float64]{}) })
	for _, f := range []func(){
		func() { e.Factorize(mat.NewDense[float64](2, 3, nil), eig.Options{}) },
		func() {
			e.Factorize(&mat.Dense[float64]{Rows: 2, Cols: 2, Stride: 2, Data: make([]float64, 3)}, eig.Options{})
		},
		func() { e.Factorize(mat.Eye[float64](2), eig.Options{Method: 99}) },
		func() { e.Factorize(mat.Eye[float64](2), eig.Options{MaxSweeps: -1}) },
		func() { e.Factorize(mat.Eye[float64](2), eig.Options{Threads: -1}) },
	} {
		requirePanic(t, "Factorize", f)
	}
	require.NoError(t, e.Factorize(mat.Eye[float64](2), eig.Options{}))
	requirePanic(t, "Values", func() { e.Values(make([]float64, 3)) })
	requirePanic(t, "VectorsTo", func() { e.VectorsTo(mat.NewDense[float64](2, 1, nil)) })
}

func requirePanic(t *testing.T, op string, f func()) {
	t.Helper()
	defer func() {
		err, ok := recover().(mat.Error)
		require.True(t, ok, "%s does not panic with mat.Error", op)
		require.Equal(t, op, err.Op)
		require.NotEmpty(t, err.Detail)
	}()
	f()
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	const n = 70
	a, crowd := gallery.Symmetric[float64](rng, n, n), gallery.Grades(n, 16)
	for i := range crowd {
		crowd[i] = 1 - crowd[i]
	}
	b := gallery.WithSpectrum[float64](rng, crowd)
	for _, m := range methods {
		var e eig.Sym[float64]
		v, d := mat.NewDense[float64](n, n, nil), make([]float64, n)
		require.Zero(t, testing.AllocsPerRun(3, func() {
			for _, x := range []*mat.Dense[float64]{a, b} {
				if e.Factorize(x, eig.Options{Method: m}) != nil {
					t.Fail()
				}
				e.Values(d)
				e.VectorsTo(v)
			}
		}), "%v", m)
	}
}

func TestMethodNames(t *testing.T) {
	require.Equal(t, "[Auto DivideAndConquer Jacobi OneSidedJacobi BlockJacobi] Method(77)",
		fmt.Sprint(methods, " ", eig.Method(77)))
}

func BenchmarkFactorize(b *testing.B) {
	for _, n := range []int{8, 32, 100, 250} {
		a := gallery.Symmetric[float64](rand.New(rand.NewPCG(1, 1)), n, n)
		for _, m := range methods[1:] {
			b.Run(fmt.Sprintf("%v/%d", m, n), func(b *testing.B) {
				var e eig.Sym[float64]
				for b.Loop() {
					if err := e.Factorize(a, eig.Options{Method: m}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
