package svd_test

import (
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
	a.Set(3, 3, math.NaN())
	_, _, _, err = svd.Truncated(a, 2, svd.TruncatedOptions{})
	require.ErrorIs(t, err, mat.ErrNotFinite)
	a.Set(3, 3, 0)
	requirePanic(t, "Truncated", func() { svd.Truncated(a, -1, svd.TruncatedOptions{}) })
	for _, opts := range []svd.TruncatedOptions{
		{Oversample: -1}, {Iterations: -1}, {Threads: -1}, {Tol: -1}, {Tol: math.NaN()},
	} {
		requirePanic(t, "Truncated", func() { svd.Truncated(a, 1, opts) })
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
