package dataset

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestDigits(t *testing.T) {
	t.Run("float32", testDigits[float32])
	t.Run("float64", testDigits[float64])
}

func testDigits[T mat.Float](t *testing.T) {
	train, test := Digits[T]()
	for _, c := range []struct {
		set  Set[T]
		rows int
	}{{train, 4000}, {test, 1000}} {
		require.Equal(t, c.rows, c.set.X.Rows)
		require.Equal(t, 28*28, c.set.X.Cols)
		require.Len(t, c.set.Labels, c.rows)
		count := make([]int, 10)
		var blackest T
		for i, l := range c.set.Labels {
			require.Equal(t, i%10, l)
			count[l]++
			lo, hi := c.set.X.At(i, 0), c.set.X.At(i, 0)
			for _, v := range c.set.X.Row(i) {
				lo, hi = min(lo, v), max(hi, v)
			}
			require.Zero(t, lo, "image %d has no background", i)
			require.True(t, hi > 0.9 && hi <= 1, "image %d has no ink: %v", i, hi)
			blackest = max(blackest, hi)
		}
		require.Equal(t, T(1), blackest)
		for _, n := range count {
			require.Equal(t, c.rows/10, n)
		}
	}
}

// An image that is both learnt and held out would flatter every accuracy.
func TestDigitsDiffer(t *testing.T) {
	train, test := Digits[float32]()
	seen := map[[28 * 28]float32]int{}
	for _, s := range []Set[float32]{train, test} {
		for i := range s.X.Rows {
			seen[[28 * 28]float32(s.X.Row(i))]++
		}
	}
	require.Len(t, seen, 5000)
}

func TestDigitsAreTheCallers(t *testing.T) {
	a, _ := Digits[float32]()
	a.X.Fill(7)
	b, _ := Digits[float32]()
	require.Zero(t, b.X.At(0, 0))
}

// The means are those of Fisher's table: 5.843, 3.057, 3.758, 1.199.
func TestIris(t *testing.T) {
	x, labels, names := Iris[float64]()
	require.Equal(t, []string{"setosa", "versicolor", "virginica"}, names)
	require.Equal(t, 150, x.Rows)
	sum := make([]float64, 4)
	for i := range x.Rows {
		require.Equal(t, i/50, labels[i])
		for j, v := range x.Row(i) {
			sum[j] += v
		}
	}
	require.InDeltaSlice(t, []float64{876.5, 458.6, 563.7, 179.9}, sum, 1e-10) // 150 roundings of 1e-13
	require.Equal(t, []float64{5.1, 3.5, 1.4, 0.2}, x.Row(0))
	require.Equal(t, []float64{5.9, 3, 5.1, 1.8}, x.Row(149))
}
