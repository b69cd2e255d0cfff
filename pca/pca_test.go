package pca

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
)

var solvers = []Solver{Covariance, FullSVD, Randomized}

// forSolvers runs a test for both element types and every solver.
func forSolvers(t *testing.T, test32, test64 func(*testing.T, Solver)) {
	for _, s := range solvers {
		t.Run(fmt.Sprintf("%v/float32", s), func(t *testing.T) { test32(t, s) })
		t.Run(fmt.Sprintf("%v/float64", s), func(t *testing.T) { test64(t, s) })
	}
}

func fit[T mat.Float](t *testing.T, x *mat.Dense[T], opts Options) *PCA[T] {
	t.Helper()
	p := New[T](opts)
	require.NoError(t, p.Fit(x))
	return p
}

func requireNear[T mat.Float](t *testing.T, want []float64, got []T, tolerance float64) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, v := range want {
		require.InDelta(t, v, float64(got[i]), tolerance, "entry %d", i)
	}
}

// sample has n rows with deviations falling from 1 by the given factor, mixed
// by plane rotations and shifted by shift.
func sample[T mat.Float](n, d int, factor, shift float64) *mat.Dense[T] {
	rng := rand.New(rand.NewPCG(3, 5))
	x := mat.NewDense[T](n, d, nil)
	for i := range n {
		row := make([]float64, d)
		for j, dev := 0, 1.0; j < d; j, dev = j+1, dev*factor {
			row[j] = dev * rng.NormFloat64()
		}
		for range 2 {
			for j := 1; j < d; j++ {
				row[j-1], row[j] = 0.8*row[j-1]-0.6*row[j], 0.6*row[j-1]+0.8*row[j]
			}
		}
		for j, v := range row {
			x.Set(i, j, T(v+shift))
		}
	}
	return x
}

func TestIris(t *testing.T) { forSolvers(t, testIris[float32], testIris[float64]) }

// The figures that every package prints for this data set.
func testIris[T mat.Float](t *testing.T, s Solver) {
	x, _, _ := dataset.Iris[T]()
	p := fit(t, x, Options{Solver: s})
	tolerance := 5e-9 + 100*float64(ulp[T]()) // of the figures, and of T
	requireNear(t, []float64{0.92461872, 0.05306648, 0.01710261, 0.00521218}, p.ExplainedVarianceRatio(), tolerance)
	requireNear(t, []float64{4.22824171, 0.24267075, 0.0782095, 0.02383509}, p.ExplainedVariance(), 4*tolerance)
	requireNear(t, []float64{25.09996044, 6.01314738, 3.41368064, 1.88452351}, p.SingularValues(), 25*tolerance)
	requireNear(t, []float64{0.36138659, -0.08452251, 0.85667061, 0.3582892}, p.Components().Row(0), tolerance)
	requireNear(t, []float64{0.65658877, 0.73016143, -0.17337266, -0.07548102}, p.Components().Row(1), 20*tolerance)
	requireNear(t, []float64{876.5 / 150, 458.6 / 150, 563.7 / 150, 179.9 / 150}, p.Mean(), tolerance)
	require.Equal(t, s, p.Solver())
}

func TestClosedForm(t *testing.T) { forSolvers(t, testClosedForm[float32], testClosedForm[float64]) }

// The ends of two axes of half length 3 and 1, turned by (0.8, 0.6) and moved.
func testClosedForm[T mat.Float](t *testing.T, s Solver) {
	x := mat.NewDense(4, 2, []T{12.4, -18.2, 7.6, -21.8, 9.4, -19.2, 10.6, -20.8})
	p := fit(t, x, Options{Solver: s})
	tolerance := 200 * float64(ulp[T]()) // the entries of 22 are rounded
	requireNear(t, []float64{10, -20}, p.Mean(), tolerance)
	requireNear(t, []float64{6, 2. / 3}, p.ExplainedVariance(), tolerance)
	requireNear(t, []float64{0.9, 0.1}, p.ExplainedVarianceRatio(), tolerance)
	requireNear(t, []float64{math.Sqrt(18), math.Sqrt2}, p.SingularValues(), tolerance)
	requireNear(t, []float64{0.8, 0.6, -0.6, 0.8}, p.Components().Data, tolerance)
	z, err := p.Transform(x)
	require.NoError(t, err)
	requireNear(t, []float64{3, 0, -3, 0, 0, 1, 0, -1}, z.Data, tolerance)

	whole := fit(t, x, Options{Solver: s, Population: true})
	requireNear(t, []float64{4.5, 0.5}, whole.ExplainedVariance(), tolerance)
	requireNear(t, []float64{math.Sqrt(18), math.Sqrt2}, whole.SingularValues(), tolerance)
}

