package spectral

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// gramOf returns a decomposition that is ready for Factorize.
func gramOf[T mat.Float](a *mat.Dense[T]) *GramSVD[T] {
	g := new(GramSVD[T])
	g.Reset(a.Rows, a.Cols).TransposeFrom(a)
	return g
}

// ratiosOf returns LAPACK's ratios of what Factorize has found.
func ratiosOf[T mat.Float](g *GramSVD[T], a *mat.Dense[T]) (residual, orthU, orthV float64) {
	g.Complete()
	s, v := make([]T, a.Cols), mat.NewDense[T](a.Cols, a.Cols, nil)
	for k := range s {
		s[k] = T(g.D[k])
		for i, x := range g.Right().Row(k) {
			v.Set(g.Perm[i], k, x)
		}
	}
	return oracle.SVDRatios(a, g.Left().T(), s, v)
}

func requireValues[T mat.Float](t *testing.T, want []float64, g *GramSVD[T], name string) {
	t.Helper()
	bound := 45 * Eps[T]() * max(1, math.Sqrt(float64(g.n))/10) // 1e-14 in float64
	for k, x := range want {
		require.InDelta(t, x, g.D[k], bound*x, "%s, value %d of %d", name, k, len(want))
	}
}

func TestGramRandom(t *testing.T) {
	t.Run("float32", testGramRandom[float32])
	t.Run("float64", testGramRandom[float64])
}

func testGramRandom[T mat.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][2]int{{20, 20}, {60, 60}, {130, 130}, {200, 50}} {
		a := gallery.Gaussian[T](rng, shape[0], shape[1])
		g := gramOf(a)
		require.NoError(t, g.Factorize(true, 3, 1), "%+v", g.Stats())
		residual, orthU, orthV := ratiosOf(g, a)
		require.Less(t, residual, 1.0, "%v", shape)
		require.Less(t, orthU, 1.0, "%v", shape)
		require.Less(t, orthV, 1.5, "%v", shape) // the eigensolver's, where nothing needed a correction
	}
}

// Columns graded over any number of decades cost no digits.
func TestGramColumns(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	m, n := 44, 32
	if testing.Short() {
		m, n = 26, 18
	}
	b := gallery.WithSingular[float64](rng, m, n, gallery.Grades(n, 1))
	for _, decades := range []float64{2, 16, 24, 40} {
		grades := gallery.Grades(n, decades)
		for name, cols := range map[string][]float64{
			"sorted": grades, "shuffled": gallery.Shuffled(rng, append([]float64(nil), grades...)),
		} {
			a := gallery.Scaled[float64](b, nil, cols)
			want := oracle.SingularValues(a, 2*int(decades)+2)
			for _, vectors := range []bool{true, false} {
				g := gramOf(a)
				require.NoError(t, g.Factorize(vectors, 5, 1))
				requireValues(t, want, g, name)
			}
			if decades <= 24 {
				a := gallery.Scaled[float32](b, nil, cols)
				g := new(GramSVD[float32])
				w := g.Reset(m, n)
				w.TransposeFrom(a)
				scale := ScaleFor[float32](m*n, 1)
				for i := range n {
					ScaleRow(scale, w.Row(i))
				}
				require.NoError(t, g.Factorize(true, 8, 1))
				for k := range g.D {
					g.D[k] = scale.Undo(g.D[k])
				}
				requireValues(t, oracle.SingularValues(a, 2*int(decades)+2), g, name)
			}
		}
	}
}

// Rounding makes the quotient of a cosine and a gap that are both zero anything.
func TestGramTiesStandStill(t *testing.T) {
	g := gramOf(mat.Eye[float64](4))
	require.True(t, 0x1p-50 <= g.tol)
	copy(g.D, []float64{1, 1, 1 - 0x1p-46, 0})
	g.invert()
	g.g.CopyFrom(mat.Eye[float64](4))
	g.e.Fill(0)
	for i := range 3 {
		for j := range 3 {
			if i != j {
				g.g.Set(i, j, 0x1p-50)
			}
		}
	}
	require.Zero(t, g.firstOrder())

	// With a cosine of exactly zero as well.
	g.g.CopyFrom(mat.Eye[float64](4))
	require.Zero(t, g.firstOrder())
}

