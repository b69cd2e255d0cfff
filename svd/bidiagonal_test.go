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

// Auto takes it for values where no scaling is to be gained by, and nowhere else.
func TestBidiagonalByAuto(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 64))
	b := gallery.Gaussian[float64](rng, 60, 50)
	zero := b.Clone()
	for j := range zero.Cols {
		zero.Set(7, j, 0)
	}
	for name, c := range map[string]struct {
		a    *mat.Dense[float64]
		want svd.Method
	}{
		"even":      {b, svd.Bidiagonal},
		"wide":      {b.T(), svd.Bidiagonal},
		"columns":   {gallery.Scaled[float64](b, nil, gallery.Grades(50, 2)), svd.GramJacobi},
		"rows":      {gallery.Scaled[float64](b, gallery.Grades(60, 2), nil), svd.GramJacobi},
		"a zero":    {zero, svd.GramJacobi},
		"tall":      {gallery.Gaussian[float64](rng, 100, 50), svd.GramJacobi},
		"very tall": {gallery.Gaussian[float64](rng, 400, 50), svd.GramJacobi},
		"small":     {gallery.Gaussian[float64](rng, 20, 20), svd.OneSidedJacobi},
	} {
		var values, whole svd.SVD[float64]
		require.NoError(t, values.Factorize(c.a, svd.Options{ValuesOnly: true}))
		require.Equal(t, c.want, values.Stats().Method, name)
		require.NoError(t, whole.Factorize(c.a, svd.Options{}))
		require.NotEqual(t, svd.Bidiagonal, whole.Stats().Method, name)
		require.InDeltaSlice(t, whole.Values(nil), values.Values(nil), 50*eps[float64]()*whole.Norm2(), name)
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
	err := s.Factorize(a, svd.Options{ValuesOnly: true, Context: ctx, Progress: func(stage string, done, total int) {
		require.Equal(t, "bidiagonal form", stage)
		if done >= total/2 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	a.Set(3, 4, math.Inf(1))
	require.ErrorIs(t, s.Factorize(a, svd.Options{ValuesOnly: true}), mat.ErrNotFinite)
}
