package spectral

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

// A pair is orthogonal after its turn, whether it drifts or not and however close its
// lengths are, also where the second is the longer one.
func TestPairTurn(t *testing.T) {
	for _, y := range []float64{1, 1 - 1e-9, 0.999, 0.5, 1e-3} {
		for _, c := range []float64{0, 1e-12, 1e-3, -0.2} {
			for _, r := range []float64{0, 1e-9, -1e-2, 0.1} {
				if c == 0 && r == 0 {
					continue // such a pair does not turn
				}
				for _, swap := range []bool{false, true} {
					x, y := 1.0, y
					if swap {
						x, y = y, x
					}
					m, first, second := pairTurn(x, y, c, r)
					of := func(a, b, cross float64) (ii, ij, jj float64) { // Mᵀ·A·M
						ii = m.ii*m.ii*a + 2*m.ii*m.ji*cross + m.ji*m.ji*b
						ij = m.ii*m.ij*a + (m.ii*m.jj+m.ji*m.ij)*cross + m.ji*m.jj*b
						jj = m.ij*m.ij*a + 2*m.ij*m.jj*cross + m.jj*m.jj*b
						return ii, ij, jj
					}
					ii, ij, jj := of(x*x, y*y, c*x*y)
					require.InDelta(t, first*first, ii, 1e-15)
					require.InDelta(t, 0, ij, 1e-15, "%g %g %g %g", x, y, c, r)
					require.InDelta(t, second*second, jj, 1e-15)
					ii, ij, jj = of(1, 1, -r)
					require.InDelta(t, 1, ii, 1e-15)
					require.InDelta(t, 0, ij, 1e-15)
					require.InDelta(t, 1, jj, 1e-15)
				}
			}
		}
	}
}

// Pairs take the Gram matrices with them: what they leave in them is what another
// product would find, columns are in order, and no pair is left to turn by much.
func TestGramPairs(t *testing.T) {
	t.Run("float32", testGramPairs[float32])
	t.Run("float64", testGramPairs[float64])
}

func testGramPairs[T mat.Float](t *testing.T) {
	const n = 60
	rng := rand.New(rand.NewPCG(41, 42))
	for _, drifted := range []bool{false, true} {
		q, v := gallery.Orthonormal(rng, n, n), gallery.Orthonormal(rng, n, n)
		g := gramOf(mat.Eye[T](n))
		for i := range n {
			length := 1 - float64(i)/n
			switch i % 10 {
			case 1: // a pair
				length = 1 - float64(i-1)/n
			case 4, 5: // and three
				length = 1 - float64(3+i/10*10)/n
			}
			length -= 1e-2 * g.limits.single * rng.Float64()
			for j := range n {
				x := 30 * Eps[T]() * rng.NormFloat64()
				g.w.Set(i, j, T((q.At(i, j)+x)*length))
				g.v.Set(i, j, T(v.At(i, j)+x))
			}
		}
		g.prepare(true, 1)
		g.drifted = drifted
		g.normalise()
		g.unitRight()
		g.sort(0)
		g.gram()
		g.pairs()
		require.Less(t, g.D[n-1], g.D[0])
		for i := range n - 1 {
			require.LessOrEqual(t, g.D[i+1], g.D[i])
			require.False(t, g.pairsOf(i))
			require.Less(t, g.last[i], singles)
		}
		cosines, drifts := g.g.Clone(), g.e.Clone()
		g.gram()
		for i := range n {
			for j := range i {
				require.InDelta(t, g.g.At(i, j), cosines.At(i, j), 8*Eps[T](), "(%d, %d)", i, j)
				require.InDelta(t, g.e.At(i, j), drifts.At(i, j), 8*Eps[T](), "(%d, %d)", i, j)
			}
			require.InDelta(t, 0, drifts.At(i, i), 8*Eps[T]())
		}
	}
}

// Values that are close to one another cost no second correction.
func TestGramClosePairs(t *testing.T) {
	const n = 120
	rng := rand.New(rand.NewPCG(43, 44))
	sigma := gallery.Grades(n, 3)
	for i := 1; i < n; i += 4 {
		sigma[i] = sigma[i-1] * (1 - 1e-4)
	}
	a := gallery.WithSingular[float32](rng, n, n, sigma)
	g := gramOf(a)
	require.NoError(t, g.Factorize(true, 3, 1))
	require.Equal(t, 1, g.stats.Corrections)
	require.Zero(t, g.stats.Clusters)
	residual, orthU, orthV := ratiosOf(g, a)
	require.Less(t, max(residual, orthU, orthV), 1.0)
}

// Many float32 columns, whose Gram matrix leaves large cosines, need one correction, and
// a second decomposition finds the same.
func TestGramManyColumns(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 400
	}
	a := gallery.Gaussian[float32](rand.New(rand.NewPCG(45, 46)), n, n)
	g := new(GramSVD[float32])
	var first []float64
	for range 2 {
		g.Reset(n, n).TransposeFrom(a)
		require.NoError(t, g.Factorize(true, 3, 1))
		require.Equal(t, 1, g.stats.Corrections)
		require.Zero(t, g.stats.Clusters)
		if first == nil {
			first = append(first, g.D...)
		}
		require.Equal(t, first, g.D)
	}
}
