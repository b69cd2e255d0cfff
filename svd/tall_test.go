package svd

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestSizes(t *testing.T) {
	t.Run("float32", testSizes[float32])
	t.Run("float64", testSizes[float64])
}

// The size of a row, or of a column, is that of its largest entry, whatever its sign and
// wherever it stands.
func testSizes[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for m := range 10 {
		for n := 1; n < 10; n++ {
			a := mat.NewDense[T](m, n, nil)
			rows, columns := make([]T, m), make([]T, n)
			for i := range m {
				for j := range n {
					x := T(rng.NormFloat64())
					a.Set(i, j, x)
					size := T(math.Abs(float64(x)))
					rows[i], columns[j] = max(rows[i], size), max(columns[j], size)
				}
			}
			got := make([]T, n)
			operand[T]{a, true}.sizes(got)
			require.Equal(t, columns, got)
			got = make([]T, m)
			operand[T]{a, false}.sizes(got)
			require.Equal(t, rows, got)
		}
	}
}