// A pair with a drift that is not rounding turns, though its cosine is: if it shared
// the drift standing still, the cosine would be the drift afterwards.
func TestGramDriftOfTiesTurns(t *testing.T) {
	const drift = 1e-9
	g := gramOf(mat.Eye[float64](2))
	copy(g.D, []float64{1, 1 - 1e-4})
	g.invert()
	g.g.CopyFrom(mat.Eye[float64](2))
	g.e.CopyFrom(mat.NewDense(2, 2, []float64{0, drift, drift, 0}))
	g.measureCosines()
	g.stats.Drift = drift
	g.firstOrder()
	require.Zero(t, g.unturned)
	require.InDelta(t, drift, g.e.At(0, 1)+g.e.At(1, 0), 1e-6*drift)
	require.InDelta(t, 0, g.g.At(0, 1)+g.g.At(1, 0), 1e-6*drift)
}

func TestGramTolerance(t *testing.T) {
	var g GramSVD[float64]
	require.Equal(t, 20*Eps[float64](), g.tolerance(1))
	require.Equal(t, 20*Eps[float64](), g.tolerance(400))
	require.Equal(t, 100*Eps[float64](), g.tolerance(10000), "inner products round by about √m")
}

// The first column may be the shortest.
func TestGramComparesWithTheLongest(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	b := gallery.WithSingular[float64](rng, 20, 20, gallery.Grades(20, 1))
	cols := make([]float64, 20)
	for j := range cols {
		cols[j] = 1
	}
	cols[0] = 1e-12
	a := gallery.Scaled[float64](b, nil, cols)
	g := gramOf(a)
	g.begin()
	require.False(t, g.flat)
	require.Equal(t, 0, g.Perm[19])
	g = gramOf(a)
	require.NoError(t, g.Factorize(true, 3, 1))
	require.Greater(t, g.Stats().Windows, 1)
	requireValues(t, oracle.SingularValues(a, 14), g, "short first column")
}

// The Gram matrix of a tight cluster is 1 + P with a small P, and it is P that
// the eigenvectors must diagonalise, to the order of eps·‖P‖.
func TestGramShiftsTightClusters(t *testing.T) {
	const n, width = 60, 1e-10
	rng := rand.New(rand.NewPCG(7, 8))
	q := gallery.Orthonormal(rng, n, n)
	for i, x := range gallery.Gaussian[float64](rng, n, n).Data {
		q.Data[i] += width * x
	}
	g := gramOf(q)
	g.begin()
	g.normalise()
	g.sort(0)
	g.gram()
	p := g.g.Clone()
	for i, x := range g.D {
		for j := range i {
			p.Set(i, j, p.At(i, j)*x*g.D[j])
			p.Set(j, i, p.At(i, j))
		}
		p.Set(i, i, (x-1)*(x+1))
	}
	g.invert()
	require.NoError(t, g.cluster(0, n))
	var left, both mat.Dense[float64]
	left.Mul(&g.e, p) // the eigenvectors are still in g.e
	both.Mul(&left, g.e.T())
	for i := range n {
		for j := range i {
			require.Less(t, math.Abs(both.At(i, j)), 1e-3*Eps[float64](), "(%d, %d)", i, j)
		}
	}
}

// Where rows and columns are graded, the columns of B·D₂ depend on each other,
// and the last Gram matrix shows it.
func TestGramBothGradedFailsVisibly(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	const n = 50
	b := gallery.WithSingular[float64](rng, n, n, gallery.Grades(n, 1))
	a := gallery.Scaled[float64](b, gallery.Grades(n, 16), gallery.Grades(n, 16))
	g := gramOf(a)
	err := g.Factorize(true, 6, 1)
	require.ErrorIs(t, err, mat.ErrNoConvergence)
	require.Greater(t, g.Stats().Off, 1e-3)
	require.Contains(t, err.Error(), "6 corrections")
}

