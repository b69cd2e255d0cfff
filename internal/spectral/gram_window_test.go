package spectral

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

// A separation to second order is I + K + K²/2 with K antisymmetric, whichever
// side is the larger one.
func TestGramShearSquared(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	const n, p = 30, 3
	for _, k := range []int{1, 5, 13, 14, 22, 26} {
		g := gramOf(gallery.Gaussian[float64](rng, n, n))
		x := g.w.Clone()
		e := gallery.Gaussian[float64](rng, k, n-p-k)
		turns := mat.NewDense[float64](n, n, nil)
		for i := range k {
			for j, v := range e.Row(i) {
				e.Row(i)[j] = v / 100
				turns.Set(p+i, p+k+j, -v/100)
				turns.Set(p+k+j, p+i, v/100)
			}
		}
		g.shearSquared(&g.w, &g.next, e, p)
		want := x.Clone()
		mat.Gemm(mat.NoTrans, mat.NoTrans, 1, turns, x, 1, want)
		var square mat.Dense[float64]
		square.Mul(turns, turns)
		mat.Gemm(mat.NoTrans, mat.NoTrans, 0.5, &square, x, 1, want)
		for i := range n {
			require.InDeltaSlice(t, want.Row(i), g.w.Row(i), 1e-13, "k = %d, row %d", k, i)
		}
	}
}

// What windows leave is small enough for one correction, but for few matrices, also
// where the second order of V counts, and where columns become as short as the
// rounding of the longest.
func TestGramOneCorrection(t *testing.T) {
	t.Run("float32", testGramOneCorrection[float32])
	t.Run("float64", testGramOneCorrection[float64])
}

func testGramOneCorrection[T mat.Float](t *testing.T) {
	const n, matrices = 150, 12
	corrections := map[string]int{}
	for seed := range uint64(matrices) {
		rng := rand.New(rand.NewPCG(33, seed))
		steep := gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 8))
		b := gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 1))
		for name, a := range map[string]*mat.Dense[float64]{
			"columns":   gallery.Scaled[float64](b, nil, gallery.Shuffled(rng, gallery.Grades(n, 12))),
			"condition": steep,
		} {
			narrow := gallery.Scaled[T](a, nil, nil)
			g := gramOf(narrow)
			require.NoError(t, g.Factorize(true, 3, 1), name)
			corrections[name] += g.Stats().Corrections
			residual, orthU, orthV := ratiosOf(g, narrow)
			require.Less(t, max(residual, orthU, orthV), 2.0, name)
		}
	}
	for name, c := range corrections {
		require.LessOrEqual(t, c, matrices*3/2, name)
	}
}

// The first separation leaves out of V's products what is still of the identity, and
// only the first.
func TestGramShearFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(35, 36))
	const n, seen = 40, 17
	for _, k := range []int{1, 9, seen} {
		g := gramOf(mat.Eye[float64](n))
		q := gallery.Gaussian[float64](rng, seen, seen)
		g.v.CopyFrom(mat.Eye[float64](n))
		corner := window(&g.v, 0, 0, seen, seen)
		corner.CopyFrom(q)
		v, e := g.v, gallery.Gaussian[float64](rng, k, n-k)
		g.v = *v.Clone()
		g.shear(&g.v, &g.turn, e, 0)
		want := g.v
		g.v, g.seen = v, seen
		g.shearFirst(e)
		for i := range n {
			require.InDeltaSlice(t, want.Row(i), g.v.Row(i), 1e-13, "k = %d, row %d", k, i)
		}
	}

	a := gallery.Scaled[float64](gallery.Gaussian[float64](rng, n, n), nil, gallery.Grades(n, 12))
	g := gramOf(a)
	require.NoError(t, g.Factorize(true, 3, 1))
	require.Greater(t, g.stats.Windows, 2)
	require.Zero(t, g.seen)
}
