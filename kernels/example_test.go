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
