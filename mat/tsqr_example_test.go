package mat_test

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
)

func ExampleTSQR() {
	a := mat.NewDense[float64](4096, 2, nil) // a straight line through noise-free samples
	for i := range a.Rows {
		a.Set(i, 0, 1)
		a.Set(i, 1, float64(i))
	}
	var f mat.TSQR[float64]
	f.Factorize(a)

	var q, r mat.Dense[float64]
	f.RTo(&r)
	f.QTo(&q)
	fmt.Printf("length of the first column: %.0f\n", math.Abs(r.At(0, 0)))
	fmt.Printf("Q is %d×%d\n", q.Rows, q.Cols)
	// Output:
	// length of the first column: 64
	// Q is 4096×2
}
