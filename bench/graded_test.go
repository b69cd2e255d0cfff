package main

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

// The reference of the graded cases agrees with Jacobi in big.Float to the last
// digit.
func TestGradedValues(t *testing.T) {
	a := gradedMatrix[float64](16, 16)
	got, err := gradedValues(a)
	require.NoError(t, err)
	for k, want := range oracle.DefiniteEigenvalues(a) {
		require.InEpsilon(t, want, got[k], 0x1p-52, "eigenvalue %d", k)
	}
}

// So does that of singular values, whatever is graded.
func TestGradedSingularValues(t *testing.T) {
	for _, g := range gradings {
		a := g.matrix(16)
		got, err := gradedSingularValues(a)
		require.NoError(t, err)
		for k, want := range oracle.SingularValues(a, 20) {
			require.InEpsilon(t, want, got[k], 0x1p-52, "%s, value %d", g.name, k)
		}
	}
}

func TestDoubleDouble(t *testing.T) {
	third := dd{hi: 1}.quo(dd{hi: 3})
	require.Equal(t, 1.0, third.add(third).add(third).hi)
	require.Less(t, math.Abs(third.mul(dd{hi: 3}).add(dd{hi: -1}).hi), 0x1p-100)
	two := dd{hi: 2}.root()
	require.Less(t, math.Abs(two.mul(two).add(dd{hi: -2}).hi), 0x1p-100)
}

// A value off by one part in a thousand is seen, and so is a vector.
func TestQualityOfWrongResults(t *testing.T) {
	a := mat.NewDense(2, 2, []float64{4, 0, 0, 1})
	v := mat.NewDense(2, 2, []float64{0, 1, 1, 0})
	job := &eigenJob[float64]{values: []float64{1, 4}, vectors: func() *mat.Dense[float64] { return v }}
	require.Equal(t, &quality{}, qualityOf(a, job, true, []float64{1, 4}))
	job.values[0] = 1.001
	q := qualityOf(a, job, true, []float64{1, 4})
	require.InDelta(t, 0.001, q.Relative, 1e-12)
	require.Equal(t, 1, q.Lost)
	require.InEpsilon(t, 0.001/(8*ulp[float64]()), q.Residual, 1e-9)
	v.Data[0] = 0.5
	require.Greater(t, qualityOf(a, job, true, nil).Orthogonality, 1e14)
}

// Every variant of the group verifies what every peer computes, and measures it.
func TestEigenVariants(t *testing.T) {
	peers, _ := findPeers(options{threads: 1})
	s := &session{options: options{threads: 1, time: 1}, peers: peers, progress: &progress{}}
	for _, v := range append(eigenVariants, eigenVariant{op: "eigen"}) {
		for _, c := range slices.Concat(must(eigenCell[float32](s, 20, v)), must(eigenCell[float64](s, 20, v))) {
			for _, r := range c.Results {
				require.Empty(t, r.Wrong, "%s %s %s", r.Impl, c.Op, c.Elem)
				require.NotEmpty(t, r.Samples)
				require.Equal(t, v.way != valuesOnly, r.Quality != nil)
				if v.graded && r.Impl == "lanes" {
					require.Zero(t, r.Quality.Lost)
				}
			}
		}
	}
}
