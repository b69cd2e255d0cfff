package spectral

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func TestTrailing(t *testing.T) {
	t.Run("float32", testTrailing[float32])
	t.Run("float64", testTrailing[float64])
}

// The rows are orthonormal, and A has on them what it has on the vectors of its
// small values, to their own digits.
func testTrailing[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	var b Bidiagonal[T]
	for _, shape := range [][2]int{{2, 2}, {9, 9}, {60, 33}, {90, 90}} {
		m, n := shape[0], shape[1]
		k := max(1, n/10)
		sigma := gallery.Grades(n, 0.3)
		squares := 0.0
		for i := range k {
			sigma[n-1-i] = 1e-3 * (1 + float64(i))
			squares += sigma[n-1-i] * sigma[n-1-i]
		}
		slices.Sort(sigma)
		slices.Reverse(sigma)
		a := gallery.WithSingular[T](rng, m, n, sigma)
		b.Reset(m, n).CopyFrom(a)
		require.True(t, b.Factorize(1, nil))
		v, ok := b.Trailing(k)
		require.True(t, ok, "%v", shape)
		found := 0.0
		image := make([]T, m)
		for i := range k {
			mat.Gemv(mat.NoTrans, 1, a, v.Row(i), 0, image)
			found += sumSquares(image)
			for j := range i + 1 {
				dot := 0.0
				for c, x := range v.Row(i) {
					dot += float64(x) * float64(v.Row(j)[c])
				}
				if i == j {
					dot--
				}
				require.InDelta(t, 0, dot, 20*math.Sqrt(float64(n))*Eps[T](), "%v, rows %d and %d", shape, i, j)
			}
		}
		require.InEpsilon(t, squares, found, 4e3*Eps[T](), "%v", shape)
	}
}

// Equal values have no vectors of their own: either the rows are orthonormal all
// the same, or failure is reported.
func TestTrailingOfEqualValues(t *testing.T) {
	const n, k = 40, 5
	sigma := slices.Repeat([]float64{1}, n)
	for i := range k {
		sigma[n-1-i] = 0x1p-10
	}
	a := mat.NewDense[float64](n, n, nil)
	for i, x := range sigma {
		a.Set(i, i, x)
	}
	var b Bidiagonal[float64]
	b.Reset(n, n).CopyFrom(a)
	require.True(t, b.Factorize(1, nil))
	_, ok := b.Trailing(k)
	require.False(t, ok)
}