func TestDefinition(t *testing.T) { forSolvers(t, testDefinition[float32], testDefinition[float64]) }

// Whatever the shape: orthonormal rows, coordinates whose covariance is the
// diagonal of the variances, ratios that sum to 1, the sign rule.
func testDefinition[T mat.Float](t *testing.T, s Solver) {
	for _, shape := range [][2]int{{2, 1}, {2, 7}, {9, 9}, {10, 40}, {40, 10}, {600, 12}, {513, 3}} {
		n, d := shape[0], shape[1]
		x := sample[T](n, d, 0.8, 1)
		p := fit(t, x, Options{Solver: s})
		k := min(n, d)
		c := p.Components()
		require.Equal(t, [2]int{k, d}, [2]int{c.Rows, c.Cols})
		gram, cov := mat.NewDense[T](k, k, nil), mat.NewDense[T](k, k, nil)
		mat.Syrk(mat.NoTrans, 1, c, 0, gram)
		z, err := p.Transform(x)
		require.NoError(t, err)
		mat.Syrk(mat.Trans, 1/T(n-1), z, 0, cov)
		// Backward stable decompositions of scatter with trace below 10d.
		tolerance := 10 * float64(d) * float64(n+d) * float64(ulp[T]())
		var share T
		for i, v := range p.ExplainedVariance() {
			for j := range k {
				wantGram, wantCov := 0.0, 0.0
				if i == j {
					wantGram, wantCov = 1, float64(v)
				}
				require.InDelta(t, wantGram, float64(gram.At(i, j)), tolerance, "%d×%d gram (%d, %d)", n, d, i, j)
				require.InDelta(t, wantCov, float64(cov.At(i, j)), tolerance, "%d×%d covariance (%d, %d)", n, d, i, j)
			}
			share += p.ExplainedVarianceRatio()[i]
			requireLargestPositive(t, c.Row(i))
		}
		require.InDelta(t, 1, float64(share), float64(k)*float64(ulp[T]()))
		require.Zero(t, p.NoiseVariance())
	}
}

func requireLargestPositive[T mat.Float](t *testing.T, row []T) {
	var lo, hi T
	for _, v := range row {
		lo, hi = min(lo, v), max(hi, v)
	}
	require.GreaterOrEqual(t, hi, -lo)
}

// A covariance formed as XᵀX − nμμᵀ has no digit left at this shift.
func TestShiftCostsNothing(t *testing.T) {
	forSolvers(t, testShift[float32], testShift[float64])
}

func testShift[T mat.Float](t *testing.T, s Solver) {
	x := sample[T](200, 5, 0.7, 0)
	grid := T(1 << 10)
	for i, v := range x.Data {
		x.Data[i] = T(math.Round(float64(v*grid))) / grid
	}
	want := fit(t, x, Options{Solver: s})
	for i := range x.Data {
		x.Data[i] += 4096 // exact: 12 + 10 bits
	}
	got := fit(t, x, Options{Solver: s})
	for i, v := range want.ExplainedVariance() {
		require.InEpsilon(t, float64(v), float64(got.ExplainedVariance()[i]), 1000*float64(ulp[T]()))
	}
}

func TestAnyScale(t *testing.T) { forSolvers(t, testAnyScale[float32], testAnyScale[float64]) }

// A power of two changes no bit, also where squares leave the range of T.
func testAnyScale[T mat.Float](t *testing.T, s Solver) {
	x := sample[T](60, 5, 0.7, 1)
	want := fit(t, x, Options{Solver: s})
	exponents := []int{-90, 110}
	if ulp[T]() < 1e-10 {
		exponents = []int{-900, 1000}
	}
	for _, e := range exponents {
		y := x.Clone()
		for i, v := range y.Data {
			y.Data[i] = T(math.Ldexp(float64(v), e))
		}
		got := fit(t, y, Options{Solver: s})
		require.Equal(t, want.Components(), got.Components())
		require.Equal(t, want.ExplainedVarianceRatio(), got.ExplainedVarianceRatio())
		for i, v := range want.SingularValues() {
			require.Equal(t, T(math.Ldexp(float64(v), e)), got.SingularValues()[i])
		}
	}
}

func TestRandomized(t *testing.T) {
	t.Run("float32", testRandomized[float32])
	t.Run("float64", testRandomized[float64])
}

