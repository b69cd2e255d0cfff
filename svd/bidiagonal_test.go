package svd_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func TestBidiagonalMethod(t *testing.T) {
	both(t, testBidiagonalMethod[float32], testBidiagonalMethod[float64])
}

// Of any shape, scale and rank, to the order of eps·‖A‖.
func testBidiagonalMethod[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	opts := svd.Options{Method: svd.Bidiagonal, ValuesOnly: true}
	var s svd.SVD[T]
	for _, shape := range [][2]int{{0, 0}, {0, 4}, {5, 0}, {1, 1}, {1, 6}, {7, 2}, {40, 40}, {35, 52}, {70, 9}} {
		for _, size := range []float64{1, 0x1p100, 0x1p-100} {
			sigma := gallery.Grades(min(shape[0], shape[1]), 6)
			a := gallery.WithSingular[T](rng, shape[0], shape[1], sigma)
			for i := range a.Data {
				a.Data[i] *= T(size)
			}
			require.NoError(t, s.Factorize(a, opts))
			require.Equal(t, svd.Bidiagonal, s.Stats().Method)
			for k, x := range s.Values(nil) {
				require.InDelta(t, sigma[k], float64(x)/size, 40*eps[T](), "%v, value %d", shape, k)
			}
		}
	}
	require.NoError(t, s.Factorize(mat.NewDense[T](5, 4, nil), opts))
	require.Equal(t, make([]T, 4), s.Values(nil))
	require.Equal(t, "Bidiagonal", fmt.Sprint(svd.Bidiagonal))
	requirePanic(t, "Factorize", func() { _ = s.Factorize(mat.Eye[T](2), svd.Options{Method: svd.Bidiagonal}) })
}

// Values alone are as accurate as those with vectors, where a bidiagonal form would
// cost the small ones their digits.
func TestAutoKeepsSmallValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 64))
	for _, shape := range [][2]int{{50, 50}, {100, 100}, {60, 50}, {50, 60}, {20, 20}} {
		a := gallery.WithSingular[float64](rng, shape[0], shape[1], gallery.Grades(min(shape[0], shape[1]), 8))
		var values, whole svd.SVD[float64]
		require.NoError(t, values.Factorize(a, svd.Options{ValuesOnly: true}))
		require.NoError(t, whole.Factorize(a, svd.Options{}))
		require.Equal(t, whole.Stats().Method, values.Stats().Method)
		want := whole.Values(nil)
		for i, x := range values.Values(nil) {
			require.InEpsilon(t, want[i], x, 1e-12, "σ%d of %v", i, shape)
		}
	}
}

// The same bits for any number of threads, and nothing is allocated again.
func TestBidiagonalSteadyState(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(65, 66)), 150, 140)
	var want []float64
	for threads := 1; threads <= 4; threads++ {
		var s svd.SVD[float64]
		opts := svd.Options{ValuesOnly: true, Threads: threads}
		require.NoError(t, s.Factorize(a, opts))
		if want == nil {
			want = s.Values(nil)
			require.Zero(t, testing.AllocsPerRun(3, func() { _ = s.Factorize(a, opts) }))
		}
		require.Equal(t, want, s.Values(nil))
	}
}

func TestBidiagonalStops(t *testing.T) {
	a := gallery.Gaussian[float64](rand.New(rand.NewPCG(67, 68)), 60, 60)
	ctx, cancel := context.WithCancel(context.Background())
	var s svd.SVD[float64]
	err := s.Factorize(a, svd.Options{Method: svd.Bidiagonal, ValuesOnly: true, Context: ctx, Progress: func(stage string, done, total int) {
		require.Equal(t, "bidiagonal form", stage)
		if done >= total/2 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	a.Set(3, 4, math.Inf(1))
	require.ErrorIs(t, s.Factorize(a, svd.Options{Method: svd.Bidiagonal, ValuesOnly: true}), mat.ErrNotFinite)
}
