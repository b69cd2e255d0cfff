package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func ExampleDense_Norm() {
	m := mat.NewDense(2, 2, []float64{1, -2, 2, 4})
	fmt.Println(m.Norm(), m.NormOne(), m.NormInf(), m.MaxAbs())
	// Output: 5 6 6 4
}

func ExampleDense_Asymmetry() {
	m := mat.NewDense(3, 3, []float64{
		1, 2, 3,
		2, 1, 5,
		3, 4, 1,
	})
	fmt.Println(m.Asymmetry())
	// Output: 1 2 1
}

func ExampleDense_Trace() {
	m := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	fmt.Println(m.Trace(), m.Diag(nil))
	// Output: 5 [1 4]
}

func ExampleDense_IsFinite() {
	m := mat.Eye[float32](3)
	fmt.Print(m.IsFinite())
	m.Set(1, 2, float32(math.NaN()))
	fmt.Println("", m.IsFinite())
	// Output: true false
}

func TestNorms(t *testing.T) { both(t, testNorms[float32], testNorms[float64]) }

func testNorms[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, rc := range reduceShapes {
		m := random[T](rng, rc[0]+1, rc[1]+3).View(1, 2, rc[0], rc[1])
		var squares oracle.Sum
		one, infinity, largest := make([]float64, m.Cols), 0.0, 0.0
		for i := range m.Rows {
			row := 0.0
			for j, v := range m.Row(i) {
				a := math.Abs(float64(v))
				squares.Add(a, a)
				one[j], row, largest = one[j]+a, row+a, max(largest, a)
			}
			infinity = max(infinity, row)
		}
		columns := 0.0
		for _, s := range one {
			columns = max(columns, s)
		}
		// The references in float64 round as often as the results.
		n := m.Rows + m.Cols
		near := func(want float64, got T, roundings int) {
			require.LessOrEqual(t, math.Abs(float64(got)-want), oracle.Gamma[T](roundings)*want, "%v", rc)
		}
		near(math.Sqrt(squares.Value()), m.Norm(), n+8)
		near(columns, m.NormOne(), 2*m.Rows)
		near(infinity, m.NormInf(), 2*m.Cols)
		require.Equal(t, T(largest), m.MaxAbs())
	}
}

func TestNormExtremes(t *testing.T) {
	big := mat.NewDense(2, 2, []float64{1e300, 0, 0, -1e300})
	require.InEpsilon(t, math.Sqrt2*1e300, big.Norm(), 0x1p-50)
	small := mat.NewDense(2, 1, []float64{3 * math.SmallestNonzeroFloat64, -4 * math.SmallestNonzeroFloat64})
	require.Equal(t, 5*math.SmallestNonzeroFloat64, small.Norm())
	mixed := mat.NewDense(3, 1, []float32{1e-30, 3e30, 4e30})
	require.InEpsilon(t, 5e30, mixed.Norm(), 0x1p-21)
	inf := mat.NewDense(3, 1, []float64{math.Inf(-1), 1, math.Inf(1)})
	require.Equal(t, math.Inf(1), inf.Norm())
	for _, m := range []*mat.Dense[float64]{new(mat.Dense[float64]), counting(3, 3).View(0, 3, 3, 0), mat.NewDense[float64](2, 2, nil)} {
		require.Zero(t, m.Norm())
		require.Zero(t, m.NormOne())
		require.Zero(t, m.NormInf())
		require.Zero(t, m.MaxAbs())
		require.True(t, m.IsFinite())
	}
}

// TestNotFinite puts a NaN or Inf at every place in turn.
func TestNotFinite(t *testing.T) { both(t, testNotFinite[float32], testNotFinite[float64]) }

func testNotFinite[T mat.Float](t *testing.T) {
	const rows, cols = 5, 37
	parent := mat.NewDense[T](rows, cols+2, nil)
	parent.Fill(T(math.NaN())) // in the gap, where it must not count
	m := parent.View(0, 1, rows, cols)
	m.Fill(-T(math.MaxFloat32))
	require.True(t, m.IsFinite())
	for i := range rows {
		for j := range cols {
			for _, v := range specials {
				m.Set(i, j, T(v))
				m.Set((i+2)%rows, (j+1)%cols, T(math.Inf(1))) // NaN wins over Inf
				require.False(t, m.IsFinite(), "(%d, %d)", i, j)
				for k, norm := range []T{m.Norm(), m.NormOne(), m.NormInf(), m.MaxAbs()} {
					want := math.Max(math.Abs(v), math.Inf(1))
					if math.IsNaN(v) {
						want = v
					}
					if got := float64(norm); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
						t.Fatalf("norm %d is %v with %v at (%d, %d)", k, got, v, i, j)
					}
				}
				m.Set(i, j, 1)
				m.Set((i+2)%rows, (j+1)%cols, 1)
			}
		}
	}
}

func TestAsymmetry(t *testing.T) {
	m := mat.NewDense[float64](4, 4, nil)
	check := func(wantI, wantJ int, want float64) {
		i, j, by := m.Asymmetry()
		require.Equal(t, [2]int{wantI, wantJ}, [2]int{i, j})
		require.True(t, by == want || math.IsNaN(by) && math.IsNaN(want), "%v, want %v", by, want)
	}
	check(0, 0, 0)
	m.Set(3, 1, 2)
	check(1, 3, 2)
	m.Set(0, 2, math.Inf(1))
	check(0, 2, math.Inf(1))
	m.Set(2, 0, math.Inf(1))
	check(1, 3, 2)
	m.Set(2, 1, math.NaN())
	check(1, 2, math.NaN())
	panicsWith(t, "Asymmetry", func() { counting(2, 3).Asymmetry() }, "2×3")
	panicsWith(t, "Trace", func() { counting(2, 3).Trace() }, "2×3")
	panicsWith(t, "Diag", func() { counting(2, 3).Diag(make([]float64, 3)) }, "3", "2")
	require.Equal(t, []float64{0, 4}, counting(2, 3).Diag(nil))
	require.Equal(t, 12.0, counting(3, 3).Trace())
}