// A correction that is not small leaves what only another Gram matrix shows:
// here the Gram matrix resolves small values that are close to one another
// badly, but not so badly as to make them a cluster.
func TestGramVerifies(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	sigma := make([]float64, 40)
	for i := range sigma {
		sigma[i] = 1e-5 * (1 - 1e-3*float64(i))
	}
	sigma[0] = 1
	a := gallery.WithSingular[float64](rng, 40, 40, sigma)
	off := func(last float64) float64 {
		g := gramOf(a)
		g.limits.last = last
		require.NoError(t, g.Factorize(true, 6, 1))
		require.Equal(t, 1, g.stats.Windows)
		g.gram()
		return g.stats.Off
	}
	require.LessOrEqual(t, off(limitsOf[float64]().last), 20*Eps[float64]())
	require.Greater(t, off(math.Inf(1)), 100*Eps[float64](), "without the guard the test must fail")
}

// Columns that depend on others vanish, rather than shrink for ever.
func TestGramDependentColumns(t *testing.T) {
	t.Run("float32", testGramDependent[float32])
	t.Run("float64", testGramDependent[float64])
}

func testGramDependent[T mat.Float](t *testing.T) {
	const n = 30
	ones := mat.NewDense[T](n, n, nil)
	ones.Fill(1)
	g := gramOf(ones)
	require.NoError(t, g.Factorize(true, 3, 1))
	require.InDelta(t, n, g.D[0], 10*n*Eps[T]())
	require.Zero(t, g.D[n-1])
	residual, orthU, orthV := ratiosOf(g, ones)
	require.Less(t, max(residual, orthU, orthV), 5.0)
}

func TestGramThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	a := gallery.Scaled[float64](gallery.Gaussian[float64](rng, 160, 150), nil, gallery.Grades(150, 12))
	one, many := gramOf(a), gramOf(a)
	require.NoError(t, one.Factorize(true, 5, 1))
	require.NoError(t, many.Factorize(true, 5, 3))
	require.Equal(t, one.D, many.D)
	require.Equal(t, one.w.Data, many.w.Data)
	require.Equal(t, one.v.Data, many.v.Data)
}

// What second order leaves out is below its precision, wherever the large turns
// are: in the last columns, in the first, in one row, in one column, nowhere.
func TestGramNegligible(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	const n = 60
	limit := limitsOf[float32]().second * limitsOf[float32]().second
	for name, scale := range map[string]func(i, j int) float64{
		"last":    func(i, j int) float64 { return 2.5e-3 / float64((n-i)*(n-j)) },
		"first":   func(i, j int) float64 { return 1e-2 / float64((i+1)*(j+1)) },
		"row":     func(i, _ int) float64 { return 1e-6 + 3e-3*float64(i/(n-1)) },
		"column":  func(_, j int) float64 { return 1e-6 + 3e-3*float64(j/(n-1)) },
		"crossed": func(i, j int) float64 { return 1e-9 + 2e-4*float64(max(i, j)/(n-1)) },
		"nowhere": func(int, int) float64 { return 1e-6 },
		"all":     func(int, int) float64 { return 1e-2 },
	} {
		g := gramOf(mat.Eye[float32](n))
		for i := range n {
			for j := range n {
				g.g.Set(i, j, float32(scale(i, j)*math.Abs(rng.NormFloat64())))
			}
		}
		first, _ := g.negligible(&g.g)
		for i := range n {
			for j := range n {
				out := 0.0
				for k := range n {
					if min(i, j, k) < first {
						out += float64(g.g.At(i, k)) * float64(g.g.At(k, j))
					}
				}
				require.LessOrEqual(t, math.Abs(out), 1.001*limit, "%s, (%d, %d) from %d on", name, i, j, first)
			}
		}
		switch name {
		case "last":
			require.Greater(t, first, n/4, name)
		case "nowhere":
			require.Equal(t, n, first, name)
		case "first", "all":
			require.Zero(t, first, name)
		}
	}
}
