package pca

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
)

func TestCountByShare(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	for _, c := range []struct {
		share float64
		want  int
	}{{1e-9, 1}, {0.9246, 1}, {0.9247, 2}, {0.977, 2}, {0.978, 3}, {0.9947, 3}, {0.9948, 4}, {1, 4}} {
		for _, s := range []Solver{Covariance, FullSVD} {
			p := fit(t, x, Options{Variance: c.share, Solver: s})
			require.Equal(t, c.want, p.Components().Rows, "share %v", c.share)
			require.Len(t, p.ExplainedVariance(), c.want)
		}
	}
	halves := mat.NewDense(4, 2, []float64{1, 0, -1, 0, 0, 1, 0, -1})
	for _, s := range []Solver{Covariance, FullSVD} {
		require.Equal(t, 1, fit(t, halves, Options{Variance: 0.5, Solver: s}).Components().Rows)
		require.Equal(t, 2, fit(t, halves, Options{Variance: 0.501, Solver: s}).Components().Rows)
	}
}

func TestCountIsAPrefix(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	all := fit(t, x, Options{})
	for k := 1; k <= 4; k++ {
		p := fit(t, x, Options{Components: k})
		require.Equal(t, all.Components().View(0, 0, k, 4).Clone(), p.Components())
		require.Equal(t, all.ExplainedVarianceRatio()[:k], p.ExplainedVarianceRatio())
	}
}

func TestFitLeavesTheSampleAlone(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	y := x.Clone()
	for _, s := range solvers {
		fit(t, x, Options{Solver: s})
		require.Equal(t, y, x)
	}
}

func TestFitOfAView(t *testing.T) {
	t.Run("float32", testFitOfAView[float32])
	t.Run("float64", testFitOfAView[float64])
}

func testFitOfAView[T mat.Float](t *testing.T) {
	x, _, _ := dataset.Iris[T]()
	parent := mat.NewDense[T](160, 9, nil)
	parent.Fill(T(math.NaN()))
	view := parent.View(5, 3, 150, 4)
	view.CopyFrom(x)
	for _, s := range solvers {
		want, got := fit(t, x, Options{Solver: s}), fit(t, view, Options{Solver: s})
		require.Equal(t, want.Components(), got.Components())
		z, err := want.Transform(x)
		require.NoError(t, err)
		zv, err := got.Transform(view)
		require.NoError(t, err)
		require.Equal(t, z, zv)
	}
}

// Few components of many columns are those of the whole decomposition.
func TestLeadingComponents(t *testing.T) {
	const d, k = 90, 7
	x := sample[float64](300, d, 0.9, 3)
	all := fit(t, x, Options{Solver: Covariance})
	few := fit(t, x, Options{Solver: Covariance, Components: k})
	largest := all.ExplainedVariance()[0]
	var dropped float64
	for i, v := range all.ExplainedVariance() {
		if i >= k {
			dropped += v
			continue
		}
		require.InDelta(t, v, few.ExplainedVariance()[i], 1e-13*largest)
		require.InDelta(t, all.ExplainedVarianceRatio()[i], few.ExplainedVarianceRatio()[i], 1e-13)
	}
	require.InDelta(t, dropped/(d-k), few.NoiseVariance(), 1e-13*largest)
	for i := range k {
		for j, v := range all.Components().Row(i) {
			require.InDelta(t, v, few.Components().At(i, j), 1e-10)
		}
	}
}

// Means are right to their last digits where deviations are small beside them, for
// few columns, of which rows are taken together, and many.
func TestMeansFarFromZero(t *testing.T) {
	for _, d := range []int{1, 3, 40, 300} {
		x := sample[float64](101, d, 0.99, 1e9)
		p := fit(t, x, Options{})
		for j, mean := range p.Mean() {
			exact := new(big.Float).SetPrec(300)
			for i := range x.Rows {
				exact.Add(exact, big.NewFloat(x.At(i, j)))
			}
			want, _ := exact.Quo(exact, big.NewFloat(float64(x.Rows))).Float64()
			require.Equal(t, want, mean, "%d columns, column %d", d, j)
		}
	}
}

// What is not finite is named by its place, in a view too.
func TestNotFiniteIsNamed(t *testing.T) {
	for _, d := range []int{1, 3, 700} {
		parent := mat.NewDense[float32](300, d+2, nil)
		for _, x := range []*mat.Dense[float32]{parent, parent.View(3, 1, 290, d)} {
			for _, at := range [][2]int{{0, 0}, {1, x.Cols - 1}, {x.Rows - 1, x.Cols / 2}} {
				x.Set(at[0], at[1], float32(math.NaN()))
				err := New[float32](Options{}).Fit(x)
				require.ErrorIs(t, err, mat.ErrNotFinite)
				require.ErrorContains(t, err, fmt.Sprintf("NaN in row %d, column %d:", at[0], at[1]))
				x.Set(at[0], at[1], 0)
			}
		}
	}
}

func TestSecondFitAllocatesNothing(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	for _, s := range []Solver{Covariance, FullSVD} {
		p := New[float64](Options{Solver: s})
		require.Zero(t, testing.AllocsPerRun(5, func() { require.NoError(t, p.Fit(x)) }), s)
	}
}

