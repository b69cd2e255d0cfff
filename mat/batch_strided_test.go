package mat_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// stack is a matrix over the data of count of them at a step.
func stack[T mat.Float](rows, cols, stride, step, count int) *mat.Dense[T] {
	m := &mat.Dense[T]{Rows: rows, Cols: cols, Stride: stride}
	if rows > 0 && cols > 0 {
		m.Data = wave[T](1, (count-1)*step+(rows-1)*stride+cols).Data
	}
	return m
}

// nth is matrix i of a stack.
func nth[T mat.Float](m *mat.Dense[T], step, i int) *mat.Dense[T] {
	at := *m
	if m.Data != nil {
		at.Data = m.Data[i*step:]
	}
	return &at
}

// A strided batch must give the bits of its products one by one, on any number
// of threads, and leave what is between the matrices alone.
func TestGemmStridedBatch(t *testing.T) {
	t.Run("float32", testGemmStridedBatch[float32])
	t.Run("float64", testGemmStridedBatch[float64])
}

func testGemmStridedBatch[T mat.Float](t *testing.T) {
	const count = 21
	for _, shape := range [][3]int{{5, 7, 3}, {64, 30, 40}, {1, 1, 1}, {0, 3, 4}, {4, 3, 0}, {8, 8, 8}} {
		m, n, k := shape[0], shape[1], shape[2]
		for name, x := range map[string]struct{ aStep, bStride, bStep, cStride, cStep int }{
			"one behind the other": {m*k + 3, n, k * n, n, m * n},
			"with gaps":            {m * k, n + 1, k*(n+1) + 2, n + 5, m*(n+5) + 7},
			"side by side":         {m * k, n * count, n, (n + 1) * count, n + 1},
			"shared A":             {0, n, k * n, n, m * n},
			"shared B":             {m * k, n, 0, n, m * n},
			"overlapping A":        {1, n, 1, n, m * n},
		} {
			for _, tA := range []mat.Transpose{mat.NoTrans, mat.Trans} {
				a := stack[T](m, k, k, x.aStep, count)
				if tA {
					a = stack[T](k, m, m, x.aStep, count)
				}
				b, c := stack[T](k, n, x.bStride, x.bStep, count), stack[T](m, n, x.cStride, x.cStep, count)
				want := *c
				want.Data = slices.Clone(c.Data)
				for i := range count {
					mat.Gemm(tA, mat.NoTrans, 2, nth(a, x.aStep, i), nth(b, x.bStep, i), 0.5, nth(&want, x.cStep, i))
				}
				for _, threads := range []int{1, 2, 3} {
					got := *c
					got.Data = slices.Clone(c.Data)
					w := mat.BatchWorkspace[T]{Threads: threads}
					w.GemmStrided(tA, mat.NoTrans, 2, a, x.aStep, b, x.bStep, 0.5, &got, x.cStep, count)
					require.Equal(t, want.Data, got.Data, "%s, %v, %d threads", name, shape, threads)
				}
			}
		}
	}
	mat.GemmStridedBatch[T](mat.NoTrans, mat.NoTrans, 1, new(mat.Dense[T]), 1, new(mat.Dense[T]), 1, 0, new(mat.Dense[T]), 1, 0)
}

func TestGemmStridedBatchPanics(t *testing.T) {
	type dense = mat.Dense[float64]
	multiply := func(a *dense, aStep int, b *dense, bStep int, c *dense, cStep, count int) func() {
		return func() { mat.GemmStridedBatch(mat.NoTrans, mat.NoTrans, 1, a, aStep, b, bStep, 0, c, cStep, count) }
	}
	square := func() *dense { return stack[float64](3, 3, 3, 9, 4) }
	wide := func() *dense { return stack[float64](3, 3, 12, 3, 4) }
	all := wave[float64](1, 200).Data
	at := func(i int) *dense { return &dense{Rows: 3, Cols: 3, Stride: 3, Data: all[i:]} }
	for name, f := range map[string]func(){
		"count":             multiply(square(), 9, square(), 9, square(), 9, -1),
		"step of A":         multiply(square(), -9, square(), 9, square(), 9, 4),
		"step of C":         multiply(square(), 9, square(), 9, square(), -9, 1),
		"shapes":            multiply(square(), 9, stack[float64](4, 3, 3, 12, 4), 12, square(), 9, 4),
		"short A":           multiply(square(), 10, square(), 9, square(), 9, 4),
		"short B":           multiply(square(), 9, square(), math.MaxInt, square(), 9, 4),
		"short C":           multiply(square(), 9, square(), 9, square(), 9, 5),
		"shared C":          multiply(square(), 9, square(), 9, square(), 0, 4),
		"C meets itself":    multiply(square(), 9, square(), 9, square(), 8, 4),
		"columns meet":      multiply(square(), 9, square(), 9, wide(), 2, 4),
		"columns leave":     multiply(square(), 9, square(), 9, &dense{Rows: 3, Cols: 3, Stride: 11, Data: all}, 3, 4),
		"A is C":            multiply(at(0), 9, square(), 9, at(0), 9, 4),
		"C meets a later B": multiply(square(), 9, at(0), 9, at(27), 9, 4),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				e, ok := recover().(mat.Error)
				require.True(t, ok)
				require.Equal(t, "GemmStridedBatch", e.Op)
			}()
			f()
		})
	}
}

