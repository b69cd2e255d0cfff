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

// ranges are selections with the indices that they select from 0, …, n-1 as
// eigenvalues.
func ranges(n int) map[eig.Range][2]int {
	return map[eig.Range][2]int{
		{Smallest: 1}:        {0, 1},
		{Smallest: 5}:        {0, min(5, n)},
		{Largest: 3}:         {n - min(3, n), n},
		{Largest: 3 * n}:     {0, n},
		{From: -7, To: -6}:   {0, 0},
		{From: 0.5, To: 2.5}: {1, min(3, n)},
		{From: math.Inf(-1), To: float64(n) - 1.5}: {0, n - 1},
		{From: float64(n) - 1.5, To: math.Inf(1)}:  {n - 1, n},
		{From: float64(n / 3), To: float64(n / 3)}: {n / 3, n / 3},
		{From: -0.5, To: float64(n) - 0.5}:         {0, n},
	}
}

func TestRange(t *testing.T) { both(t, testRange[float32], testRange[float64]) }

func testRange[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for _, n := range []int{3, 20, 90} {
		spectrum := make([]float64, n)
		for i := range spectrum {
			spectrum[i] = float64(i)
		}
		a := gallery.WithSpectrum[T](rng, spectrum)
		for r, want := range ranges(n) {
			for _, m := range methods {
				var e eig.Sym[T]
				require.NoError(t, e.Factorize(a, eig.Options{Method: m, Range: r}))
				requireSelected(t, a, &e, want)
				require.NoError(t, e.Factorize(a, eig.Options{Method: m, Range: r, ValuesOnly: true}))
				require.Equal(t, want[1]-want[0], e.Len())
			}
		}
	}
}

// requireSelected requires the eigenvalues first, …, last-1 of the matrix, and
// columns with LAPACK's ratios.
func requireSelected[T mat.Float](t *testing.T, a *mat.Dense[T], e *eig.Sym[T], want [2]int) {
	t.Helper()
	k := want[1] - want[0]
	require.Equal(t, k, e.Len())
	d := e.Values(make([]T, k))
	for i := range d {
		require.InDelta(t, float64(want[0]+i), d[i], float64(a.Rows*a.Rows)*eps[T]())
	}
	var v mat.Dense[T]
	e.VectorsTo(&v)
	require.Equal(t, [2]int{a.Rows, k}, [2]int{v.Rows, v.Cols})
	requireEigenpairs(t, a, d, &v)
}

func requireEigenpairs[T mat.Float](t *testing.T, a *mat.Dense[T], d []T, v *mat.Dense[T]) {
	t.Helper()
	residual := mat.NewDense[T](a.Rows, v.Cols, nil)
	residual.Mul(a, v)
	for i := range v.Rows {
		for k := range v.Cols {
			residual.Data[i*v.Cols+k] -= d[k] * v.At(i, k)
		}
	}
	n := float64(a.Rows)
	require.LessOrEqual(t, float64(residual.NormOne()), threshold*n*eps[T]()*float64(a.NormOne()))
	require.Less(t, oracle.Orthogonality(v), float64(threshold))
}

// What deflates in the last merge is selected as well as what does not.
func TestRangeOfTypes(t *testing.T) { both(t, testRangeOfTypes[float32], testRangeOfTypes[float64]) }

func testRangeOfTypes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 44))
	const n = 61
	laplacian, _ := gallery.Laplacian[T](n)
	list := []gallery.Named[T]{{Name: "Wilkinson", A: gallery.Wilkinson[T](n)}, {Name: "Laplacian", A: laplacian}}
	for _, s := range gallery.Spectra(rng, n, eps[T]()) {
		list = append(list, gallery.Named[T]{Name: s.Name, A: gallery.WithSpectrum[T](rng, s.D)})
	}
	for _, x := range list {
		var all, some eig.Sym[T]
		require.NoError(t, all.Factorize(x.A, eig.Options{}))
		values := all.Values(nil)
		for first := 0; first < n; first += 13 {
			from, to := float64(values[first]), float64(values[min(first+25, n-1)])
			require.NoError(t, some.Factorize(x.A, eig.Options{Range: eig.Range{From: from, To: max(to, from+1e-3)}}))
			var v mat.Dense[T]
			some.VectorsTo(&v)
			requireEigenpairs(t, x.A, some.Values(nil), &v)
		}
	}
}

// An eigenvalue beyond the range of the type lies in an interval without an end.
func TestRangeBeyondRange(t *testing.T) {
	a := mat.NewDense[float64](20, 20, nil)
	a.Fill(math.MaxFloat64)
	for sign, interval := range map[float64]eig.Range{1: {From: 1, To: math.Inf(1)}, -1: {From: math.Inf(-1), To: -1}} {
		var e eig.Sym[float64]
		b := a.Clone()
		b.Scale(sign)
		require.NoError(t, e.Factorize(b, eig.Options{Range: interval, ValuesOnly: true}))
		values := e.Values(nil)
		require.Contains(t, values, math.Inf(int(sign)))
	}
}

func TestRangeSteadyState(t *testing.T) {
	a := gallery.Symmetric[float64](rand.New(rand.NewPCG(45, 46)), 70, 70)
	for _, m := range methods {
		var e eig.Sym[float64]
		v, d := mat.NewDense[float64](70, 9, nil), make([]float64, 9)
		require.Zero(t, testing.AllocsPerRun(3, func() {
			if e.Factorize(a, eig.Options{Method: m, Range: eig.Range{Largest: 9}}) != nil {
				t.Fail()
			}
			e.Values(d)
			e.VectorsTo(v)
		}), "%v", m)
	}
}

func TestRangeCallerBugs(t *testing.T) {
	for _, r := range []eig.Range{
		{Smallest: -1}, {Largest: -1}, {From: 2, To: 1}, {From: math.NaN(), To: 1}, {To: math.NaN()},
		{Smallest: 1, Largest: 1}, {Smallest: 1, From: 1, To: 2},
	} {
		requirePanic(t, "Factorize", func() {
			var e eig.Sym[float64]
			e.Factorize(mat.Eye[float64](2), eig.Options{Range: r})
		})
	}
}