// Auto may take another solver for the next sample; nothing of the last stays.
func TestFitAgain(t *testing.T) {
	p := fit(t, sample[float64](510, 60, 0.9, 0), Options{Components: 10})
	require.Equal(t, Randomized, p.Solver())
	x := sample[float64](200, 10, 0.9, 0)
	require.NoError(t, p.Fit(x))
	require.Equal(t, Covariance, p.Solver())
	want := fit(t, x, Options{})
	require.Equal(t, want.ExplainedVarianceRatio(), p.ExplainedVarianceRatio())
	require.Equal(t, want.Components(), p.Components())
	require.Zero(t, p.NoiseVariance())
}

func TestResultsAreCopies(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	p := fit(t, x, Options{})
	p.Components().Fill(0)
	p.Mean()[0], p.ExplainedVariance()[0], p.ExplainedVarianceRatio()[0], p.SingularValues()[0] = 0, 0, 0, 0
	again := fit(t, x, Options{})
	require.Equal(t, again.Components(), p.Components())
	require.Equal(t, again.Mean(), p.Mean())
	require.Equal(t, again.ExplainedVariance(), p.ExplainedVariance())
	require.Equal(t, again.ExplainedVarianceRatio(), p.ExplainedVarianceRatio())
	require.Equal(t, again.SingularValues(), p.SingularValues())
}

func TestErrors(t *testing.T) {
	x, _, _ := dataset.Iris[float64]()
	for _, c := range []struct {
		rows, cols, components int
		want                   string
	}{
		{0, 4, 0, "the sample is 0×4, Fit needs two rows and a column"},
		{1, 4, 0, "the sample is 1×4"},
		{4, 0, 0, "the sample is 4×0"},
		{4, 3, 4, "4 components asked of a 4×3 sample, which has 3"},
		{3, 4, 4, "4 components asked of a 3×4 sample, which has 3"},
	} {
		p := New[float64](Options{Components: c.components})
		require.ErrorContains(t, p.Fit(mat.NewDense[float64](c.rows, c.cols, nil)), "pca: "+c.want)
	}

	p := New[float64](Options{Components: 2})
	for _, call := range []func() error{
		func() error { _, err := p.Transform(x); return err },
		func() error { _, err := p.InverseTransform(x); return err },
		func() error { _, err := p.ReconstructionError(x); return err },
	} {
		require.ErrorContains(t, call(), "there was no successful Fit")
	}

	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		require.NoError(t, p.Fit(x))
		bad := x.Clone()
		bad.Set(7, 3, v)
		err := p.Fit(bad)
		require.ErrorIs(t, err, mat.ErrNotFinite)
		require.ErrorContains(t, err, "row 7, column 3")
		_, err = p.Transform(x)
		require.ErrorContains(t, err, "there was no successful Fit")
	}

	require.NoError(t, p.Fit(x))
	_, err := p.Transform(x.View(0, 0, 150, 3))
	require.EqualError(t, err, "pca: Transform: 3 columns, want 4")
	_, err = p.ReconstructionError(x.View(0, 0, 150, 3))
	require.EqualError(t, err, "pca: ReconstructionError: 3 columns, want 4")
	_, err = p.InverseTransform(x)
	require.EqualError(t, err, "pca: InverseTransform: 4 columns, want 2")
}

func TestCallersBugsPanic(t *testing.T) {
	nan := math.NaN()
	for _, opts := range []Options{
		{Components: -1}, {Variance: -0.1}, {Variance: 1.1}, {Variance: nan},
		{Components: 1, Variance: 0.5}, {Threads: -1}, {Solver: 99}, {Solver: Randomized, Variance: 0.5},
	} {
		requirePanic(t, "New", func() { New[float64](opts) })
	}
	p := New[float64](Options{})
	for op, call := range map[string]func(){
		"Components":             func() { p.Components() },
		"ExplainedVariance":      func() { p.ExplainedVariance() },
		"ExplainedVarianceRatio": func() { p.ExplainedVarianceRatio() },
		"SingularValues":         func() { p.SingularValues() },
		"Mean":                   func() { p.Mean() },
		"NoiseVariance":          func() { p.NoiseVariance() },
		"Solver":                 func() { p.Solver() },
	} {
		requirePanic(t, op, call)
	}
}

func requirePanic(t *testing.T, op string, call func()) {
	t.Helper()
	defer func() {
		err, ok := recover().(mat.Error)
		require.True(t, ok, "panics with a mat.Error by value")
		require.Equal(t, op, err.Op)
	}()
	call()
}

func TestMalformedMatrices(t *testing.T) {
	p := fit(t, sample[float64](20, 3, 0.8, 1), Options{Whiten: true})
	for _, bad := range []*mat.Dense[float64]{
		{Rows: 20, Cols: 3, Stride: 3, Data: make([]float64, 59)},
		{Rows: 20, Cols: 3, Stride: 2, Data: make([]float64, 60)},
		nil,
		{Rows: 20, Cols: 3, Stride: math.MaxInt, Data: make([]float64, 60)},
	} {
		requirePanic(t, "Transform", func() { _, _ = p.Transform(bad) })
		requirePanic(t, "InverseTransform", func() { _, _ = p.InverseTransform(bad) })
		requirePanic(t, "ReconstructionError", func() { _, _ = p.ReconstructionError(bad) })
		requirePanic(t, "Fit", func() { _ = New[float64](Options{}).Fit(bad) })
	}
}
