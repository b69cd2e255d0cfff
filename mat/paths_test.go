package mat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// TestPathsAgree: an entry is the same to the bit whatever the shape around it, so
// whatever kernel and tile computes it.
func TestPathsAgree(t *testing.T) { both(t, testPathsAgree[float32], testPathsAgree[float64]) }

func testPathsAgree[T mat.Float](t *testing.T) {
	const most = 150
	rng := newRand()
	fill := func(rows, cols int) *mat.Dense[T] {
		m := mat.NewDense[T](rows, cols, nil)
		for i := range m.Data {
			m.Data[i] = T(rng.NormFloat64())
		}
		return m
	}
	for _, k := range []int{1, 3, 4, 7, 33, 64, 150} {
		a, b, c := fill(most, k), fill(k, most), fill(most, most)
		want := c.Clone()
		mat.Gemm(mat.NoTrans, mat.NoTrans, 1.5, a, b, -0.5, want)
		for m := 2; m < 20; m++ {
			for n := 2; n <= most; n += sizes(1, 5) {
				got := c.Clone().View(0, 0, m, n)
				mat.Gemm(mat.NoTrans, mat.NoTrans, 1.5, a.View(0, 0, m, k), b.View(0, 0, k, n), -0.5, got)
				for i := range m {
					require.Equal(t, want.Row(i)[:n], got.Row(i), "row %d of m=%d n=%d k=%d", i, m, n, k)
				}
			}
		}
	}
}
