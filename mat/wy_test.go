package mat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// reflectorCase returns k vectors in the rows of v, with the tau that make
// reflectors of them, one of which is I, and their product formed one by one in
// float64.
func reflectorCase[T mat.Float](k, n int) (v *mat.Dense[T], tau []T, h *mat.Dense[float64]) {
	v, tau, h = randomView[T](newRand(), k, n), make([]T, k), unitMatrix[float64](n)
	for i := k - 1; i >= 0; i-- {
		norm := frobenius(v.View(i, 0, 1, n))
		if i != 1 {
			tau[i] = T(2 / (norm * norm))
		}
		row := v.View(i, 0, 1, n)
		rowH := matProduct(mat.NoTrans, mat.NoTrans, row, h)
		for r := range n {
			for c := range n {
				h.Data[r*n+c] -= float64(tau[i]) * float64(row.At(0, r)) * rowH.At(0, c)
			}
		}
	}
	return v, tau, h
}

func testBlockReflector[T mat.Float](t *testing.T) {
	rng := newRand()
	var block mat.BlockReflector[T]
	for _, s := range [][2]int{{0, 5}, {1, 1}, {1, 6}, {3, 10}, {32, 50}, {40, 47}} {
		k, n := s[0], s[1]
		v, tau, h := reflectorCase[T](k, n)
		block.Set(v, tau)
		bound := 8 * float64(n*(k+1)) * oracle.Unit[T]()
		for _, op := range []mat.Transpose{mat.NoTrans, mat.Trans} {
			b := randomView[T](rng, n, 7)
			want := matProduct(op, mat.NoTrans, h, b)
			block.MulLeft(op, b)
			requireNear(t, want, b, bound)
			c := randomView[T](rng, 7, n)
			want = matProduct(mat.NoTrans, op, c, h)
			block.MulRight(op, c)
			requireNear(t, want, c, bound)
		}
	}
}

func TestBlockReflector(t *testing.T) {
	both(t, testBlockReflector[float32], testBlockReflector[float64])
}

func TestBlockReflectorSteadyState(t *testing.T) {
	v, tau, _ := reflectorCase[float64](20, 60)
	b := randomView[float64](newRand(), 60, 60)
	var block mat.BlockReflector[float64]
	once := func() {
		block.Set(v, tau)
		block.MulLeft(mat.NoTrans, b)
		block.MulRight(mat.Trans, b)
	}
	once()
	require.Zero(t, testing.AllocsPerRun(5, once))
}

func TestBlockReflectorPanics(t *testing.T) {
	var block mat.BlockReflector[float64]
	v := mat.NewDense[float64](2, 5, nil)
	panicsWith(t, "Set", func() { block.Set(v, make([]float64, 3)) }, "2×5", "3")
	block.Set(v, make([]float64, 2))
	panicsWith(t, "MulLeft", func() { block.MulLeft(mat.NoTrans, v) }, "5×5", "2×5")
	panicsWith(t, "MulRight", func() { block.MulRight(mat.NoTrans, mat.NewDense[float64](5, 2, nil)) }, "5×5", "5×2")
}
