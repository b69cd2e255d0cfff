package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

func ExampleDense_Mul() {
	a := mat.NewDense(2, 3, []float64{
		1, 2, 3,
		4, 5, 6,
	})
	b := mat.NewDense(3, 2, []float64{
		1, 0,
		0, 1,
		1, 1,
	})
	var c mat.Dense[float64]
	c.Mul(a, b)
	fmt.Println(c.Row(0))
	fmt.Println(c.Row(1))
	// Output:
	// [4 5]
	// [10 11]
}

func ExampleGemm() {
	a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	c := mat.Eye[float64](2)
	mat.Gemm(mat.Trans, mat.NoTrans, 2, a, a, -1, c) // 2·AᵀA − I
	fmt.Println(c.Data)
	// Output: [19 28 28 39]
}

func ExampleGemv() {
	a := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	y := []float64{100, 200}
	mat.Gemv(mat.NoTrans, 1, a, []float64{1, 0, -1}, 1, y)
	fmt.Println(y)
	// Output: [98 198]
}

func ExampleGer() {
	a := mat.NewDense(2, 3, []float64{1, 0, 0, 0, 1, 0})
	mat.Ger(10, []float64{1, 2}, []float64{1, 0, -1}, a)
	fmt.Println(a.Data)
	// Output: [11 0 -10 20 1 -20]
}

func ExampleSyrk() {
	x := mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 6})
	gram := mat.NewDense[float64](2, 2, nil)
	mat.Syrk(mat.Trans, 1, x, 0, gram) // XᵀX
	fmt.Println(gram.Data)
	// Output: [35 44 44 56]
}

// A workspace of one's own keeps its buffers: a loop allocates nothing.
func ExampleWorkspace() {
	w := mat.Workspace[float32]{Threads: 1}
	a := mat.NewDense(2, 2, []float32{0, 1, 1, 1})
	p, q := mat.Eye[float32](2), mat.NewDense[float32](2, 2, nil)
	for range 10 { // Fibonacci
		w.Gemm(mat.NoTrans, mat.NoTrans, 1, a, p, 0, q)
		p, q = q, p
	}
	fmt.Println(p.At(0, 1))
	// Output: 55
}

func ExampleDense_View() {
	m := mat.NewDense(3, 3, []float64{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9,
	})
	corner := m.View(1, 1, 2, 2)
	corner.Set(0, 0, -5)
	fmt.Println(corner.Row(0), m.At(1, 1))
	// Output: [-5 6] -5
}

func ExampleSetMaxThreads() {
	previous := mat.SetMaxThreads(1) // for every product in the program
	defer mat.SetMaxThreads(previous)
	fmt.Println(previous, mat.MaxThreads())
	// Output: 0 1
}

func ExampleDense_CopyFrom() {
	m := mat.NewDense[float64](2, 4, nil)
	m.Fill(-1)
	m.View(0, 1, 2, 2).CopyFrom(mat.Eye[float64](2))
	fmt.Println(m.Row(0), m.Row(1))
	// Output: [-1 1 0 -1] [-1 0 1 -1]
}

func ExampleDense_TransposeFrom() {
	a := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})
	var t mat.Dense[float64] // empty: it is sized
	t.TransposeFrom(a)
	fmt.Println(t.Rows, t.Cols, t.Data)
	// Output: 3 2 [1 4 2 5 3 6]
}
