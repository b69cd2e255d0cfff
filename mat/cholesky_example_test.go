package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

func ExampleCholesky() {
	a := mat.NewDense(2, 2, []float64{
		4, 2,
		2, 10,
	})
	var f mat.Cholesky[float64]
	if err := f.Factorize(a); err != nil {
		fmt.Println(err)
		return
	}
	var u, x mat.Dense[float64]
	f.UTo(&u)
	f.Solve(&x, mat.NewDense(2, 1, []float64{8, 22}))
	fmt.Println(u.Data)
	fmt.Println(x.Data)

	a.Set(1, 1, 1)
	fmt.Println(f.Factorize(a))
	// Output:
	// [2 1 0 3]
	// [1 2]
	// lanes: the matrix is not positive definite: pivot 1 is 0
}