// Components that stand out of the rest, few enough that the sample is not
// decomposed completely.
func testRandomized[T mat.Float](t *testing.T) {
	x := sample[T](120, 90, 0.7, 3)
	opts := Options{Components: 6, Solver: Randomized, Seed: 1}
	full, p := fit(t, x, Options{Components: 6, Solver: FullSVD}), fit(t, x, opts)
	eps := float64(ulp[T]())
	for i, v := range full.ExplainedVariance() {
		require.InEpsilon(t, float64(v), float64(p.ExplainedVariance()[i]), 1000*eps)
		require.InEpsilon(t, float64(full.ExplainedVarianceRatio()[i]), float64(p.ExplainedVarianceRatio()[i]), 1000*eps)
		for j, c := range full.Components().Row(i) {
			require.InDelta(t, float64(c), float64(p.Components().At(i, j)), 10000*eps) // gaps of a half
		}
	}
	require.InEpsilon(t, float64(full.NoiseVariance()), float64(p.NoiseVariance()), 1e5*eps) // what is left is 1 %
	require.Equal(t, p.Components(), fit(t, x, opts).Components(), "the same seed")
	opts.Seed = 2
	require.NotEqual(t, p.Components(), fit(t, x, opts).Components())
}

func TestSolversAgree(t *testing.T) {
	for _, shape := range [][2]int{{300, 20}, {20, 30}} {
		x := sample[float64](shape[0], shape[1], 0.8, 3)
		a, b := fit(t, x, Options{Solver: Covariance, Components: 8}), fit(t, x, Options{Solver: FullSVD, Components: 8})
		requireNear(t, a.ExplainedVariance(), b.ExplainedVariance(), 1e-12)
		requireNear(t, a.ExplainedVarianceRatio(), b.ExplainedVarianceRatio(), 1e-13)
		requireNear(t, a.Components().Data, b.Components().Data, 1e-10) // gaps of a tenth
		require.InDelta(t, a.NoiseVariance(), b.NoiseVariance(), 1e-13)
	}
}

// The covariance of variances 1 and 1e-20 is singular in float64; the sample
// itself is not.
func TestFullSVDKeepsSmallVariances(t *testing.T) {
	x := mat.NewDense(4, 2, []float64{1, 1e-10, -1, 1e-10, 1, -1e-10, -1, -1e-10})
	p := fit(t, x, Options{Solver: FullSVD, Whiten: true})
	require.InEpsilon(t, 4e-20/3, p.ExplainedVariance()[1], 1e-12)
	z, err := p.Transform(x)
	require.NoError(t, err)
	require.InEpsilon(t, math.Sqrt(3)/2, math.Abs(z.At(0, 1)), 1e-12)
}

func TestRankOne(t *testing.T) { forSolvers(t, testRankOne[float32], testRankOne[float64]) }

// Of 19 eigenvalues that are 0, rounding makes some negative.
func testRankOne[T mat.Float](t *testing.T, s Solver) {
	x := mat.NewDense[T](50, 20, nil)
	for i, a := range sample[T](50, 1, 1, 0).Data {
		for j := range x.Cols {
			x.Set(i, j, a/T(j+1))
		}
	}
	p := fit(t, x, Options{Solver: s})
	for i, v := range p.ExplainedVariance()[1:] {
		require.GreaterOrEqual(t, v, T(0), "variance %d", i+1)
		require.InDelta(t, 0, float64(v), 2*20*float64(ulp[T]()))
		require.GreaterOrEqual(t, p.SingularValues()[i+1], T(0))
	}
	require.LessOrEqual(t, p.ExplainedVarianceRatio()[0], T(1))
}

func TestAutoSolver(t *testing.T) {
	for _, c := range []struct {
		n, d int
		want Solver
	}{{100, 10, Covariance}, {99, 10, FullSVD}, {10, 100, FullSVD}} {
		require.Equal(t, c.want, fit(t, sample[float64](c.n, c.d, 0.9, 0), Options{}).Solver())
	}
	for _, c := range []struct {
		n, d, components int
		want             Solver
	}{
		{10000, 1000, 10, Covariance}, {10010, 1001, 10, Randomized}, {9999, 1000, 10, Randomized},
		{500, 500, 10, FullSVD}, {501, 500, 10, Randomized}, {600, 500, 399, Randomized}, {600, 500, 400, FullSVD},
		{501, 500, 0, FullSVD},
	} {
		require.Equal(t, c.want, Options{Components: c.components}.solver(c.n, c.d), "%+v", c)
	}
}
