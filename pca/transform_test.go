package pca

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
)

func TestInverseTransform(t *testing.T) { forSolvers(t, testInverse[float32], testInverse[float64]) }

func testInverse[T mat.Float](t *testing.T, s Solver) {
	x := sample[T](600, 12, 0.8, 1)
	for _, whiten := range []bool{false, true} {
		p := fit(t, x, Options{Solver: s, Whiten: whiten})
		z, err := p.Transform(x)
		require.NoError(t, err)
		back, err := p.InverseTransform(z)
		require.NoError(t, err)
		for i, v := range x.Data { // two products of length 12, |x| < 10
			require.InDelta(t, float64(v), float64(back.Data[i]), 10*2*12*float64(ulp[T]()))
		}
	}
}

func TestWhiten(t *testing.T) { forSolvers(t, testWhiten[float32], testWhiten[float64]) }

func testWhiten[T mat.Float](t *testing.T, s Solver) {
	x := sample[T](600, 6, 0.8, 1)
	z, err := fit(t, x, Options{Solver: s, Whiten: true}).Transform(x)
	require.NoError(t, err)
	cov := mat.NewDense[T](6, 6, nil)
	mat.Syrk(mat.Trans, 1./599, z, 0, cov)
	for i := range 6 {
		for j := range 6 {
			want := 0.0
			if i == j {
				want = 1
			}
			require.InDelta(t, want, float64(cov.At(i, j)), 600*float64(ulp[T]()))
		}
	}
}

// A column that repeats another leaves a variance of rounding alone, which
// whitening must not blow up.
func TestWhitenLeavesRoundingAlone(t *testing.T) {
	forSolvers(t, testWhitenRounding[float32], testWhitenRounding[float64])
}

func testWhitenRounding[T mat.Float](t *testing.T, s Solver) {
	x := sample[T](50, 3, 0.8, 1)
	for i := range x.Rows {
		x.Set(i, 2, x.At(i, 0))
	}
	p := fit(t, x, Options{Solver: s, Whiten: true})
	z, err := p.Transform(x)
	require.NoError(t, err)
	for i := range z.Rows {
		require.Zero(t, z.At(i, 2))
		require.Less(t, math.Abs(float64(z.At(i, 1))), 10.0)
	}
	back, err := p.InverseTransform(z)
	require.NoError(t, err)
	for i, v := range x.Data {
		require.InDelta(t, float64(v), float64(back.Data[i]), 100*float64(ulp[T]()))
	}
}

func TestConstantData(t *testing.T) { forSolvers(t, testConstant[float32], testConstant[float64]) }

func testConstant[T mat.Float](t *testing.T, s Solver) {
	for _, c := range []T{0, 0.1, 3e30} {
		x := mat.NewDense[T](997, 3, nil)
		x.Fill(c)
		p := fit(t, x, Options{Solver: s, Whiten: true})
		require.Equal(t, []T{c, c, c}, p.Mean())
		require.Equal(t, make([]T, 3), p.ExplainedVariance())
		require.Equal(t, make([]T, 3), p.ExplainedVarianceRatio())
		z, err := p.Transform(x)
		require.NoError(t, err)
		require.Equal(t, make([]T, 3*997), z.Data)
		back, err := p.InverseTransform(z)
		require.NoError(t, err)
		require.Equal(t, x, back)
	}
}

// What the components leave out of the sample is the variance not kept.
func TestReconstructionError(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	for k := 1; k <= 4; k++ {
		all, p := fit(t, x, Options{}), fit(t, x, Options{Components: k})
		dist, err := p.ReconstructionError(x)
		require.NoError(t, err)
		var squares, dropped float64
		for _, r := range dist {
			squares += r * r
		}
		for _, v := range all.ExplainedVariance()[k:] {
			dropped += v
		}
		require.InDelta(t, 149*dropped, squares, 1e-11) // 600 squares, rounded
		if k < 4 {
			require.InEpsilon(t, dropped/float64(4-k), p.NoiseVariance(), 1e-13)
		}
	}
	p := fit(t, x, Options{Components: 2})
	far, err := p.ReconstructionError(mat.NewDense(1, 4, []float64{0, 50, 0, -50}))
	require.NoError(t, err)
	require.Greater(t, far[0], 20.0)
}

func TestNaNSpoilsItsRowAlone(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	p := fit(t, x, Options{})
	want, err := p.Transform(x)
	require.NoError(t, err)
	x.Set(70, 1, math.NaN())
	got, err := p.Transform(x)
	require.NoError(t, err)
	for i := range x.Rows {
		if i == 70 {
			require.True(t, math.IsNaN(got.At(i, 0)))
		} else {
			require.Equal(t, want.Row(i), got.Row(i))
		}
	}
}

func TestTransformIsParallel(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	p := fit(t, x, Options{Whiten: true})
	want, err := p.Transform(x)
	require.NoError(t, err)
	got := make(chan *mat.Dense[float64], 4)
	for range 4 {
		go func() {
			z, _ := p.Transform(x)
			got <- z
		}()
	}
	for range 4 {
		require.Equal(t, want, <-got)
	}
}
