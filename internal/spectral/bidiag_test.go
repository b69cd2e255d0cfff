package spectral

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func TestBidiagonal(t *testing.T) {
	t.Run("float32", testBidiagonal[float32])
	t.Run("float64", testBidiagonal[float64])
}

func testBidiagonal[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	var b Bidiagonal[T]
	for _, shape := range [][2]int{{1, 1}, {2, 2}, {3, 2}, {5, 5}, {16, 16}, {17, 17}, {40, 33}, {70, 70}} {
		m, n := shape[0], shape[1]
		pairs := slices.Repeat([]float64{1}, n)
		for i := range n / 2 {
			pairs[n-1-i] = 0x1p-20
		}
		for name, sigma := range map[string][]float64{
			"steep": gallery.Grades(n, 10), "slow": gallery.Grades(n, 0.5), "equal": slices.Repeat([]float64{1}, n),
			"rank 1": {1}, "two clusters": pairs, "zero": nil,
		} {
			what := fmt.Sprint(name, " ", shape)
			a := gallery.WithSingular[T](rng, m, n, sigma)
			b.Reset(m, n).CopyFrom(a)
			require.True(t, b.Factorize(1, nil), what)
			for i, x := range b.D {
				want := 0.0
				if i < len(sigma) {
					want = sigma[i]
				}
				require.InDelta(t, want, x, 4*math.Sqrt(float64(m))*Eps[T](), "%s, value %d", what, i)
			}
		}
	}
}

// A bidiagonal matrix determines its singular values, however small, to the
// relative error of its entries, and dqds finds them: those of B and of its
// transpose and reverse, or with a scale, agree.
func TestDqdsIsRelative(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	var z dqds
	steps, count := 0, 0
	for range 300 {
		n := 1 + rng.IntN(80)
		d, e := make([]float64, n), make([]float64, n-1)
		decades := 4 * rng.Float64()
		for i := range d {
			d[i] = math.Pow(10, -decades*rng.Float64())
		}
		for i := range e {
			e[i] = math.Pow(10, -decades*rng.Float64())
		}
		one, other := make([]float64, n), make([]float64, n)
		require.True(t, bidiagonalValues(&z, d, e, one))
		steps, count = steps+dqdsSteps*n-z.steps, count+n
		slices.Reverse(d)
		slices.Reverse(e)
		for _, x := range [][]float64{d, e} {
			for i := range x {
				x[i] /= 3
			}
		}
		require.True(t, bidiagonalValues(&z, d, e, other))
		for i := range one {
			require.InDelta(t, one[i], 3*other[i], 1e-14*float64(n)*one[i]+0x1p-500, "%d of %d", i, n)
		}
		slices.Reverse(one)
		require.True(t, slices.IsSorted(one))
	}
	t.Log("transformations for each value", float64(steps)/float64(count))
}

func BenchmarkBidiagonal(b *testing.B) {
	for _, n := range []int{32, 64, 100, 250, 500} {
		a := gallery.Gaussian[float64](rand.New(rand.NewPCG(1, 2)), n, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var x Bidiagonal[float64]
			for b.Loop() {
				x.Reset(n, n).CopyFrom(a)
				x.Factorize(1, nil)
			}
		})
		b.Run(fmt.Sprint(n, "dqds"), func(b *testing.B) {
			var x Bidiagonal[float64]
			x.Reset(n, n).CopyFrom(a)
			x.Factorize(1, nil)
			for b.Loop() {
				bidiagonalValues(&x.qd, x.d, x.e, x.D)
			}
			b.ReportMetric(float64(dqdsSteps*n-x.qd.steps)/float64(n), "transforms/value")
		})
	}
}
