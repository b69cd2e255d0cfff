package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/oracle"
	"github.com/lanes-go/lanes/mat"
)

func ExampleDense_ColMeans() {
	x := mat.NewDense(3, 2, []float64{1, 10, 2, 20, 6, 60})
	means := x.ColMeans(nil)
	x.CenterColumns(means)
	fmt.Println(means, x.Data)
	// Output: [3 30] [-2 -20 -1 -10 3 30]
}

func ExampleDense_RowMeans() {
	x := mat.NewDense(2, 3, []float64{1, 2, 6, 10, 20, 60})
	means := x.RowMeans(nil)
	x.CenterRows(means)
	fmt.Println(means, x.Data)
	// Output: [3 30] [-2 -1 3 -20 -10 30]
}

func ExampleDense_ColSums() {
	fmt.Println(mat.NewDense(2, 3, []float32{1, 2, 3, 4, 5, 6}).ColSums(nil))
	// Output: [5 7 9]
}

var reduceShapes = [][2]int{{1, 1}, {1, 7}, {7, 1}, {127, 9}, {128, 33}, {129, 511}, {257, 513}, {3, 1100}, {10007, 3}}

// TestReduce holds sums and means to the error bounds that they state.
func TestReduce(t *testing.T) { both(t, testReduce[float32], testReduce[float64]) }

func testReduce[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, rc := range reduceShapes {
		m := random[T](rng, rc[0]+1, rc[1]+3).View(1, 2, rc[0], rc[1])
		sums, means, rowMeans := m.ColSums(nil), m.ColMeans(nil), m.RowMeans(nil)
		for j := range m.Cols {
			var s oracle.Sum
			for i := range m.Rows {
				s.Add(float64(m.At(i, j)), 1)
			}
			gamma := oracle.Gamma[T](128 + (m.Rows+127)/128)
			require.LessOrEqual(t, s.Error(float64(sums[j])), gamma*s.Abs(), "sum of column %d of %v", j, rc)
			s.Scale(1 / float64(m.Rows)) // its rounding and that of the mean: two more
			gamma = oracle.Gamma[T](130 + (m.Rows+127)/128)
			require.LessOrEqual(t, s.Error(float64(means[j])), gamma*s.Abs(), "mean of column %d of %v", j, rc)
		}
		for i := range m.Rows {
			var s oracle.Sum
			for _, v := range m.Row(i) {
				s.Add(float64(v), 1)
			}
			s.Scale(1 / float64(m.Cols))
			require.LessOrEqual(t, s.Error(float64(rowMeans[i])), oracle.Gamma[T](m.Cols+2)*s.Abs(), "mean of row %d of %v", i, rc)
		}
	}
}

// TestColSumsLong adds a number whose rounding errors all point the same way
// once the sum is large: adding row after row would miss the bound tenfold.
func TestColSumsLong(t *testing.T) {
	const rows = 300_000
	m := mat.NewDense[float32](rows, 1, nil)
	m.Fill(0.1)
	want := float64(rows) * float64(float32(0.1))
	bound := oracle.Gamma[float32](128+(rows+127)/128) * want
	require.InDelta(t, want, float64(m.ColSums(nil)[0]), bound)
}

func TestCenter(t *testing.T) { both(t, testCenter[float32], testCenter[float64]) }

func testCenter[T mat.Float](t *testing.T) {
	rng := newRand()
	for _, rc := range reduceShapes {
		m := random[T](rng, rc[0]+1, rc[1]+3).View(1, 2, rc[0], rc[1])
		columns, rows := m.Clone(), m.Clone()
		means, rowMeans := m.ColMeans(nil), m.RowMeans(nil)
		columns.CenterColumns(means)
		rows.CenterRows(rowMeans)
		for i := range m.Rows {
			for j := range m.Cols {
				v := m.At(i, j)
				if v-means[j] != columns.At(i, j) || v-rowMeans[i] != rows.At(i, j) {
					t.Fatalf("%v: entry (%d, %d) is not centred", rc, i, j)
				}
			}
		}
	}
}

func TestReduceContract(t *testing.T) {
	m := counting(300, 4)
	dst, rows := make([]float64, 4), make([]float64, 300)
	for i := range dst {
		dst[i] = math.NaN()
	}
	require.Same(t, &dst[0], &m.ColSums(dst)[0], "dst is filled and returned")
	require.Equal(t, m.ColSums(nil), dst)
	require.Zero(t, testing.AllocsPerRun(3, func() {
		m.ColSums(dst)
		m.ColMeans(dst)
		m.RowMeans(rows)
		m.CenterColumns(dst)
		m.CenterRows(rows)
	}))
	panicsWith(t, "ColSums", func() { m.ColSums(rows) }, "300", "4")
	panicsWith(t, "ColMeans", func() { m.ColMeans(rows) }, "300", "4")
	panicsWith(t, "RowMeans", func() { m.RowMeans(dst) }, "300", "4")
	panicsWith(t, "CenterColumns", func() { m.CenterColumns(rows) }, "300×4")
	panicsWith(t, "CenterRows", func() { m.CenterRows(nil) }, "300×4")

	none := mat.NewDense[float64](0, 2, nil)
	require.Equal(t, []float64{0, 0}, none.ColSums(nil))
	require.True(t, math.IsNaN(none.ColMeans(nil)[1]))
	empty := counting(3, 3).View(0, 3, 3, 0)
	require.Empty(t, empty.ColSums(nil))
	empty.CenterColumns(nil)
	empty.CenterRows(make([]float64, 3))
}
