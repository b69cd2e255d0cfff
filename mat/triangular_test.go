package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// triangle is one case of a triangular system.
type triangle struct {
	side mat.Side
	half mat.Triangle
	t    mat.Transpose
	diag mat.Diagonal
}

func triangles() (all []triangle) {
	for i := range 16 {
		all = append(all, triangle{i&1 != 0, i&2 != 0, i&4 != 0, i&8 != 0})
	}
	return all
}

// split returns an n × n matrix with NaN wherever c says that nothing is read,
// and op of the triangular matrix that it means.
func split[T mat.Float](c triangle, n int) (a *mat.Dense[T], op *mat.Dense[float64]) {
	a = randomView[T](newRand(), n, n)
	op = mat.NewDense[float64](n, n, nil)
	for i := range n {
		for j := range n {
			v := float64(a.At(i, j)) / float64(n) // off the diagonal: keeps solutions small
			switch {
			case i == j && c.diag == mat.Unit:
				a.Set(i, j, T(math.NaN()))
				op.Set(i, j, 1)
				continue
			case i == j:
				v = 1 + math.Abs(v)
			case (j < i) != (c.half == mat.Lower):
				a.Set(i, j, T(math.NaN()))
				continue
			}
			a.Set(i, j, T(v))
			op.Set(i, j, float64(a.At(i, j)))
		}
	}
	if c.t == mat.Trans {
		op = transposed(op)
	}
	return a, op
}

func magnitudes[T mat.Float](a *mat.Dense[T]) *mat.Dense[float64] {
	m := mat.NewDense[float64](a.Rows, a.Cols, nil)
	for i := range m.Data {
		m.Data[i] = math.Abs(float64(a.At(i/a.Cols, i%a.Cols)))
	}
	return m
}

// requireSolved requires |A·X − B| ≤ γ·|A|·|X| (Higham, theorem 8.5, in any
// order; three roundings more where a row is multiplied by the inverse and the
// right-hand side by alpha).
func requireSolved[T mat.Float](t *testing.T, a *mat.Dense[float64], x *mat.Dense[T], b *mat.Dense[float64]) {
	t.Helper()
	got := matProduct(mat.NoTrans, mat.NoTrans, a, x)
	size := matProduct(mat.NoTrans, mat.NoTrans, magnitudes(a), magnitudes(x))
	gamma := oracle.Gamma[T](a.Rows + 3)
	for i := range got.Data {
		require.LessOrEqual(t, math.Abs(got.Data[i]-b.Data[i]), gamma*size.Data[i]+1e-300, "entry %d", i)
	}
}

func testTrsm[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, c := range triangles() {
		for _, s := range [][2]int{{0, 3}, {3, 0}, {1, 1}, {7, 5}, {8, 1}, {33, 20}, {67, 9}} {
			n, k := s[0], s[1]
			t.Run(fmt.Sprintf("%v/%dx%d", c, n, k), func(t *testing.T) {
				a, op := split[T](c, n)
				rows, cols := n, k
				if c.side == mat.Right {
					rows, cols = k, n
				}
				x := randomView[T](rng, rows, cols)
				b := mat.NewDense[float64](rows, cols, nil)
				for i := range b.Data {
					b.Data[i] = -2 * float64(x.At(i/cols, i%cols))
				}
				mat.Trsm(c.side, c.half, c.t, c.diag, -2, a, x)
				if c.side == mat.Right {
					requireSolved(t, transposed(op), transposed(x), transposed(b))
				} else {
					requireSolved(t, op, x, b)
				}
			})
		}
	}
}

func TestTrsm(t *testing.T) { both(t, testTrsm[float32], testTrsm[float64]) }

func testTrsv[T mat.Float](t *testing.T) {
	for _, c := range triangles()[:16] {
		for _, n := range []int{0, 1, 5, 64, 101} {
			a, op := split[T](c, n)
			b := random[T](newRand(), n, 1)
			x := b.Clone()
			mat.Trsv(c.half, c.t, c.diag, a, x.Data)
			requireSolved(t, op, x, matProduct(mat.NoTrans, mat.NoTrans, unitMatrix[T](n), b))
		}
	}
}

func TestTrsv(t *testing.T) { both(t, testTrsv[float32], testTrsv[float64]) }

func TestTrsmRange(t *testing.T) {
	for _, d := range []float64{0x1p-1070, 0x1p1023, -0x1p-1022} {
		a, b := mat.NewDense(1, 1, []float64{d}), mat.NewDense(1, 2, []float64{3 * d, d})
		mat.Trsm(mat.Left, mat.Upper, mat.NoTrans, mat.NonUnit, 1, a, b)
		require.InDelta(t, 1, b.At(0, 1), 0)
	}
	a, b := mat.NewDense(1, 1, []float64{0}), mat.NewDense(1, 1, []float64{1})
	mat.Trsm(mat.Left, mat.Upper, mat.NoTrans, mat.NonUnit, 1, a, b)
	require.True(t, math.IsInf(b.At(0, 0), 1))
}

func TestTrsmAlphaZero(t *testing.T) {
	nan := mat.NewDense(2, 2, []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()})
	b := nan.Clone()
	mat.Trsm(mat.Right, mat.Lower, mat.NoTrans, mat.NonUnit, 0, nan, b)
	require.Equal(t, make([]float64, 4), b.Data)
}

func TestTrsmSteadyState(t *testing.T) {
	a, _ := split[float64](triangle{}, 90)
	b := random[float64](newRand(), 90, 90)
	once := func() {
		mat.Trsm(mat.Left, mat.Upper, mat.NoTrans, mat.NonUnit, 1, a, b)
		mat.Trsm(mat.Right, mat.Upper, mat.Trans, mat.NonUnit, 1, a, b)
	}
	once()
	require.Less(t, testing.AllocsPerRun(10, once), 1.0) // a collection may empty the pool
}

func TestTriangularPanics(t *testing.T) {
	a, b := mat.NewDense[float64](3, 3, nil), mat.NewDense[float64](4, 2, nil)
	solve := func(side mat.Side, a, b *mat.Dense[float64]) func() {
		return func() { mat.Trsm(side, mat.Upper, mat.NoTrans, mat.NonUnit, 1, a, b) }
	}
	panicsWith(t, "Trsm", solve(mat.Left, a, b), "3×3", "4×2")
	panicsWith(t, "Trsm", solve(mat.Right, a, b), "3×3", "4×2")
	panicsWith(t, "Trsm", solve(mat.Left, b, b), "4×2")
	panicsWith(t, "Trsm", solve(mat.Left, a, a), "shares")
	panicsWith(t, "Trsv", func() { mat.Trsv(mat.Upper, mat.NoTrans, mat.NonUnit, a, b.Data) }, "3×3", "8")
}
