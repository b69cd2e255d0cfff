package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func ExampleDense_Add() {
	m := mat.Eye[float64](2)
	m.Add(mat.NewDense(2, 2, []float64{1, 2, 3, 4}))
	m.Sub(mat.Eye[float64](2))
	m.AddScaled(10, mat.Eye[float64](2))
	m.Scale(2)
	fmt.Println(m.Data)
	// Output: [22 4 6 28]
}

func ExampleDense_EqualApprox() {
	a := mat.NewDense(1, 2, []float64{1, 1000})
	b := mat.NewDense(1, 2, []float64{1.001, 1001})
	fmt.Println(a.Equal(b), a.EqualApprox(b, 0.01))
	// Output: false true
}

func ExampleDense_T() {
	m := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	fmt.Println(m.T().Data)
	// Output: [1 4 2 5 3 6]
}

func TestElementwise(t *testing.T) { both(t, testElementwise[float32], testElementwise[float64]) }

func testElementwise[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, rc := range reduceShapes {
		parent := random[T](rng, rc[0]+1, 2*rc[1]+1)
		m, a := parent.View(1, 0, rc[0], rc[1]), parent.View(0, rc[1]+1, rc[0], rc[1])
		before, other := m.Clone(), a.Clone()
		each := func(what string, want func(x, y T) T) {
			for i := range m.Rows {
				for j := range m.Cols {
					if m.At(i, j) != want(before.At(i, j), other.At(i, j)) {
						t.Fatalf("%s %v: entry (%d, %d) is %v", what, rc, i, j, m.At(i, j))
					}
				}
			}
			require.True(t, a.Equal(other))
			m.CopyFrom(before)
		}
		m.Add(a)
		each("Add", func(x, y T) T { return x + y })
		m.Sub(a)
		each("Sub", func(x, y T) T { return x - y })
		m.AddScaled(-4, a)
		each("AddScaled", func(x, y T) T { return x - 4*y })
		m.Add(m)
		each("Add itself", func(x, y T) T { return 2 * x })
		m.Sub(m)
		each("Sub itself", func(x, y T) T { return 0 })
		m.Scale(3)
		each("Scale", func(x, y T) T { return 3 * x })
		m.Fill(T(math.NaN()))
		m.Scale(0)
		each("Scale by 0", func(x, y T) T { return 0 })
	}
}

func TestElementwisePanics(t *testing.T) {
	m := counting(4, 4)
	panicsWith(t, "Add", func() { m.Add(counting(4, 3)) }, "4×4", "4×3")
	panicsWith(t, "Sub", func() { m.Sub(counting(3, 4)) }, "4×4", "3×4")
	panicsWith(t, "AddScaled", func() { m.View(0, 0, 2, 2).AddScaled(1, m.View(1, 1, 2, 2)) }, "2×2")
	panicsWith(t, "TransposeFrom", func() { m.TransposeFrom(m) }, "4×4")
	panicsWith(t, "TransposeFrom", func() { m.TransposeFrom(counting(4, 3)) }, "4×4", "3×4")
	empty := m.View(0, 4, 4, 0)
	empty.Add(empty)
	empty.Scale(2)
	require.True(t, empty.Equal(mat.NewDense[float64](4, 0, nil)))
}

func TestEqual(t *testing.T) {
	nan, inf, negativeZero := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	for _, c := range []struct {
		x, y   float64
		tol    float64
		equal  bool
		approx bool
	}{
		{1, 1, 0, true, true}, {0, negativeZero, 0, true, true}, {nan, nan, 1, false, false}, {1, nan, 1, false, false},
		{inf, inf, 0, true, true}, {inf, -inf, 1, false, false}, {inf, 1, 1, false, false}, {1, 1.1, 0.2, false, true},
		{1, 1.5, 0.2, false, false}, {1000, 1150, 0.2, false, true}, {-0.1, 0.1, 0.2, false, true}, {-0.2, 0.1, 0.2, false, false},
	} {
		a, b := mat.NewDense(1, 2, []float64{5, c.x}), mat.NewDense(1, 2, []float64{5, c.y})
		require.Equal(t, c.equal, a.Equal(b), "%+v", c)
		require.Equal(t, c.approx, a.EqualApprox(b, c.tol), "%+v", c)
		require.Equal(t, c.approx, b.EqualApprox(a, c.tol), "%+v", c)
	}
	require.False(t, counting(2, 3).Equal(counting(3, 2)))
	require.False(t, counting(2, 3).EqualApprox(counting(2, 2), 10))
}

func TestTranspose(t *testing.T) { both(t, testTranspose[float32], testTranspose[float64]) }

func testTranspose[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, rc := range append(reduceShapes, [2]int{0, 3}, [2]int{3, 0}, [2]int{32, 32}, [2]int{33, 31}, [2]int{64, 100}) {
		parent := random[T](rng, rc[0]+1, rc[1]+2)
		a := parent.View(1, 1, rc[0], rc[1])
		for _, at := range []*mat.Dense[T]{a.T(), mat.NewDense[T](rc[1]+1, rc[0]+1, nil).View(0, 1, rc[1], rc[0])} {
			at.TransposeFrom(a)
			require.Equal(t, [2]int{rc[1], rc[0]}, [2]int{at.Rows, at.Cols})
			for i := range a.Rows {
				for j := range a.Cols {
					if a.At(i, j) != at.At(j, i) {
						t.Fatalf("%v: entry (%d, %d) of the transpose is %v", rc, j, i, at.At(j, i))
					}
				}
			}
		}
	}
}

// general has the fields of gonum's blas64.General in their order.
type general struct {
	Rows, Cols int
	Data       []float64
	Stride     int
}

// A Dense[float64] converts to gonum's blas64.General and back without a copy,
// because the fields are the same in the same order; Dense[float32] does to
// blas32.General. The type general stands for it here.
func ExampleDense_gonum() {
	m := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	g := general(*m)
	g.Data[0] = -1
	back := mat.Dense[float64](g)
	fmt.Println(m.At(0, 0), back.At(1, 1))
	// Output: -1 4
}
