package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

func ExampleTrsm() {
	u := mat.NewDense(2, 2, []float64{
		2, 1,
		0, 4,
	})
	b := mat.NewDense(2, 2, []float64{
		4, 1,
		8, 4,
	})
	mat.Trsm(mat.Left, mat.Upper, mat.NoTrans, mat.NonUnit, 1, u, b)
	fmt.Println(b.Data)
	// Output: [1 0 2 1]
}

func ExampleTrsv() {
	l := mat.NewDense(2, 2, []float64{
		1, 0,
		3, 1,
	})
	x := []float64{2, 7}
	mat.Trsv(mat.Lower, mat.NoTrans, mat.Unit, l, x)
	fmt.Println(x)
	// Output: [2 1]
}
