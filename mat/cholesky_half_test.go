package mat_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func ExampleCholesky_SolveU() {
	a := mat.NewDense(2, 2, []float64{
		4, 2,
		2, 10,
	})
	var f mat.Cholesky[float64]
	if err := f.Factorize(a); err != nil {
		fmt.Println(err)
		return
	}
	b := mat.NewDense(2, 1, []float64{6, 9})
	f.SolveU(mat.Left, mat.NoTrans, b) // U is [2 1; 0 3]
	fmt.Println(b.Data)
	// Output:
	// [1.5 3]
}

func TestCholeskySolveU(t *testing.T) {
	const n, c = 21, 6
	a, _ := definite[float64](n)
	var f mat.Cholesky[float64]
	panicsWith(t, "SolveU", func() { f.SolveU(mat.Left, mat.NoTrans, mat.NewDense[float64](n, 1, nil)) })
	require.NoError(t, f.Factorize(a))
	var u mat.Dense[float64]
	f.UTo(&u)
	for _, side := range []mat.Side{mat.Left, mat.Right} {
		for _, trans := range []mat.Transpose{mat.NoTrans, mat.Trans} {
			got := random[float64](newRand(), n, c)
			if side == mat.Right {
				got = random[float64](newRand(), c, n)
			}
			want := got.Clone()
			f.SolveU(side, trans, got)
			mat.Trsm(side, mat.Upper, trans, mat.NonUnit, 1, &u, want)
			require.Equal(t, want.Data, got.Data)
		}
	}
	panicsWith(t, "SolveU", func() { f.SolveU(mat.Right, mat.NoTrans, mat.NewDense[float64](n, n-1, nil)) })
	require.NotPanics(t, func() { f.SolveU(mat.Left, mat.Trans, mat.NewDense[float64](n, 0, nil)) })
}
