package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

func ExampleLQ() {
	a := mat.NewDense(1, 2, []float64{3, 4})
	var f mat.LQ[float64]
	f.Factorize(a)

	var l, q, back mat.Dense[float64]
	f.LTo(&l)
	f.QTo(&q)
	back.Mul(&l, &q)
	fmt.Printf("L = %.0f, Q = %.1f, L·Q = %.0f\n", l.Data, q.Data, back.Data)

	b := mat.NewDense(2, 1, []float64{3, 4})
	f.MulQ(mat.NoTrans, b) // Q·Aᵀ is Lᵀ on top of zeros
	fmt.Printf("Q·Aᵀ begins with %.0f\n", b.At(0, 0))
	// Output:
	// L = [-5], Q = [-0.6 -0.8], L·Q = [3 4]
	// Q·Aᵀ begins with -5
}

func ExampleLQ_Solve() {
	a := mat.NewDense(1, 2, []float64{3, 4}) // 3x + 4y = 50
	var f mat.LQ[float64]
	f.Factorize(a)
	var x mat.Dense[float64]
	if err := f.Solve(&x, mat.NewDense(1, 1, []float64{50})); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%.0f\n", x.Data) // the solution nearest to the origin
	// Output: [6 8]
}
