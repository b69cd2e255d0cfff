package mat_test

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
)

func ExampleQR() {
	a := mat.NewDense(3, 2, []float64{
		3, 1,
		0, 2,
		4, 3,
	})
	var f mat.QR[float64]
	f.Factorize(a)

	var q, r, back mat.Dense[float64]
	f.QTo(&q)
	f.RTo(&r)
	back.Mul(&q, &r)
	fmt.Printf("|R| = %.3f %.3f %.3f\n", math.Abs(r.At(0, 0)), math.Abs(r.At(0, 1)), math.Abs(r.At(1, 1)))
	fmt.Printf("Q·R = %.0f\n", back.Data)

	f.MulQ(mat.Trans, a) // QᵀA is R on top of zeros
	fmt.Printf("norm of the rows under R: %.0f\n", math.Abs(a.At(2, 0))+math.Abs(a.At(2, 1)))
	// Output:
	// |R| = 5.000 3.000 2.236
	// Q·R = [3 1 0 2 4 3]
	// norm of the rows under R: 0
}

func ExampleBlockReflector() {
	v := mat.NewDense(1, 2, []float64{1, 1}) // one reflector, in a row
	var h mat.BlockReflector[float64]
	h.Set(v, []float64{1}) // I − v·vᵀ swaps the entries and their signs

	b := mat.NewDense(2, 1, []float64{3, 5})
	h.MulLeft(mat.NoTrans, b)
	fmt.Println(b.Data)

	c := mat.NewDense(1, 2, []float64{3, 5})
	h.MulRight(mat.Trans, c)
	fmt.Println(c.Data)
	// Output:
	// [-5 -3]
	// [-5 -3]
}

func ExampleQR_Solve() {
	a := mat.NewDense(4, 2, []float64{ // y = a + b·t at t = 0, 1, 2, 3
		1, 0,
		1, 1,
		1, 2,
		1, 3,
	})
	y := mat.NewDense(4, 1, []float64{1, 3, 4, 6})
	var f mat.QR[float64]
	f.Factorize(a)
	var x mat.Dense[float64]
	if err := f.Solve(&x, y); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%.1f + %.1f·t\n", x.At(0, 0), x.At(1, 0))
	// Output: 1.1 + 1.6·t
}
