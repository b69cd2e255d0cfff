package pca_test

import (
	"fmt"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/pca"
)

// Four lengths of 150 flowers, told by two numbers each.
func Example() {
	x, _, _ := dataset.Iris[float64]()
	p := pca.New[float64](pca.Options{Components: 2})
	if err := p.Fit(x); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean      %.3f\n", p.Mean())
	fmt.Printf("variance  %.4f of which %.4f\n", p.ExplainedVariance(), p.ExplainedVarianceRatio())
	fmt.Printf("rest      %.4f a component\n", p.NoiseVariance())
	fmt.Printf("component %.4f\n", p.Components().Row(0))
	z, err := p.Transform(x)
	fmt.Printf("first     %.4f %v\n", z.Row(0), err)
	back, err := p.InverseTransform(z)
	fmt.Printf("back      %.2f of %v %v\n", back.Row(0), x.Row(0), err)
	// Output:
	// mean      [5.843 3.057 3.758 1.199]
	// variance  [4.2282 0.2427] of which [0.9246 0.0531]
	// rest      0.0510 a component
	// component [0.3614 -0.0845 0.8567 0.3583]
	// first     [-2.6841 0.3194] <nil>
	// back      [5.08 3.52 1.40 0.21] of [5.1 3.5 1.4 0.2] <nil>
}

// The share of the variance to keep decides how many components there are.
func ExampleNew_share() {
	x, _, _ := dataset.Iris[float64]()
	p := pca.New[float64](pca.Options{Variance: 0.95})
	fmt.Println(p.Fit(x), p.Components().Rows, p.Solver())
	fmt.Printf("%.3f\n", p.SingularValues())
	// Output:
	// <nil> 2 Covariance
	// [25.100 6.013]
}

// An observation unlike the sample is far from what the components make of it.
func ExamplePCA_ReconstructionError() {
	x, _, _ := dataset.Iris[float64]()
	p := pca.New[float64](pca.Options{Components: 2})
	if err := p.Fit(x); err != nil {
		fmt.Println(err)
		return
	}
	dist, err := p.ReconstructionError(mat.NewDense(2, 4, []float64{
		5.9, 3.0, 4.2, 1.5, // versicolor
		5.9, 3.0, 1.5, 4.2, // petals broader than long
	}))
	fmt.Printf("%.2f %v\n", dist, err)
	// Output: [0.14 3.66] <nil>
}

func ExamplePCA_Fit() {
	p := pca.New[float64](pca.Options{})
	fmt.Println(p.Fit(mat.NewDense[float64](1, 4, nil)))
	_, err := p.Transform(mat.NewDense[float64](1, 4, nil))
	fmt.Println(err)
	// Output:
	// pca: the sample is 1×4, Fit needs two rows and a column
	// pca: Transform: there was no successful Fit
}
