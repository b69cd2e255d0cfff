package mat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

func ExampleDense_Format() {
	m := mat.NewDense(2, 3, []float64{1, -2.5, 1e6, 100, 1. / 3, 0})
	fmt.Println(m)
	fmt.Printf("%8.4f\n", m.View(0, 0, 2, 2))
	fmt.Printf("%#v\n", m.View(0, 0, 1, 2))
	// Output:
	// 2×3
	//   1      -2.5  1e+06
	// 100  0.333333      0
	//   1.0000   -2.5000
	// 100.0000    0.3333
	// mat.Dense[float64]{Rows:1, Cols:2, Data:[]float64{1, -2.5}, Stride:3}
}

func TestFormat(t *testing.T) {
	m := mat.NewDense(2, 2, []float32{1, 22, 0.1, 4})
	require.Equal(t, "2×2\n  1  22\n0.1   4", fmt.Sprint(m))
	require.Equal(t, "2×2\n  1  22\n0.1   4", fmt.Sprint(*m))
	require.Equal(t, "2×2\n  1  22\n0.1   4", fmt.Sprintf("%s", m))
	require.Equal(t, "1.0e+00  2.2e+01\n1.0e-01  4.0e+00", fmt.Sprintf("%.1e", m))
	require.Equal(t, "   1    22\n 0.1     4", fmt.Sprintf("%4g", m), "0.1 in the digits of float32")
	require.Equal(t, "%!d(mat.Dense[float32]=2×2)", fmt.Sprintf("%d", m)) //nolint:govet // the wrong verb is the point
	require.Equal(t, "0×3", fmt.Sprint(mat.NewDense[float64](0, 3, nil)))
	require.Equal(t, "3×0", fmt.Sprint(mat.NewDense[float64](3, 0, nil)))
	require.Empty(t, fmt.Sprintf("%g", mat.NewDense[float64](3, 0, nil)))
	require.Equal(t, "<nil>", fmt.Sprint((*mat.Dense[float64])(nil)))
}

func TestFormatExcerpt(t *testing.T) {
	m := counting(20, 12)
	text := fmt.Sprint(m)
	lines := strings.Split(text, "\n")
	require.Len(t, lines, 1+4+1+4)
	require.Equal(t, "20×12", lines[0])
	require.Equal(t, []string{"0", "1", "2", "3", "…", "8", "9", "10", "11"}, strings.Fields(lines[1]))
	require.Equal(t, "……………", strings.Join(strings.Fields(lines[5])[:5], ""))
	require.Equal(t, "239", strings.Fields(lines[9])[8])

	full := fmt.Sprintf("%+v", m)
	require.Len(t, strings.Split(full, "\n"), 1+20)
	require.NotContains(t, full, "…")
	require.Contains(t, fmt.Sprintf("%+v", mat.NewDense(1, 1, []float64{1. / 3})), "0.3333333333333333")
	require.NotContains(t, fmt.Sprint(counting(10, 10)), "…")
}
