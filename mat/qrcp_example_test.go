package mat_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

func ExampleQRP() {
	a := mat.NewDense(3, 3, []float64{ // column 2 is column 0 plus column 1
		1, 2, 3,
		0, 5, 5,
		2, 0, 2,
	})
	var f mat.QRP[float64]
	f.Factorize(a)
	fmt.Println("rank", f.Rank(0), "columns", f.Perm(nil)[:f.Rank(0)])

	var q, r, ap mat.Dense[float64]
	f.QTo(&q)
	f.RTo(&r)
	ap.Mul(&q, &r)
	fmt.Printf("first column of A·P: %.0f %.0f %.0f\n", ap.At(0, 0), ap.At(1, 0), ap.At(2, 0))

	b := mat.NewDense(3, 1, []float64{3, 5, 2})
	f.MulQ(mat.Trans, b) // that column again: it is all along the first axis
	fmt.Printf("%.3f\n", b.At(0, 0)/r.At(0, 0))
	// Output:
	// rank 2 columns [2 0]
	// first column of A·P: 3 5 2
	// 1.000
}
