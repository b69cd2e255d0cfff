package svd_test

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func factorized(a *mat.Dense[float64], opts svd.Options) *svd.SVD[float64] {
	var s svd.SVD[float64]
	if err := s.Factorize(a, opts); err != nil {
		panic(err)
	}
	return &s
}

func ExampleOptions_full() {
	s := factorized(mat.NewDense(3, 1, []float64{1, 2, 2}), svd.Options{Full: true})
	var u mat.Dense[float64]
	s.UTo(&u)
	fmt.Printf("U is %d×%d, σ = %.0f\n", u.Rows, u.Cols, s.Values(nil))
	// Output:
	// U is 3×3, σ = [3]
}

func ExampleOptions_progress() {
	a := mat.NewDense[float64](40, 40, nil)
	for i := range 40 {
		for j := range 40 {
			a.Set(i, j, float64(min(i, j)+1))
		}
	}
	factorized(a, svd.Options{Progress: func(stage string, done, total int) {
		fmt.Printf("%s: %d of %d\n", stage, done, total)
	}})
	// Output:
	// windows of columns: 0 of 40
	// corrections: 0 of 13
}

// A line through points that lie on none: the columns of A are 1 and x.
func ExampleSVD_SolveTo() {
	a := mat.NewDense(4, 2, []float64{1, 0, 1, 1, 1, 2, 1, 3})
	y := mat.NewDense(4, 1, []float64{-1, 0.2, 0.9, 2.1})
	var c mat.Dense[float64]
	rank := factorized(a, svd.Options{}).SolveTo(&c, y, 0)
	fmt.Printf("rank %d, y = %.2f + %.2f·x\n", rank, c.At(0, 0), c.At(1, 0))
	// Output:
	// rank 2, y = -0.95 + 1.00·x
}

func ExampleSVD_PinvTo() {
	s := factorized(mat.NewDense(2, 2, []float64{1, 1, 1, 1}), svd.Options{})
	var x mat.Dense[float64]
	s.PinvTo(&x, 0)
	fmt.Printf("%.2f\n", x.Data)
	// Output:
	// [0.25 0.25 0.25 0.25]
}

func ExampleSVD_NullSpaceTo() {
	s := factorized(mat.NewDense(2, 3, []float64{1, 0, 1, 0, 1, 1}), svd.Options{})
	var kernel mat.Dense[float64]
	s.NullSpaceTo(&kernel, 0)
	fmt.Printf("%d×%d, %.2f : %.2f\n", kernel.Rows, kernel.Cols, kernel.At(0, 0)/kernel.At(2, 0), kernel.At(1, 0)/kernel.At(2, 0))
	// Output:
	// 3×1, -1.00 : -1.00
}

func ExampleSVD_RangeTo() {
	s := factorized(mat.NewDense(3, 2, []float64{3, 6, 0, 0, 4, 8}), svd.Options{})
	var image mat.Dense[float64]
	s.RangeTo(&image, 0)
	for i := range 3 {
		fmt.Printf("%.1f\n", math.Abs(image.At(i, 0)))
	}
	// Output:
	// 0.6
	// 0.0
	// 0.8
}

func ExampleSVD_ReconstructTo() {
	s := factorized(mat.NewDense(2, 2, []float64{3, 0, 0, 0.1}), svd.Options{})
	var low mat.Dense[float64]
	s.ReconstructTo(&low, 1)
	fmt.Printf("%.1f, ‖A‖₂ = %.1f\n", math.Abs(low.At(0, 0)), s.Norm2())
	fmt.Println("the rest is gone:", math.Abs(low.At(1, 1)) < 1e-15)
	// Output:
	// 3.0, ‖A‖₂ = 3.0
	// the rest is gone: true
}

// As few triples as an error of σ₁/1000 takes.
func ExampleApproximate() {
	a := mat.NewDense[float64](300, 300, nil) // 1/(i+j+1), the Hilbert matrix
	for i := range 300 {
		for j := range 300 {
			a.Set(i, j, 1/float64(i+j+1))
		}
	}
	x, err := svd.Approximate(svd.DenseOperator(a, 0), 300, svd.TruncatedOptions{Tol: 1e-3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("rank %d, ‖A − UΣVᵀ‖ at most %.0e\n", len(x.S), x.Error)
	// Output:
	// rank 6, ‖A − UΣVᵀ‖ at most 4e-03
}
