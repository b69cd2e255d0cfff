package svd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func TestManyProblems(t *testing.T) {
	problems := 10000
	if testing.Short() {
		problems = 500
	}
	rng := rand.New(rand.NewPCG(71, 72))
	kinds := map[string]int{}
	for i := range problems {
		if i%2 == 0 {
			kinds[tryProblem[float64](t, rng, i)]++
		} else {
			kinds[tryProblem[float32](t, rng, i)]++
		}
	}
	require.Len(t, kinds, 7)
}

// tryProblem decomposes a random matrix of a random kind and order, and demands
// LAPACK's ratios, and every singular value where the kind determines it.
func tryProblem[T mat.Float](t *testing.T, rng *rand.Rand, i int) string {
	m, n := 1+rng.IntN(28), 1+rng.IntN(28)
	kind, a, exact := randomProblem[T](rng, m, n)
	name := fmt.Sprintf("problem %d, %s %d×%d", i, kind, m, n)
	var s, referee svd.SVD[T]
	require.NoError(t, s.Factorize(a, svd.Options{}), name)
	var u, v mat.Dense[T]
	s.UTo(&u)
	s.VTo(&v)
	got := s.Values(nil)
	residual, orthU, orthV := oracle.SVDRatios(a, &u, got, &v)
	require.Less(t, max(residual, orthU, orthV), 10.0, name)
	if !exact {
		return kind
	}
	require.NoError(t, referee.Factorize(a, svd.Options{Method: svd.OneSidedJacobi, ValuesOnly: true}), name)
	for k, want := range referee.Values(nil) {
		require.InDelta(t, want, got[k], 100*eps[T]()*float64(want), "%s, value %d of %v", name, k, got)
	}
	return kind
}

// randomProblem returns a matrix of one of seven kinds. It is exact where every
// singular value is determined to a few digits less than T has.
func randomProblem[T mat.Float](rng *rand.Rand, m, n int) (kind string, a *mat.Dense[T], exact bool) {
	k := min(m, n)
	decades := 12 * rng.Float64()
	grades := func(n int) []float64 { return gallery.Shuffled(rng, gallery.Grades(n, decades)) }
	well := gallery.WithSingular[float64](rng, m, n, gallery.Grades(k, rng.Float64()))
	switch rng.IntN(7) {
	case 0:
		return "columns", gallery.Scaled[T](well, nil, grades(n)), n <= m
	case 1:
		return "rows", gallery.Scaled[T](well, grades(m), nil), m <= n
	case 2:
		return "both", gallery.Scaled[T](well, grades(m), grades(n)), m == n
	case 3:
		return "rank", gallery.WithSingular[T](rng, m, n, gallery.Grades(rng.IntN(k+1), 3)), false
	case 4:
		return "cond", gallery.WithSingular[T](rng, m, n, gallery.Grades(k, 16*rng.Float64())), false
	case 5:
		x := gallery.Gaussian[T](rng, m, n)
		for i, v := range x.Data {
			x.Data[i] = T(math.Round(float64(v))) // ties, zeros
		}
		return "integers", x, false
	default:
		types := gallery.GeneralTypes[T](rng, m, n)
		return "LAPACK", types[rng.IntN(len(types))].A, false
	}
}
