package eig_test

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/mat"
)

func Example() {
	a := mat.NewDense(2, 2, []float64{
		2, 1,
		1, 2,
	})
	var e eig.Sym[float64]
	if err := e.Factorize(a, eig.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	var v mat.Dense[float64]
	e.VectorsTo(&v)
	fmt.Printf("eigenvalues %.3f\n", e.Values(nil))
	fmt.Printf("directions  %.3f %.3f\n", v.At(0, 0)/v.At(1, 0), v.At(0, 1)/v.At(1, 1))
	// Output:
	// eigenvalues [1.000 3.000]
	// directions  -1.000 1.000
}

func ExampleSym_Stats() {
	a := mat.NewDense(3, 3, []float32{
		4, 1, 0,
		1, 3, 1,
		0, 1, 2,
	})
	var e eig.Sym[float32]
	if err := e.Factorize(a, eig.Options{Method: eig.Jacobi, ValuesOnly: true}); err != nil {
		fmt.Println(err)
		return
	}
	s := e.Stats()
	fmt.Println(s.Method, s.Sweeps > 0, s.OffNorm < 1e-6)
	fmt.Printf("%.4f %.4f\n", e.Values(nil), 3+math.Sqrt(3))
	// Output:
	// Jacobi true true
	// [1.2679 3.0000 4.7321] 4.7321
}

// A Gram matrix of features in very different units: Accurate gets every
// eigenvalue to all its digits.
func ExampleOptions_accurate() {
	a := mat.NewDense(2, 2, []float64{
		2, 1e-12,
		1e-12, 2e-24,
	})
	var e eig.Sym[float64]
	if err := e.Factorize(a, eig.Options{Accurate: true}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.12g %v\n", e.Values(nil), e.Stats().Accurate)
	// Output:
	// [1.5e-24 2] true
}

func ExampleRange() {
	a := mat.NewDense(3, 3, []float64{
		2, 1, 0,
		1, 2, 1,
		0, 1, 2,
	})
	var e eig.Sym[float64]
	for _, r := range []eig.Range{{Largest: 1}, {From: 0, To: 3}} {
		if err := e.Factorize(a, eig.Options{Range: r}); err != nil {
			fmt.Println(err)
			return
		}
		var v mat.Dense[float64]
		e.VectorsTo(&v)
		fmt.Printf("%.3f, V is %d×%d\n", e.Values(nil), v.Rows, v.Cols)
	}
	// Output:
	// [3.414], V is 3×1
	// [0.586 2.000], V is 3×2
}
