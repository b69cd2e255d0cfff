package svd_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func TestOneSidedJacobiDoesNotStretch(t *testing.T) {
	both(t, testOneSidedJacobiDoesNotStretch[float32], testOneSidedJacobiDoesNotStretch[float64])
}

// The rounding of a thousand sines and cosines does not add up in the values.
func testOneSidedJacobiDoesNotStretch[T mat.Float](t *testing.T) {
	const n = 200
	rng := rand.New(rand.NewPCG(61, 62))
	b := gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 1))
	a := gallery.Scaled[T](b, gallery.Shuffled(rng, gallery.Grades(n, 12)), nil)
	wide := mat.NewDense[float64](n, n, nil)
	for i, x := range a.Data {
		wide.Data[i] = float64(x)
	}
	var right svd.SVD[float64]
	require.NoError(t, right.Factorize(wide, svd.Options{Method: svd.GramJacobi}))
	for _, valuesOnly := range []bool{false, true} {
		var s svd.SVD[T]
		require.NoError(t, s.Factorize(a, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: valuesOnly}))
		got := s.Values(nil)
		for k, want := range right.Values(nil) {
			require.InDelta(t, want, got[k], 20*eps[T]()*want, "value %d", k)
		}
	}
}
