package svd_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// Small matrices are rotated in lanes, in float32 larger ones where they are nearly
// square.
func TestAutoTakesLanes(t *testing.T) {
	requireMethods[float64](t, svd.OneSidedJacobi, [][2]int{{16, 16}, {64, 16}, {16, 64}})
	requireMethods[float64](t, svd.GramJacobi, [][2]int{{17, 17}, {65, 16}, {32, 32}})
	requireMethods[float32](t, svd.OneSidedJacobi, [][2]int{{64, 24}, {32, 32}, {32, 26}, {26, 32}})
	requireMethods[float32](t, svd.GramJacobi, [][2]int{{33, 33}, {32, 25}, {25, 32}, {65, 24}})
}

// requireMethods requires Auto to take a method for Gaussian matrices of these shapes.
func requireMethods[T mat.Float](t *testing.T, want svd.Method, shapes [][2]int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(81, 82))
	for _, shape := range shapes {
		a := gallery.Gaussian[T](rng, shape[0], shape[1])
		var s svd.SVD[T]
		require.NoError(t, s.Factorize(a, svd.Options{}))
		require.Equal(t, want, s.Stats().Method, "%v", shape)
		decompose(t, a, svd.Auto, "random")
	}
}
