package spectral

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func TestSymDC(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testSymDC[float32](t, 0x1p-23, 0x1p62) })
	t.Run("float64", func(t *testing.T) { testSymDC[float64](t, 0x1p-52, 0x1p510) })
}

// testSymDC holds LAPACK's ratios under 10 on every type (ddrvst: 60), and
// under 1 on random matrices, where errors of n roundings average out.
func testSymDC[T mat.Float](t *testing.T, ulp, huge float64) {
	var solver, values SymDC[T]
	for _, kind := range symTypes {
		for _, n := range []int{1, 2, 3, 5, 31, 33, 64, 65, 130, 201, 300} {
			rng := rand.New(rand.NewPCG(uint64(n), 7))
			a := toDense[T](n, kind.build(n, ulp, huge, rng))
			name := fmt.Sprintf("%s, n = %d", kind.name, n)
			require.NoError(t, solver.Factorize(a, false, 1), name)
			require.NoError(t, values.Factorize(a, true, 1), name)
			residual, orthogonality, difference := ratios(a, &solver, values.Values(), ulp)
			bound := 10.0
			if kind.name == "random" && n > 3 {
				bound = 1
			}
			require.Less(t, residual, bound, "residual: %s", name)
			require.Less(t, orthogonality, bound, "orthogonality: %s", name)
			require.Less(t, difference, bound, "values only: %s", name)
			if testing.Verbose() {
				st := solver.Stats()
				t.Logf("%-32s %.3f %.3f %.3f deflated %d/%d eval %.2f", name, residual, orthogonality, difference, st.Deflated, st.Rows, float64(st.Evaluations)/float64(st.Rows-st.Deflated))
			}
		}
	}
}

func toDense[T mat.Float](n int, a []float64) *mat.Dense[T] {
	m := mat.NewDense[T](n, n, nil)
	for i, x := range a {
		m.Data[i] = T(x)
	}
	return m
}

// ratios returns ‖AV-VΛ‖/(‖A‖·n·ulp), ‖I-VᵀV‖/(n·ulp) and the largest
// difference of the values-only path over ‖A‖·n·ulp, in maximum norms.
func ratios[T mat.Float](a *mat.Dense[T], s *SymDC[T], values []T, ulp float64) (residual, orthogonality, difference float64) {
	n := a.Rows
	v := mat.NewDense[T](n, n, nil)
	s.RowsTo(v)
	a64, v64 := wide(a), wide(v)
	norm := 0.0
	for i := range n {
		sum := 0.0
		for _, x := range a64.Row(i) {
			sum += math.Abs(x)
		}
		norm = max(norm, sum)
	}
	if norm == 0 {
		norm = 1
	}
	scaled(1/norm, a64.Data)
	av, vv := mat.NewDense[float64](n, n, nil), mat.NewDense[float64](n, n, nil)
	mat.Gemm(mat.NoTrans, mat.Trans, 1, v64, a64, 0, av)
	mat.Gemm(mat.NoTrans, mat.Trans, 1, v64, v64, 0, vv)
	for i := range n {
		lambda := float64(s.Values()[i]) / norm
		vv.Data[i*n+i]--
		for j := range n {
			residual = max(residual, math.Abs(av.Data[i*n+j]-lambda*v64.Data[i*n+j]))
			orthogonality = max(orthogonality, math.Abs(vv.Data[i*n+j]))
		}
		difference = max(difference, math.Abs(float64(values[i])/norm-lambda))
	}
	scale := float64(n) * ulp
	return residual / scale, orthogonality / scale, difference / scale
}

func wide[T mat.Float](a *mat.Dense[T]) *mat.Dense[float64] {
	w := mat.NewDense[float64](a.Rows, a.Cols, nil)
	for i, x := range a.Data {
		w.Data[i] = float64(x)
	}
	return w
}
