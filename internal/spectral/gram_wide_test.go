package spectral

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

// Eigenvectors from float64 leave cosines that are far smaller than those of a
// float32 Gram matrix, and what follows keeps its ratios; also of more rows than
// columns and of columns of different lengths.
func TestGramWide(t *testing.T) {
	rng := rand.New(rand.NewPCG(91, 92))
	for _, m := range []int{150, 333} {
		const n = 150
		b := gallery.Gaussian[float64](rng, m, n)
		for name, a := range map[string]*mat.Dense[float32]{
			"flat":    gallery.Scaled[float32](b, nil, nil),
			"columns": gallery.Scaled[float32](b, nil, gallery.Shuffled(rng, gallery.Grades(n, 1))),
		} {
			cosine := func(wideFrom int) float64 {
				g := &GramSVD[float32]{wideFrom: wideFrom}
				g.Reset(m, n).TransposeFrom(a)
				g.prepare(true, 1)
				g.begin()
				require.NoError(t, g.precondition())
				g.normalise()
				g.gram()
				return g.stats.Off
			}
			narrow, wide := cosine(n+1), cosine(n/2)
			require.Less(t, wide, narrow/2, "%s, m = %d", name, m)

			g := &GramSVD[float32]{wideFrom: n / 2}
			factorize := func() {
				g.Reset(m, n).TransposeFrom(a)
				if g.Factorize(true, 5, 1) != nil {
					t.Fail()
				}
			}
			factorize()
			require.Less(t, g.stats.Corrections, 2, name)
			residual, orthU, orthV := ratiosOf(g, a)
			require.Less(t, max(residual, orthU, orthV), 2.0, "%s, m = %d", name, m)
			require.Zero(t, testing.AllocsPerRun(1, factorize), name)
		}
	}
}

// Windows of so many float32 columns are wide, none of float64.
func TestGramWideOrder(t *testing.T) {
	require.True(t, new(GramSVD[float32]).wide(wideOrder))
	require.False(t, new(GramSVD[float32]).wide(wideOrder-1))
	require.False(t, new(GramSVD[float64]).wide(wideOrder))

	a := gallery.Gaussian[float32](rand.New(rand.NewPCG(93, 94)), 80, 20)
	ok, err := new(GramSVD[float32]).FactorizeTall(a, true, 5, 1)
	require.True(t, ok)
	require.NoError(t, err)
	ok, err = (&GramSVD[float32]{wideFrom: 20}).FactorizeTall(a, true, 5, 1)
	require.False(t, ok, "left to Factorize")
	require.NoError(t, err)
}
