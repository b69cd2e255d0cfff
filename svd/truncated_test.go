package svd_test

import (
	"context"
	"fmt"
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

func TestTruncatedIsNearOptimal(t *testing.T) {
	both(t, testTruncated[float32], testTruncated[float64])
}

func testTruncated[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	slow := make([]float64, 120)
	for i := range slow {
		slow[i] = 1 / math.Sqrt(float64(i+1))
	}
	for name, sigma := range map[string][]float64{
		"slow decay": slow,
		"flat":       slices.Repeat([]float64{1}, 120),
		"fast decay": gallery.Grades(120, 12),
		"rank 3":     {5, 4, 3},
		"step":       append(slices.Repeat([]float64{1}, 6), slices.Repeat([]float64{1e-3}, 114)...),
		"huge":       {0x1p120, 0x1p119},
		"tiny":       {0x1p-120, 0x1p-121, 0x1p-123},
		"zero":       nil,
	} {
		for _, shape := range [][2]int{{180, 120}, {120, 180}} {
			a := gallery.WithSingular[T](rng, shape[0], shape[1], sigma)
			u, s, v, err := svd.Truncated(a, 6, svd.TruncatedOptions{})
			require.NoError(t, err)
			require.Less(t, oracle.Orthogonality(u)+oracle.Orthogonality(v), float64(threshold), name)
			for k, x := range s {
				want := at(sigma, k)
				require.InDelta(t, want, x, 1e-2*want+120*eps[T]()*at(sigma, 0), "%s, value %d", name, k)
			}
			limit := 1.01*at(sigma, 6) + 120*eps[T]()*at(sigma, 0)
			require.LessOrEqual(t, errorNorm(t, a, u, s, v), limit, "%s, %v", name, shape)
		}
	}
}

func at(s []float64, k int) float64 {
	if k < len(s) {
		return s[k]
	}
	return 0
}

// errorNorm returns ‖A − U·Σ·Vᵀ‖₂.
func errorNorm[T mat.Float](t *testing.T, a, u *mat.Dense[T], s []T, v *mat.Dense[T]) float64 {
	scaled := u.Clone()
	for i := range u.Rows {
		for j := range u.Cols {
			scaled.Set(i, j, u.At(i, j)*s[j])
		}
	}
	r := a.Clone()
	mat.Gemm(mat.NoTrans, mat.Trans, -1, scaled, v, 1, r)
	var full svd.SVD[T]
	require.NoError(t, full.Factorize(r, svd.Options{ValuesOnly: true}))
	return float64(full.Values(nil)[0])
}

func TestTruncatedToTolerance(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	slow := make([]float64, 200)
	for i := range slow {
		slow[i] = 1 - float64(i)/400
	}
	a := gallery.WithSingular[float64](rng, 220, 200, slow)
	opts := svd.TruncatedOptions{Iterations: 2, Tol: 1e-10}
	u, s, v, err := svd.Truncated(a, 5, opts)
	require.NoError(t, err)
	for k, x := range s {
		require.InDelta(t, slow[k], x, 1e-12, "an eigenvalue errs by the square of its residual")
	}
	r := mat.NewDense[float64](220, 5, nil)
	r.Mul(a, v)
	for j := range 5 {
		var norm float64
		for i := range 220 {
			norm = math.Hypot(norm, r.At(i, j)-s[j]*u.At(i, j))
		}
		require.LessOrEqual(t, norm, 1e-10)
	}
	opts.Tol = 1e-30
	_, _, _, err = svd.Truncated(a, 5, opts)
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.Contains(t, err.Error(), "30 sweeps")
}

func TestTruncatedEdges(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	a := gallery.Gaussian[float64](rng, 7, 4)
	for _, k := range []int{0, 1, 4, 9} {
		u, s, v, err := svd.Truncated(a, k, svd.TruncatedOptions{})
		require.NoError(t, err)
		k = min(k, 4)
		require.Equal(t, []int{7, k, 4, k, k}, []int{u.Rows, u.Cols, v.Rows, v.Cols, len(s)})
		require.Equal(t, decompose(t, a, svd.Auto, "random")[:k], s)
	}
	_, s, _, err := svd.Truncated(&mat.Dense[float64]{}, 3, svd.TruncatedOptions{})
	require.NoError(t, err)
	require.Empty(t, s)
	huge := mat.NewDense[float64](30, 20, nil)
	huge.Fill(math.MaxFloat64)
	_, s, _, err = svd.Truncated(huge, 1, svd.TruncatedOptions{})
	require.NoError(t, err)
	require.Equal(t, []float64{math.Inf(1)}, s)
	a.Set(3, 3, math.NaN())
	_, _, _, err = svd.Truncated(a, 2, svd.TruncatedOptions{})
	require.ErrorIs(t, err, mat.ErrNotFinite)
	a.Set(3, 3, 0)
	requirePanic(t, "Truncated", func() { svd.Truncated(a, -1, svd.TruncatedOptions{}) })
	for _, opts := range []svd.TruncatedOptions{
		{Oversample: -1}, {Iterations: -1}, {Threads: -1}, {Tol: -1}, {Tol: math.NaN()}, {Sampling: 9},
	} {
		requirePanic(t, "Truncated", func() { svd.Truncated(a, 1, opts) })
		requirePanic(t, "Approximate", func() { svd.Approximate(svd.DenseOperator(a, 0), 1, opts) })
	}
}

func TestTruncatedIsRepeatable(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(7, 8)), 200, 150)
	before := slices.Clone(a.Data)
	u, s, v, err := svd.Truncated(a, 5, svd.TruncatedOptions{Seed: 3, Threads: 1})
	require.NoError(t, err)
	u2, s2, v2, err := svd.Truncated(a, 5, svd.TruncatedOptions{Seed: 3, Threads: 4})
	require.NoError(t, err)
	require.Equal(t, []any{u, s, v}, []any{u2, s2, v2})
	_, s3, _, err := svd.Truncated(a, 5, svd.TruncatedOptions{Seed: 4})
	require.NoError(t, err)
	require.NotEqual(t, s, s3)
	require.Equal(t, before, a.Data, "the input changed")
}