// Operands and results may lie interleaved in one slice.
func TestGemmStridedBatchInterleaved(t *testing.T) {
	parent := wave[float64](12, 12*3)
	a, b, c := parent.View(0, 0, 12, 3), parent.View(0, 12, 12, 3), parent.View(0, 24, 12, 3)
	whole := parent.View(0, 24, 12, 12)
	want := whole.Clone()
	for i := range 4 {
		mat.Gemm(mat.NoTrans, mat.Trans, 1, parent.View(0, 3*i, 3, 3), parent.View(0, 12+3*i, 3, 3), 0, want.View(0, 3*i, 3, 3))
	}
	a.Rows, b.Rows, c.Rows = 3, 3, 3
	a.Data, b.Data, c.Data = parent.Data, parent.Data[12:], parent.Data[24:]
	mat.GemmStridedBatch(mat.NoTrans, mat.Trans, 1, a, 3, b, 3, 0, c, 3, 4)
	require.Equal(t, want, whole.Clone())

	pairs := wave[float64](1, 4*2*9) // A and C by turns
	a = &mat.Dense[float64]{Rows: 3, Cols: 3, Stride: 3, Data: pairs.Data}
	c = &mat.Dense[float64]{Rows: 3, Cols: 3, Stride: 3, Data: pairs.Data[9:]}
	first := *a
	first.Data = slices.Clone(a.Data)
	mat.GemmStridedBatch(mat.NoTrans, mat.NoTrans, 1, a, 18, mat.Eye[float64](3), 0, 0, c, 18, 4)
	for i := range 4 {
		require.Equal(t, first.Data[18*i:18*i+9], pairs.Data[18*i+9:18*i+18])
	}
}

func TestGemmStridedBatchAllocatesNothing(t *testing.T) {
	a, b, c := stack[float64](16, 16, 16, 256, 200), stack[float64](16, 16, 16, 256, 200), stack[float64](16, 16, 16, 256, 200)
	w := mat.BatchWorkspace[float64]{Threads: 2}
	require.Zero(t, testing.AllocsPerRun(20, func() { w.GemmStrided(mat.NoTrans, mat.Trans, 1, a, 256, b, 256, 0, c, 256, 200) }))
}

func ExampleGemmStridedBatch() {
	a := mat.NewDense(1, 2, []float64{1, 2}) // shared
	b := &mat.Dense[float64]{Rows: 2, Cols: 1, Stride: 1, Data: []float64{10, 20, 30, 40, 50, 60}}
	c := &mat.Dense[float64]{Rows: 1, Cols: 1, Stride: 1, Data: make([]float64, 3)}
	mat.GemmStridedBatch(mat.NoTrans, mat.NoTrans, 1, a, 0, b, 2, 0, c, 1, 3)
	fmt.Println(c.Data)
	// Output: [50 110 170]
}

// The scores of every head of attention at once: heads are column blocks of the
// queries and the keys.
func ExampleBatchWorkspace_GemmStrided() {
	const tokens, heads, width = 2, 2, 2
	queries := mat.NewDense(tokens, heads*width, []float32{1, 0, 0, 2, 0, 1, 2, 0})
	keys := mat.NewDense(tokens, heads*width, []float32{3, 4, 5, 6, 7, 8, 9, 10})
	scores := mat.NewDense[float32](heads*tokens, tokens, nil)
	q := &mat.Dense[float32]{Rows: tokens, Cols: width, Stride: queries.Stride, Data: queries.Data}
	k := &mat.Dense[float32]{Rows: tokens, Cols: width, Stride: keys.Stride, Data: keys.Data}
	s := &mat.Dense[float32]{Rows: tokens, Cols: tokens, Stride: tokens, Data: scores.Data}
	var w mat.BatchWorkspace[float32] // kept from batch to batch
	w.GemmStrided(mat.NoTrans, mat.Trans, 1, q, width, k, width, 0, s, tokens*tokens, heads)
	fmt.Println(scores.Data)
	// Output: [3 7 4 8 12 20 10 18]
}
