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

func TestBoundUpper(t *testing.T) { eachFloat(t, testBoundUpper[float32], testBoundUpper[float64]) }

// The largest entry above the diagonal, wherever it stands; NaN above Inf.
func testBoundUpper[T mat.Float](t *testing.T) {
	for _, n := range []int{0, 1, 2, shortRow, shortRow + 1, 40} {
		a := mat.NewDense[T](n, n+3, nil)
		a.Cols = n
		require.Zero(t, BoundUpper(a))
		for i := range n {
			for j := range n {
				a.Set(i, j, -3)
				want := 3.0
				if j < i {
					want = 0
				}
				require.Equal(t, want, BoundUpper(a), "n = %d (%d, %d)", n, i, j)
				a.Set(i, j, 0)
			}
		}
		if n > 1 {
			a.Set(0, n-1, T(math.Inf(-1)))
			require.True(t, math.IsInf(BoundUpper(a), 1))
			a.Set(0, 0, T(math.NaN()))
			require.True(t, math.IsNaN(BoundUpper(a)))
		}
	}
}

func TestAscending(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{0, 1, 2, 2 * shortRow, 2*shortRow + 1, 100} {
		d, order := make([]float64, n), make([]int, n)
		for i := range d {
			d[i] = math.Round(4 * rng.NormFloat64())
		}
		Ascending(d, order)
		seen := slices.Clone(order)
		slices.Sort(seen)
		for k, i := range order {
			require.Equal(t, k, seen[k])
			require.True(t, k == 0 || d[order[k-1]] <= d[i])
		}
	}
}

func TestScaleNear(t *testing.T) { eachFloat(t, testScaleNear[float32], testScaleNear[float64]) }

// Matrices of any scale decompose in lanes alike, up to a power of two.
func testScaleNear[T mat.Float](t *testing.T) {
	a := gallery.Symmetric[T](rand.New(rand.NewPCG(6, 6)), 9, 9)
	require.Equal(t, Scale{}, ScaleNear[T](81, 1))
	limit := 120
	if is64[T]() {
		limit = 1000
	}
	var m SymMany[T]
	m.Reset(9)
	want, got := make([]T, 9), make([]T, 9)
	for exponent := -limit; exponent <= limit; exponent += limit / 10 {
		scaled := mat.NewDense[T](9, 9, nil)
		for i, x := range a.Data {
			scaled.Data[i] = T(math.Ldexp(float64(x), exponent))
		}
		_, ok := m.Load(0, scaled)
		require.True(t, ok)
		m.Run(1, DefaultSweeps, nil)
		require.True(t, m.Sweeps(0).Converged)
		m.ValuesTo(0, got)
		for i, x := range got {
			got[i] = T(math.Ldexp(float64(x), -exponent))
		}
		if exponent == -limit {
			copy(want, got)
		}
		require.InDeltaSlice(t, want, got, 60*float64(ulp[T]()), "2^%d", exponent)
	}
}

// The squares of entries add up to what T holds, in lanes also after they have grown
// 2ⁿ-fold.
func TestScalesLeaveRoom(t *testing.T) {
	for _, count := range []int{1, 6, 256, 1000} {
		for _, bound := range []float64{1, 0x1.8p-30, 0x1.fp20} {
			requireRoom(t, ScaleFor[float32](count, bound), count, bound, 0, 127)
			requireRoom(t, ScaleFor[float64](count, bound), count, bound, 0, 1023)
			requireRoom(t, ScaleLanes[float32](count, bound), count, bound, LanesMost, 127)
			requireRoom(t, ScaleLanes[float64](count, bound), count, bound, LanesMost, 1023)
		}
	}
}

// requireRoom takes binary logarithms: in T itself a sum beyond its range is what is
// to be seen.
func requireRoom(t *testing.T, s Scale, count int, bound float64, growth int, most float64) {
	t.Helper()
	sum := math.Log2(float64(count)) + 2*(math.Log2(bound)+float64(s.exp)) + float64(growth)
	require.Less(t, sum, most, "%d entries of %g", count, bound)
}