func TestSamplings(t *testing.T) { both(t, testSamplings[float32], testSamplings[float64]) }

// The measured error bounds the true one, and not from far above; each sampling
// does what its theory says.
func testSamplings[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for name, decades := range map[string]float64{"fast": 12, "slow": 1} {
		sigma := gallery.Grades(150, decades)
		a := gallery.WithSingular[T](rng, 260, 150, sigma)
		for _, b := range []*mat.Dense[T]{a, a.T()} {
			for sampling, excess := range map[svd.Sampling]float64{svd.BlockKrylov: 1.01, svd.PowerIteration: 1.1, svd.Sketch: 4} {
				x, err := svd.Approximate(svd.DenseOperator(b, 1), 8, svd.TruncatedOptions{Sampling: sampling, Seed: 7})
				require.NoError(t, err)
				what := fmt.Sprintf("%s decay, %v, %d×%d: %v, %v", name, sampling, b.Rows, b.Cols, x.Error, x.Residual)
				require.Less(t, oracle.Orthogonality(x.U)+oracle.Orthogonality(x.V), float64(threshold), what)
				norm, noise := errorNorm(t, b, x.U, x.S, x.V), 260*eps[T]()
				require.LessOrEqual(t, norm, excess*sigma[8]+noise, what)
				require.GreaterOrEqual(t, x.Error, norm-noise, what)
				require.LessOrEqual(t, x.Error, 4*norm+noise, what)
				for k, s := range x.S {
					require.InDelta(t, sigma[k], s, x.Residual+noise, "%s, value %d", what, k)
				}
			}
		}
	}
}

// Without a rank the tolerance decides, at whatever rank that is.
func TestTruncatedRankByTolerance(t *testing.T) {
	both(t, testRankByTolerance[float32], testRankByTolerance[float64])
}

func testRankByTolerance[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	const n = 150
	for _, rank := range []int{1, 5, 40, 149} {
		sigma := slices.Repeat([]float64{1e-4}, n)
		for i := range rank {
			sigma[i] = 2 - float64(i)/float64(rank)
		}
		sigma[rank] = 1e-3
		a := gallery.WithSingular[T](rng, n+20, n, sigma)
		opts := svd.TruncatedOptions{Tol: 3e-3, Iterations: 2}
		x, err := svd.Approximate(svd.DenseOperator(a, 0), n, opts)
		require.NoError(t, err)
		require.Len(t, x.S, rank)
		require.LessOrEqual(t, errorNorm(t, a, x.U, x.S, x.V), opts.Tol*sigma[0])
		require.LessOrEqual(t, x.Residual, opts.Tol*sigma[0])
	}
	_, s, _, err := svd.Truncated(mat.NewDense[T](300, 200, nil), 200, svd.TruncatedOptions{Tol: 0.1})
	require.NoError(t, err)
	require.Empty(t, s, "of the zero matrix")
}

// function is an operator made of two functions.
type function struct {
	m, n              int
	mulTo, mulTransTo func(dst, x *mat.Dense[float64])
}

func (f function) Rows() int                             { return f.m }
func (f function) Cols() int                             { return f.n }
func (f function) MulTo(dst, x *mat.Dense[float64])      { f.mulTo(dst, x) }
func (f function) MulTransTo(dst, y *mat.Dense[float64]) { f.mulTransTo(dst, y) }

