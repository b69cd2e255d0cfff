package mat_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// A batch must give the bits of its products one by one, on any number of
// threads.
func TestGemmBatch(t *testing.T) {
	t.Run("float32", testGemmBatch[float32])
	t.Run("float64", testGemmBatch[float64])
}

func testGemmBatch[T mat.Float](t *testing.T) {
	for _, tA := range []mat.Transpose{mat.NoTrans, mat.Trans} {
		for _, threads := range []int{1, 2, 3} {
			var a, b, c, want []*mat.Dense[T]
			for i := range 100 {
				m, n, k := i%7, 1+i%5*9, 4+i%3*30
				x := wave[T](m, k)
				if tA {
					x = wave[T](k, m)
				}
				a, b, c = append(a, x), append(b, wave[T](k, n)), append(c, wave[T](m, n))
				alone := wave[T](m, n)
				mat.Gemm(tA, mat.NoTrans, 2, x, b[i], 0.5, alone)
				want = append(want, alone)
			}
			w := mat.BatchWorkspace[T]{Threads: threads}
			w.Gemm(tA, mat.NoTrans, 2, a, b, 0.5, c)
			for i := range c {
				require.Equal(t, want[i].Data, c[i].Data, "product %d, %d threads", i, threads)
			}
		}
	}
	mat.GemmBatch[T](mat.NoTrans, mat.NoTrans, 1, nil, nil, 0, nil)
}

func TestGemmBatchPanics(t *testing.T) {
	one := []*mat.Dense[float64]{mat.Eye[float64](2)}
	two := []*mat.Dense[float64]{mat.Eye[float64](2), mat.Eye[float64](3)}
	for name, f := range map[string]func(){
		"lengths": func() { mat.GemmBatch(mat.NoTrans, mat.NoTrans, 1, one, two, 0, two) },
		"shapes":  func() { mat.GemmBatch(mat.NoTrans, mat.NoTrans, 1, two, []*mat.Dense[float64]{two[1], two[0]}, 0, two) },
		"overlap": func() { mat.GemmBatch(mat.NoTrans, mat.NoTrans, 1, one, two[:1], 0, one) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				e, ok := recover().(mat.Error)
				require.True(t, ok)
				require.Equal(t, "GemmBatch", e.Op)
			}()
			f()
		})
	}
}

func TestGemmBatchAllocatesNothing(t *testing.T) {
	var a, b, c []*mat.Dense[float64]
	for range 200 {
		a, b, c = append(a, wave[float64](16, 16)), append(b, wave[float64](16, 16)), append(c, wave[float64](16, 16))
	}
	w := mat.BatchWorkspace[float64]{Threads: 2}
	require.Zero(t, testing.AllocsPerRun(20, func() { w.Gemm(mat.NoTrans, mat.Trans, 1, a, b, 0, c) }))
}

func ExampleGemmBatch() {
	a := []*mat.Dense[float64]{mat.NewDense(1, 2, []float64{1, 2}), mat.NewDense(1, 1, []float64{3})}
	b := []*mat.Dense[float64]{mat.NewDense(2, 1, []float64{10, 20}), mat.NewDense(1, 2, []float64{4, 5})}
	c := []*mat.Dense[float64]{mat.NewDense[float64](1, 1, nil), mat.NewDense[float64](1, 2, nil)}
	mat.GemmBatch(mat.NoTrans, mat.NoTrans, 1, a, b, 0, c)
	fmt.Println(c[0].Data, c[1].Data)
	// Output: [50] [12 15]
}

func ExampleBatchWorkspace() {
	a := []*mat.Dense[float32]{mat.Eye[float32](2)}
	c := []*mat.Dense[float32]{new(mat.Dense[float32])}
	*c[0] = *mat.NewDense[float32](2, 2, nil)
	var w mat.BatchWorkspace[float32] // kept from batch to batch
	w.Gemm(mat.NoTrans, mat.NoTrans, 2, a, a, 0, c)
	fmt.Println(c[0].Data)
	// Output: [2 0 0 2]
}

// More goroutines than products are of no use, and cost nothing.
func TestBatchManyThreads(t *testing.T) {
	w := mat.BatchWorkspace[float64]{Threads: math.MaxInt}
	a, c := mat.Eye[float64](70), mat.NewDense[float64](70, 70, nil)
	w.Gemm(mat.NoTrans, mat.NoTrans, 1, []*mat.Dense[float64]{a}, []*mat.Dense[float64]{a}, 0, []*mat.Dense[float64]{c})
	require.True(t, c.Equal(a))
}
