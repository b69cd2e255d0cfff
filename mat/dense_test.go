package mat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// counting returns a rows × cols matrix of 0, 1, 2, ….
func counting(rows, cols int) *mat.Dense[float64] {
	m := mat.NewDense[float64](rows, cols, nil)
	for i := range m.Data {
		m.Data[i] = float64(i)
	}
	return m
}

func TestNewDense(t *testing.T) {
	data := []float32{1, 2, 3, 4, 5, 6}
	m := mat.NewDense(2, 3, data)
	m.Set(1, 0, 9)
	require.Equal(t, float32(9), data[3], "the data are shared")
	require.Equal(t, mat.Dense[float32]{Rows: 2, Cols: 3, Data: data, Stride: 3}, *m)
	require.Equal(t, make([]float64, 6), mat.NewDense[float64](3, 2, nil).Data)
	panicsWith(t, "NewDense", func() { mat.NewDense(2, 2, data) }, "2×2", "4", "6")
	panicsWith(t, "NewDense", func() { mat.NewDense(0, 3, data) }, "0×3")
	panicsWith(t, "NewDense", func() { mat.NewDense[float32](-1, 3, nil) }, "-1×3")
	panicsWith(t, "NewDense", func() { mat.NewDense[float32](-2, -3, data) }, "-2×-3")
	panicsWith(t, "NewDense", func() { mat.Eye[float32](-1) }, "-1")
	require.Equal(t, []float64{1, 0, 0, 1}, mat.Eye[float64](2).Data)
}

func TestAtSetRow(t *testing.T) {
	m := counting(3, 4)
	require.Equal(t, 6.0, m.At(1, 2))
	m.Set(2, 3, -1)
	require.Equal(t, []float64{8, 9, 10, -1}, m.Row(2))
	require.Equal(t, 4, cap(m.Row(0)), "an append must not reach the next row")
	for _, ij := range [][2]int{{-1, 0}, {0, -1}, {3, 0}, {0, 4}} {
		panicsWith(t, "At", func() { m.At(ij[0], ij[1]) }, "3×4")
		panicsWith(t, "Set", func() { m.Set(ij[0], ij[1], 0) }, "3×4")
	}
	panicsWith(t, "Row", func() { m.Row(3) }, "3×4")
	panicsWith(t, "Row", func() { m.Row(-1) }, "3×4")
	v := m.View(0, 0, 3, 2)
	panicsWith(t, "At", func() { v.At(0, 2) }, "3×2")
}

func TestView(t *testing.T) {
	m := counting(5, 6)
	v := m.View(1, 2, 3, 3).View(1, 1, 2, 2)
	require.Equal(t, []float64{15, 16}, v.Row(0))
	require.Equal(t, []float64{21, 22}, v.Row(1))
	require.Len(t, v.Data, 6+2, "the last row is short")
	v.Fill(0)
	require.Equal(t, 4, zeros(m)-1)
	for i := range 6 {
		for j := range 7 {
			e := m.View(i, j, 0, 0)
			require.Equal(t, [2]int{0, 0}, [2]int{e.Rows, e.Cols})
		}
	}
	m.View(5, 0, 0, 6)
	m.View(0, 6, 5, 0)
	for _, b := range [][4]int{{-1, 0, 1, 1}, {0, -1, 1, 1}, {0, 0, -1, 1}, {0, 0, 1, -1}, {3, 0, 3, 1}, {0, 4, 1, 3}, {6, 0, 0, 0}, {0, 7, 0, 0}} {
		panicsWith(t, "View", func() { m.View(b[0], b[1], b[2], b[3]) }, "5×6")
	}
}

func zeros(m *mat.Dense[float64]) (n int) {
	for _, v := range m.Data {
		if v == 0 {
			n++
		}
	}
	return n
}

func TestCloneCopyResize(t *testing.T) {
	m := counting(4, 5)
	c := m.View(1, 1, 2, 3).Clone()
	require.Equal(t, &mat.Dense[float64]{Rows: 2, Cols: 3, Data: []float64{6, 7, 8, 11, 12, 13}, Stride: 3}, c)
	var e mat.Dense[float64]
	e.CopyFrom(c)
	require.Equal(t, c, &e)
	e.Set(0, 0, -1)
	require.Equal(t, 6.0, c.At(0, 0))
	panicsWith(t, "CopyFrom", func() { e.CopyFrom(m) }, "2×3", "4×5")

	data := &e.Data[0]
	e.Resize("Op", 2, 3)
	require.Same(t, data, &e.Data[0], "a matrix of the right shape stays")
	panicsWith(t, "Op", func() { e.Resize("Op", 3, 2) }, "2×3", "3×2")
	var z mat.Dense[float64]
	z.Resize("Op", 3, 2)
	require.Equal(t, mat.NewDense[float64](3, 2, nil), &z)
}