// diagonalOperator is diag(sigma), m × n.
func diagonalOperator(m, n int, sigma []float64) function {
	mul := func(dst, x *mat.Dense[float64]) {
		dst.Fill(0)
		for i, s := range sigma {
			for j, v := range x.Row(i) {
				dst.Set(i, j, s*v)
			}
		}
	}
	return function{m, n, mul, mul}
}

func TestApproximateOperators(t *testing.T) {
	sigma := gallery.Grades(30, 30)
	for _, shape := range [][2]int{{5000, 300}, {300, 5000}, {40, 35}, {35, 40}} { // the last two by the complete decomposition
		x, err := svd.Approximate(diagonalOperator(shape[0], shape[1], sigma), 6, svd.TruncatedOptions{})
		require.NoError(t, err)
		require.InDeltaSlice(t, sigma[:6], x.S, 1e-14)
		require.Greater(t, x.Error, sigma[6])
		require.Less(t, x.Error, 4*sigma[6])
		for i := range 6 {
			require.InDelta(t, 1, math.Abs(x.U.At(i, i)*x.V.At(i, i)), 1e-12)
		}
	}
	x, err := svd.Approximate(diagonalOperator(50, 40, []float64{3}), 0, svd.TruncatedOptions{})
	require.NoError(t, err)
	require.Equal(t, []int{50, 0, 40, 0}, []int{x.U.Rows, x.U.Cols, x.V.Rows, x.V.Cols})
	require.Greater(t, x.Error, 3.0, "of nothing it is an estimate of ‖A‖")
	for _, shape := range [][2]int{{300, 200}, {30, 20}} {
		_, err = svd.Approximate(diagonalOperator(shape[0], shape[1], []float64{1, math.NaN()}), 3, svd.TruncatedOptions{})
		require.ErrorIs(t, err, mat.ErrNotFinite)
	}
	requirePanic(t, "Approximate", func() { svd.Approximate(diagonalOperator(-1, 2, nil), 1, svd.TruncatedOptions{}) })
	requirePanic(t, "DenseOperator", func() { svd.DenseOperator(mat.Eye[float64](2), -1) })
	requirePanic(t, "DenseOperator", func() { svd.DenseOperator(&mat.Dense[float64]{Rows: 1, Cols: 1}, 0) })
}

func TestTruncatedContext(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(13, 14)), 220, 200)
	whole := 0
	opts := svd.TruncatedOptions{Tol: 1e-3, Progress: func(stage string, done, total int) {
		whole++
		require.Equal(t, "Krylov iterations", stage)
		require.Less(t, done, total)
	}}
	_, _, _, err := svd.Truncated(a, 3, opts)
	require.NoError(t, err)
	require.Greater(t, whole, 5, "more than one space")
	for stop := 1; stop <= whole; stop++ {
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		opts.Context, opts.Progress = ctx, func(string, int, int) {
			if calls++; calls == stop {
				cancel()
			}
		}
		u, s, v, err := svd.Truncated(a, 3, opts)
		require.ErrorIs(t, err, context.Canceled)
		require.Nil(t, u)
		require.Nil(t, s)
		require.Nil(t, v)
		require.Equal(t, stop, calls)
		cancel()
	}
}

func TestSamplingNames(t *testing.T) {
	require.Equal(t, "BlockKrylov PowerIteration Sketch Sampling(7)",
		fmt.Sprint(svd.BlockKrylov, " ", svd.PowerIteration, " ", svd.Sketch, " ", svd.Sampling(7)))
}

func BenchmarkTruncated(b *testing.B) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(1, 1)), 2000, 500)
	for _, k := range []int{10, 50} {
		b.Run(fmt.Sprintf("2000×500,k=%d", k), func(b *testing.B) {
			for b.Loop() {
				if _, _, _, err := svd.Truncated(a, k, svd.TruncatedOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// However much is asked for, the complete decomposition is all there is.
func TestTruncatedHugeOptions(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(1, 2)), 7, 5)
	_, want, _, err := svd.Truncated(a, 2, svd.TruncatedOptions{})
	require.NoError(t, err)
	for _, opts := range []svd.TruncatedOptions{{Oversample: math.MaxInt}, {Iterations: math.MaxInt}, {Oversample: math.MaxInt/5 + 1}} {
		_, s, _, err := svd.Truncated(a, 2, opts)
		require.NoError(t, err)
		require.Equal(t, want, s)
	}
	a = gallery.Gaussian[float64](rand.New(rand.NewPCG(3, 4)), 40, 30)
	want = decompose(t, a, svd.Auto, "random")[:2]
	for _, sampling := range []svd.Sampling{svd.BlockKrylov, svd.PowerIteration} {
		for _, iterations := range []int{30, math.MaxInt} {
			_, s, _, err := svd.Truncated(a, 2, svd.TruncatedOptions{Sampling: sampling, Iterations: iterations})
			require.NoError(t, err)
			require.Equal(t, want, s)
		}
	}
}
