package spectral

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

func TestGramTall(t *testing.T) {
	t.Run("float32", testGramTall[float32])
	t.Run("float64", testGramTall[float64])
}

// The last block has few rows, and where vectors are far from orthogonal after
// the first rotation corrections follow.
func testGramTall[T mat.Float](t *testing.T) {
	const m, n = 4099, 24
	steep := 4.0
	if !is64[T]() {
		steep = 1.75
	}
	var g GramSVD[T]
	for name, sigma := range map[string][]float64{
		"near 1":    gallery.Grades(n, 0.3),
		"steep":     gallery.Grades(n, steep),
		"equal":     slices.Repeat([]float64{1}, n),
		"two equal": append([]float64{1, 1}, slices.Repeat([]float64{0.1}, n-2)...),
	} {
		a := gallery.WithSingular[T](rand.New(rand.NewPCG(21, 22)), m, n, sigma)
		for k := range 4 {
			vectors, transposed := k%2 == 0, k > 1
			what := fmt.Sprint(name, " ", vectors, " ", transposed)
			b := a
			if transposed {
				b = a.T()
			}
			ok, err := g.FactorizeTall(b, transposed, vectors, 6, 1)
			require.NoError(t, err)
			require.True(t, ok, "%s: %+v", what, g.Stats())
			if name == "steep" {
				require.Positive(t, g.Stats().Corrections, what)
			}
			s := make([]T, n)
			for k := range s {
				s[k] = T(g.D[k])
				require.InDelta(t, sigma[k], g.D[k], 30*Eps[T]()*sigma[0], "%s, value %d", what, k)
				require.False(t, k > 0 && s[k] > s[k-1], what)
			}
			if vectors {
				residual, orthU, orthV := oracle.SVDRatios(a, g.TallLeft(), s, g.Right().T())
				require.Less(t, residual, 1.0, what)
				require.Less(t, orthU, 1.0, what)
				require.Less(t, orthV, 3.0, what)
			}
		}
	}
}

func TestTallValues(t *testing.T) {
	t.Run("float32", testTallValues[float32])
	t.Run("float64", testTallValues[float64])
}

// Eigenvalues of the Gram matrix serve where all are alike in size.
func testTallValues[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	const m, n = 2500, 40
	var g GramSVD[T]
	for ratio, want := range map[float64]bool{1: true, 3.9: true, 4.1: false, 1e3: false} {
		sigma := gallery.Grades(n, math.Log10(ratio))
		a := gallery.WithSingular[T](rng, m, n, sigma)
		for transposed, b := range map[bool]*mat.Dense[T]{false: a, true: a.T()} {
			ok, err := g.ValuesTall(b, transposed, 1)
			require.NoError(t, err)
			require.Equal(t, want, ok, "%g %v", ratio, transposed)
			for k, x := range sigma {
				if want {
					require.InEpsilon(t, x, g.D[k], 24*Eps[T](), "%g %v %d", ratio, transposed, k)
				}
			}
		}
	}
}

// Where the vectors of the first Gram matrix are not orthogonal, the probe tells, and
// corrections follow.
func TestTallProbe(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	const m, n, turn = 3000, 50, 1e-7
	sigma := gallery.Grades(n, 0.5)
	a := gallery.WithSingular[float64](rng, m, n, sigma)
	for _, near := range []bool{true, false} {
		b := tallOperand[float64]{a: a}
		var g GramSVD[float64]
		g.resetTall(b)
		growDense(&g.u, m, n)
		growDense(&g.block, g.blockRows(), n)
		g.prepare(true, 1)
		ok, err := g.gramTall(b)
		require.NoError(t, err)
		require.True(t, ok)
		q, err := g.eigenvectors(&g.g)
		require.NoError(t, err)
		kernels.Rot(q.Row(3), q.Row(17), 1, turn)
		g.v.CopyFrom(&q)
		for j := range n {
			g.inverse[j] = 1 / sigma[j]
			kernels.Scal(g.inverse[j], q.Row(j))
		}
		g.turnTall(b, &q, near)
		require.False(t, g.probed)
		ok, err = g.correctTall(3)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, 1, g.stats.Corrections)
		residual, orthU, orthV := oracle.SVDRatios(a, g.TallLeft(), g.D, g.Right().T())
		require.Less(t, max(residual, orthU, orthV), 1.0)
	}
}

// What the eigenvectors of one Gram matrix cannot tell apart is left to
// Factorize.
func TestGramTallLeavesTheRest(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	const m, n = 1000, 12
	graded := gallery.Scaled[float64](gallery.Gaussian[float64](rng, m, n), nil, gallery.Grades(n, 16))
	dependent := gallery.Gaussian[float64](rng, m, n)
	zero := gallery.Gaussian[float64](rng, m, n)
	for i := range m {
		dependent.Set(i, 3, dependent.At(i, 5))
		zero.Set(i, 3, 0)
	}
	for name, a := range map[string]*mat.Dense[float64]{
		"graded": graded, "dependent": dependent, "zero column": zero, "zero": mat.NewDense[float64](m, n, nil),
		"ill-conditioned": gallery.WithSingular[float64](rng, m, n, gallery.Grades(n, 9)),
	} {
		var g GramSVD[float64]
		ok, err := g.FactorizeTall(a, false, true, 6, 1)
		require.NoError(t, err)
		require.False(t, ok, name)
	}
}
