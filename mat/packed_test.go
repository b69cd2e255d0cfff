package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// A packed product must equal the plain one to the bit, and its epilogue the
// bias and activation applied afterwards.
func TestGemmPacked(t *testing.T) {
	t.Run("float32", testGemmPacked[float32])
	t.Run("float64", testGemmPacked[float64])
}

func testGemmPacked[T mat.Float](t *testing.T) {
	var w mat.Workspace[T]
	for _, s := range [][3]int{{0, 3, 2}, {3, 0, 2}, {3, 2, 0}, {1, 1, 1}, {5, 7, 9}, {17, 50, 33}, {64, 97, 300}, {sizes(130, 20), sizes(801, 401), 400}} {
		for _, tB := range []mat.Transpose{mat.NoTrans, mat.Trans} {
			m, n, k := s[0], s[1], s[2]
			a, c := wave[T](m, k), wave[T](m, n)
			b := wave[T](k, n)
			if tB {
				b = wave[T](n, k)
			}
			bias := wave[T](1, n).Data
			for i, act := range []mat.Activation{mat.Identity, mat.ReLU, mat.Tanh} {
				alpha, beta := T(1+i), T(i)/2
				want := c.Clone()
				mat.Gemm(mat.NoTrans, tB, alpha, a, b, beta, want)
				for r := range m {
					kernels.Axpy(1, bias, want.Row(r))
					kernels.Activate(act, want.Row(r))
				}
				for _, threads := range []int{1, 2, 3} {
					w.Threads = threads
					got := c.Clone()
					w.GemmPacked(alpha, a, mat.Pack(tB, b), beta, got, mat.Epilogue[T]{Bias: bias, Act: act})
					require.Equal(t, want.Data, got.Data, "%v trans %v activation %d threads %d", s, tB, act, threads)
				}
			}
		}
	}
}

// wave fills a matrix with numbers that repeat only after a long time.
func wave[T mat.Float](rows, cols int) *mat.Dense[T] {
	m := mat.NewDense[T](rows, cols, nil)
	for i := range m.Data {
		m.Data[i] = T(math.Sin(float64(3*i + 1)))
	}
	return m
}

func TestGemmPackedPanics(t *testing.T) {
	var w mat.Workspace[float64]
	b := mat.Pack(mat.NoTrans, mat.NewDense[float64](3, 4, nil))
	a, c := mat.NewDense[float64](2, 3, nil), mat.NewDense[float64](2, 4, nil)
	for name, f := range map[string]func(){
		"A":          func() { w.GemmPacked(1, c, b, 0, c.Clone(), mat.Epilogue[float64]{}) },
		"C":          func() { w.GemmPacked(1, a, b, 0, a.Clone(), mat.Epilogue[float64]{}) },
		"bias":       func() { w.GemmPacked(1, a, b, 0, c, mat.Epilogue[float64]{Bias: make([]float64, 3)}) },
		"activation": func() { w.GemmPacked(1, a, b, 0, c, mat.Epilogue[float64]{Act: 99}) },
		"overlap": func() {
			all := mat.NewDense[float64](2, 7, nil)
			w.GemmPacked(1, all.View(0, 0, 2, 3), b, 0, all.View(0, 2, 2, 4), mat.Epilogue[float64]{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				e, ok := recover().(mat.Error)
				require.True(t, ok)
				require.Equal(t, "GemmPacked", e.Op)
			}()
			f()
		})
	}
}

func TestGemmPackedAllocatesNothing(t *testing.T) {
	a, b, c := wave[float32](64, 300), wave[float32](300, 200), wave[float32](64, 200)
	p := mat.Pack(mat.NoTrans, b)
	ep := mat.Epilogue[float32]{Bias: b.Data[:200], Act: mat.ReLU}
	for _, threads := range []int{1, 2} {
		w := mat.Workspace[float32]{Threads: threads}
		require.Zero(t, testing.AllocsPerRun(20, func() { w.GemmPacked(1, a, p, 0, c, ep) }))
	}
}

func ExampleWorkspace_GemmPacked() {
	weights := mat.NewDense(2, 3, []float64{1, 0, -1, 0, 1, -1})
	packed := mat.Pack(mat.NoTrans, weights) // once
	fmt.Println(packed.Dims())

	x := mat.NewDense(1, 2, []float64{3, 4})
	y := mat.NewDense[float64](1, 3, nil)
	var w mat.Workspace[float64]
	w.GemmPacked(1, x, packed, 0, y, mat.Epilogue[float64]{Bias: []float64{0.5, 0.5, 0.5}, Act: mat.ReLU})
	fmt.Println(y.Data)
	// Output:
	// 2 3
	// [3.5 4.5 0]
}
