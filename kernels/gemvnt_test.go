package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// TestGemvNT compares both products, row by row, with sums in float64, at the edge
// of unreadable pages.
func TestGemvNT(t *testing.T) { both(t, testGemvNT[float32], testGemvNT[float64]) }

func testGemvNT[T kernels.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	eps := 0x1p-52
	if T(1)/3 == T(float32(1)/3) {
		eps = 0x1p-23
	}
	for _, m := range []int{0, 1, 3, 4, 5, 9} {
		for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 71} {
			lda := n + 3
			size := max(0, (m-1)*lda+n)
			values := make([]T, size+2*n+2*m)
			random(rng, values)
			ra, rx, ry := guard.New[T](t, size), guard.New[T](t, n), guard.New[T](t, n)
			ro, rf := guard.New[T](t, m), guard.New[T](t, m)
			var previous []T
			for place := range places(rx) {
				a, x, y := places(ra)[place](size), places(rx)[place](n), places(ry)[place](n)
				out, factor := places(ro)[place](m), places(rf)[place](m)
				rest := values
				for _, to := range [][]T{a, x, y, out, factor} {
					rest = rest[copy(to, rest):]
				}
				kernels.GemvNT(m, n, T(0.75), a, lda, x, y, out, factor)
				if previous == nil {
					requireGemvNT(t, m, n, lda, values, append(append(append([]T{}, y...), out...), factor...), eps)
				} else {
					require.Equal(t, previous, append(append([]T{}, y...), factor...))
				}
				previous = append(append([]T{}, y...), factor...)
				for _, r := range []*guard.Region[T]{ra, rx, ry, ro, rf} {
					r.Check(t)
				}
			}
		}
	}
}

// requireGemvNT takes y, out and factor, before as well as after, one after another.
func requireGemvNT[T kernels.Float](t *testing.T, m, n, lda int, before, after []T, eps float64) {
	t.Helper()
	a, x := before, before[len(before)-2*n-2*m:]
	start := x[n:]
	want, size := make([]float64, n+2*m), make([]float64, n+2*m)
	for i, v := range start {
		want[i], size[i] = float64(v), math.Abs(float64(v))
	}
	for i := range m {
		for j := range n {
			p := 0.75 * float64(a[i*lda+j]) * float64(x[j])
			want[n+i] += p
			size[n+i] += math.Abs(p)
		}
		want[n+m+i] -= want[n+i]
		size[n+m+i] += size[n+i]
		for j := range n {
			want[j] += want[n+m+i] * float64(a[i*lda+j])
			size[j] += size[n+m+i] * math.Abs(float64(a[i*lda+j]))
		}
	}
	for i, v := range after {
		require.InDelta(t, want[i], float64(v), float64(n+m+4)*eps*size[i], "%d×%d, entry %d", m, n, i)
	}
}

// TestGemvNTNaN: a NaN in A reaches the row's factor, and from there all of y; one
// in x reaches everything, also with factors of zero.
func TestGemvNTNaN(t *testing.T) { both(t, testGemvNTNaN[float32], testGemvNTNaN[float64]) }

func testGemvNTNaN[T kernels.Float](t *testing.T) {
	const m, n = 6, 21
	nan := T(math.NaN())
	for k := range n {
		for row := range m {
			a, x, y, out, factor := make([]T, m*n), make([]T, n), make([]T, n), make([]T, m), make([]T, m)
			a[row*n+k] = nan
			kernels.GemvNT(m, n, 1, a, n, x, y, out, factor)
			for i := range m {
				require.Equal(t, i == row, out[i] != out[i] && factor[i] != factor[i])
			}
			for _, v := range y {
				require.True(t, v != v)
			}
		}
		a, x, y, out, factor := make([]T, m*n), make([]T, n), make([]T, n), make([]T, m), make([]T, m)
		x[k] = nan
		kernels.GemvNT(m, n, 1, a, n, x, y, out, factor)
		require.True(t, out[m-1] != out[m-1] && y[0] != y[0])
	}
	require.Panics(t, func() {
		kernels.GemvNT(2, 2, 1, make([]T, 4), 2, make([]T, 2), make([]T, 2), make([]T, 1), make([]T, 2))
	})
}
