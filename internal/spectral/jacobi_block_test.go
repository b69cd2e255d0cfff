package spectral

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func TestBlockJacobi(t *testing.T) { eachFloat(t, testBlockJacobi[float32], testBlockJacobi[float64]) }

// testBlockJacobi holds LAPACK's ratios under 10 on its types, with blocks small
// enough for many pivots.
func testBlockJacobi[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 82))
	for _, height := range []int{2, 7} {
		j := BlockJacobi[T]{height: height}
		for _, n := range []int{0, 1, 2, 11, 31} {
			for _, m := range append(gallery.SymmetricTypes[T](rng, n), hardTypes[T](rng, max(n, 2))...) {
				checkBlockJacobi(t, &j, m)
			}
		}
	}
}

func checkBlockJacobi[T mat.Float](t *testing.T, j *BlockJacobi[T], m gallery.Named[T]) {
	n := m.A.Rows
	scale := ScaleFor[T](n*n, float64(m.A.MaxAbs()))
	a, v := make([]T, n*n), mat.Eye[T](n)
	ScaleTo(scale, a, m.A.Data)
	scaled := mat.NewDense(n, n, slices.Clone(a))
	d, scratch := make([]float64, n), make([]float64, n)
	st, err := j.Run(n, a, v.Data, d, scratch, DefaultSweeps)
	require.NoError(t, err, m.Name)
	require.True(t, st.Converged, "%s: %+v", m.Name, st)

	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(d[x], d[y]) })
	values, vectors := make([]T, n), mat.NewDense[T](n, n, nil)
	for k, i := range order {
		values[k] = T(d[i])
		for r, x := range v.Row(i) {
			vectors.Set(r, k, x)
		}
	}
	residual, orthogonality := oracle.SymmetricRatios(scaled, values, vectors)
	require.Less(t, math.Max(residual, orthogonality), 10.0, "%s, n = %d, blocks of %d", m.Name, n, j.height)
}
