package oracle_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// The columns of A and those of Aᵀ are different problems for Jacobi.
func TestSingularValuesAgreeWithTranspose(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	b := gallery.Gaussian[float64](rng, 9, 9)
	grades := gallery.Shuffled(rng, gallery.Grades(9, 16))
	for name, a := range map[string]*mat.Dense[float64]{
		"random":   gallery.Gaussian[float64](rng, 11, 6),
		"columns":  gallery.Scaled[float64](b, nil, grades),
		"rows":     gallery.Scaled[float64](b, grades, nil),
		"both":     gallery.Scaled[float64](b, grades, gallery.Grades(9, 16)),
		"Hilbert":  gallery.Hilbert[float64](9),
		"rank one": gallery.WithSingular[float64](rng, 7, 7, []float64{3}),
	} {
		want := oracle.SingularValues(a, 32)
		at := mat.NewDense[float64](a.Cols, a.Rows, nil)
		for i := range a.Rows {
			for j := range a.Cols {
				at.Set(j, i, a.At(i, j))
			}
		}
		for i, s := range oracle.SingularValues(at, 32) {
			require.InDelta(t, want[i], s, want[i]*0x1p-52, "%s, value %d", name, i)
		}
	}
}

func TestSingularValuesClosedForm(t *testing.T) {
	a, want := gallery.Lauchli[float64](6, 0x1p-40)
	for i, s := range oracle.SingularValues(a, 16) {
		require.InDelta(t, want[i], s, want[i]*0x1p-51)
	}
	for i, s := range oracle.SingularValues(mat.NewDense[float64](3, 2, []float64{1, 1, 1, 1, 1, 1}), 0) {
		require.InDelta(t, []float64{math.Sqrt(6), 0}[i], s, 1e-60)
	}
}

func TestEigenvaluesClosedForm(t *testing.T) {
	a, want := gallery.Laplacian[float64](8)
	for i, d := range oracle.Eigenvalues(a) {
		require.InDelta(t, want[i], d, 0x1p-50)
	}
	a = mat.NewDense[float64](2, 2, []float64{0, -3, -3, 0})
	require.Equal(t, []float64{-3, 3}, oracle.Eigenvalues(a))
	require.Equal(t, []float64{0, 0}, oracle.Eigenvalues(mat.NewDense[float64](2, 2, nil)))
}

// The two references agree where the scales of rows and columns range over 12
// decades.
func TestDefiniteEigenvalues(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	spectrum := []float64{1, 1.2, 1.4, 2, 2, 3, 4, 4.5}
	d := gallery.Shuffled(rng, gallery.Grades(len(spectrum), 12))
	a := gallery.Scaled[float64](gallery.WithSpectrum[float64](rng, spectrum), d, d)
	want := oracle.SingularValues(a, 24)
	for k, x := range oracle.DefiniteEigenvalues(a) {
		require.InEpsilon(t, want[len(want)-1-k], x, 1e-15, "eigenvalue %d", k)
	}
	require.Panics(t, func() { oracle.DefiniteEigenvalues(mat.NewDense(2, 2, []float64{1, 2, 2, 1})) })
}
