package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// hadamard sets dst = A∘B, entry by entry, with the checks that an operation of
// package mat makes.
func hadamard(dst, a, b *mat.Dense[float64]) {
	const op = "hadamard"
	a.Check(op, "A")
	b.Check(op, "B")
	if a.Rows != b.Rows || a.Cols != b.Cols {
		panic(mat.Error{Op: op, Detail: fmt.Sprintf("A is %d×%d, B is %d×%d", a.Rows, a.Cols, b.Rows, b.Cols)})
	}
	dst.Resize(op, a.Rows, a.Cols) // an empty dst is allocated
	dst.CheckOverlap(op, a, "A")
	dst.CheckOverlap(op, b, "B")
	for i := range a.Rows {
		row, y := dst.Row(i), b.Row(i)
		for j, x := range a.Row(i) {
			row[j] = x * y[j]
		}
	}
}

// An operation of one's own.
func ExampleDense_Check() {
	a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	var c mat.Dense[float64]
	hadamard(&c, a, a)
	fmt.Println(c.Data)

	defer func() { fmt.Println(recover()) }()
	hadamard(a, a, &c)
	// Output:
	// [1 4 9 16]
	// lanes: hadamard: the 2×2 destination shares entries with A
}
