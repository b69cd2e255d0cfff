package spectral

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
)

func TestGramAdvance(t *testing.T) {
	t.Run("float32", testGramAdvance[float32])
	t.Run("float64", testGramAdvance[float64])
}

// X + X·E is right to less than eps of a column, whatever is left out of the product or
// in float32: where turns are large beside the diagonal alone, in the upper triangle, in
// the last columns, nowhere or everywhere; also where X is far longer than the room for
// its float32 columns, and of fewer columns than a block and of more.
func testGramAdvance[T mat.Float](t *testing.T) {
	for _, shape := range [][2]int{{90, 90}, {450, 90}, {480, 480}, {2400, 480}} {
		m, n := shape[0], shape[1]
		for name, decades := range map[string]func(i, j int) int{
			"diagonal": func(i, j int) int { return 6 + 20*max(i-j, j-i)/n },
			"upper":    func(i, j int) int { return 6 + 20*max(i-j, 0)/n },
			"last":     func(i, j int) int { return 6 + 7*(2*n-i-j)/n },
			"small":    func(int, int) int { return 12 },
			"none":     func(int, int) int { return 24 },
			"all":      func(int, int) int { return 5 },
		} {
			rng := rand.New(rand.NewPCG(51, 52))
			g := gramOf(mat.NewDense[T](m, n, nil))
			square := 0.0
			for i := range n {
				for j := range n {
					e := math.Pow(10, -float64(decades(i, j))) * rng.NormFloat64()
					g.g.Set(i, j, T(e))
					square += e * e
				}
				row := g.w.Row(i)
				for j := range row {
					row[j] = T(rng.NormFloat64() / math.Sqrt(float64(m)))
				}
			}
			x, e := g.w.Clone(), g.g.Clone()
			g.advance(&g.w, &g.next, &g.g, &g.turn, math.Sqrt(square))
			want := make([]float64, m)
			for j := 0; j < n; j += 13 {
				clear(want)
				for k := range n {
					turn := float64(e.At(k, j))
					for c, v := range x.Row(k) {
						want[c] += float64(v) * turn
					}
				}
				off := 0.0
				for c, v := range g.w.Row(j) {
					gained := float64(v) - float64(x.At(j, c))
					off += (gained - want[c]) * (gained - want[c])
				}
				require.Less(t, math.Sqrt(off), Eps[T](), "%s, %d×%d, column %d", name, m, n, j)
			}
		}
	}
}

// Where columns differ in length most products are left out, or in float32.
func TestGramReach(t *testing.T) {
	const n = 10 * turnBlock
	g := gramOf(mat.Eye[float64](n))
	for i := range n {
		for j := range n {
			g.e.Set(i, j, math.Pow(10, -7-2*float64(max(i-j, j-i))/turnBlock))
		}
	}
	wide, narrow := g.measureReach(&g.e, 1)
	require.True(t, wide)
	require.True(t, narrow)
	products, inFloat32 := 0, 0
	for _, r := range g.reach {
		require.LessOrEqual(t, 0, r.from)
		require.LessOrEqual(t, r.from, r.wideFrom)
		require.Less(t, r.wideFrom, r.wideTo)
		require.LessOrEqual(t, r.wideTo, r.to)
		require.LessOrEqual(t, r.to, n)
		products += r.to - r.from
		inFloat32 += r.to - r.from - (r.wideTo - r.wideFrom)
	}
	all := n * len(g.reach)
	require.Less(t, products, all*9/10)
	require.Greater(t, inFloat32, products/2)

	few := gallery.Gaussian[float64](rand.New(rand.NewPCG(53, 54)), narrowOrder-1, narrowOrder-1)
	g = gramOf(few)
	_, narrow = g.measureReach(few, 0)
	require.False(t, narrow, "conversions would take longer")
}

func TestGramSquare(t *testing.T) {
	t.Run("float32", testGramSquare[float32])
	t.Run("float64", testGramSquare[float64])
}

// What second order leaves out of its products is below its precision, and what it does
// not has the digits of float32.
func testGramSquare[T mat.Float](t *testing.T) {
	const n = 2*turnBlock + 96
	limit := limitsOf[T]().second
	for name, distance := range map[string]func(i, j int) int{
		"diagonal": func(i, j int) int { return max(i-j, j-i) },
		"upper":    func(i, j int) int { return max(i-j, 0) },
		"last":     func(i, j int) int { return n - min(i, j) },
	} {
		rng := rand.New(rand.NewPCG(55, 56))
		g := gramOf(mat.Eye[T](n))
		for i := range n {
			for j := range n {
				g.g.Set(i, j, T(10*limit*math.Pow(10, -float64(distance(i, j))/24)*rng.NormFloat64()))
			}
		}
		first, longest := g.negligible(&g.g)
		require.Less(t, first, n*9/10, name)
		x := g.square(&g.g, first, longest)
		at := func(i, j int) float64 { return float64(g.g.At(i, j)) }
		for i := first; i < n; i += 13 {
			for j := first; j < n; j++ {
				want, size := 0.0, 0.0
				for k := first; k < n; k++ {
					p, q := (at(i, k)+at(k, i)/2)*at(k, j), (at(j, k)+at(k, j)/2)*at(k, i)
					want += p + q
					size += math.Abs(p) + math.Abs(q)
				}
				require.InDelta(t, want, x.At(i-first, j-first), limit*limit+Eps[float32]()*size+0x1p-62*limit, "%s (%d, %d)", name, i, j)
			}
		}
	}
}
