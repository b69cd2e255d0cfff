package kernels_test

import (
	"fmt"

	"github.com/lanes-go/lanes/kernels"
)

func ExampleAxpy() {
	y := []float64{1, 1, 1}
	kernels.Axpy(2, []float64{1, 2, 3}, y)
	fmt.Println(y)
	// Output: [3 5 7]
}

func ExampleDot() {
	fmt.Println(kernels.Dot([]float32{1, 2, 3}, []float32{4, 5, 6}))
	// Output: 32
}

func ExampleScal() {
	x := []float64{1, 2, 3}
	kernels.Scal(-2, x)
	fmt.Println(x)
	// Output: [-2 -4 -6]
}

func ExampleRot() {
	x, y := []float64{1, 0}, []float64{0, 1}
	kernels.Rot(x, y, 0, 1) // a quarter turn
	fmt.Println(x, y)
	// Output: [0 1] [-1 0]
}

func ExampleWaxpy() {
	x, mean, away := []float32{1, 3, 5}, []float64{-2, -2, -2}, make([]float64, 3)
	kernels.Waxpy(1, x, mean, away) // how far from 2
	kernels.Round(x, away)
	fmt.Println(x)
	// Output: [-1 1 3]
}

func ExampleNrm2() {
	fmt.Printf("%.3g\n", kernels.Nrm2([]float64{3e200, 4e200}))
	// Output: 5e+200
}

func ExampleIamax() {
	fmt.Println(kernels.Iamax([]float32{1, -7, 7}))
	// Output: 1
}

func ExampleSwap() {
	x, y := []float64{1, 2}, []float64{3, 4}
	kernels.Swap(x, y)
	fmt.Println(x, y)
	// Output: [3 4] [1 2]
}

func ExampleAsum() {
	fmt.Println(kernels.Asum([]float64{1, -2, 3}))
	// Output: 6
}

func ExampleSumSq() {
	fmt.Println(kernels.SumSq([]float64{1, -2, 3}))
	// Output: 14
}

func ExampleDotTriple() {
	xx, yy, xy := kernels.DotTriple([]float64{3, 4}, []float64{1, 2})
	fmt.Println(xx, yy, xy)
	// Output: 25 5 11
}

func ExampleActivateBias() {
	x, bias := []float64{-1, 0, 2}, []float64{0, 1, 1}
	kernels.ActivateBias(kernels.ReLU, x, x, bias)
	fmt.Println(x)
	// Output: [0 1 3]
}

func ExampleActivateGrad() {
	dz := make([]float64, 3)
	kernels.ActivateGrad(kernels.LeakyReLU, dz, []float64{1, 1, 2}, []float64{-3, 3, 3})
	fmt.Println(dz)
	// Output: [0.01 1 2]
}

func ExampleExp() {
	x := []float64{0, 1}
	kernels.Exp(x, x)
	fmt.Printf("%.4f\n", x)
	// Output: [1.0000 2.7183]
}

func ExampleSumExp() {
	fmt.Println(kernels.SumExp(nil, []float64{1000, 1000}, 1000))
	// Output: 2
}

func ExampleSoftmax() {
	x := []float64{1000, 1000, 0}
	kernels.Softmax(x, x)
	fmt.Println(x)
	// Output: [0.5 0.5 0]
}

func ExampleLogSumExp() {
	fmt.Printf("%.4f\n", kernels.LogSumExp([]float64{1000, 1000}))
	// Output: 1000.6931
}

// A program that a user complains about can say what it runs on.
func ExampleChosen() {
	c := kernels.Chosen()
	fmt.Println(c.ISA == kernels.ISA(), c.Sets[0].ISA, c.Sets[0].Available)
	// Output: true go true
}
