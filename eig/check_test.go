package eig_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/mat"
)

func ExampleErrNotSymmetric() {
	a := mat.NewDense(3, 3, []float64{
		4, 1, 0,
		1, 3, 1,
		0, 1.5, 2,
	})
	var e eig.Sym[float64]
	fmt.Println(e.Factorize(a, eig.Options{SymmetryTol: 1e-12}))
	// Output:
	// lanes: the matrix is not symmetric: entries (1, 2) and (2, 1) are 1 and 1.5, which differ by 0.5, and 4e-12 is allowed
}

func TestSymmetryTol(t *testing.T) {
	var e eig.Sym[float64]
	a := mat.NewDense(2, 2, []float64{10, 1, 2, 5})
	for tol, ok := range map[float64]bool{0: true, 0.0999: false, 0.1: true, 1e-300: false} {
		err := e.Factorize(a, eig.Options{SymmetryTol: tol})
		require.Equal(t, ok, err == nil, "%g", tol)
		if !ok {
			require.ErrorIs(t, err, eig.ErrNotSymmetric)
			requirePanic(t, "Values", func() { e.Values(nil) })
		}
	}
	a.Set(1, 0, math.NaN()) // of no concern unless asked
	require.NoError(t, e.Factorize(a, eig.Options{}))
	require.ErrorIs(t, e.Factorize(a, eig.Options{SymmetryTol: 1}), eig.ErrNotSymmetric)
	require.NoError(t, e.Factorize(mat.NewDense[float64](0, 0, nil), eig.Options{SymmetryTol: 1}))
	for _, tol := range []float64{-1, math.NaN()} {
		requirePanic(t, "Factorize", func() { e.Factorize(a, eig.Options{SymmetryTol: tol}) })
	}
}

// Fields whose product overflows pass no check.
func TestOverflowingStride(t *testing.T) {
	a := &mat.Dense[float64]{Rows: 3, Cols: 3, Stride: math.MaxInt, Data: make([]float64, 9)}
	requirePanic(t, "Factorize", func() { _ = new(eig.Sym[float64]).Factorize(a, eig.Options{}) })
	requirePanic(t, "Factorize", func() { _ = new(eig.Batch[float64]).Factorize([]*mat.Dense[float64]{a}, eig.Options{}) })
}

// A matrix that is not there is named, with the function that wants it.
func TestNil(t *testing.T) {
	var none *mat.Dense[float64]
	one := mat.Eye[float64](1)
	var e eig.Sym[float64]
	var b eig.Batch[float64]
	var g eig.Generalized[float64]
	require.NoError(t, e.Factorize(one, eig.Options{}))
	requirePanic(t, "Factorize", func() { _ = e.Factorize(none, eig.Options{}) })
	requirePanic(t, "Factorize", func() { _ = b.Factorize([]*mat.Dense[float64]{one, none}, eig.Options{}) })
	requirePanic(t, "Factorize", func() { _ = g.Factorize(none, one, eig.Options{}) })
	requirePanic(t, "Factorize", func() { _ = g.Factorize(one, none, eig.Options{}) })
	requirePanic(t, "VectorsTo", func() { e.VectorsTo(none) })
}
