package svd_test

import (
	"fmt"

	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func Example() {
	a := mat.NewDense(3, 2, []float64{
		2, 0,
		0, 3,
		0, 4,
	})
	var s svd.SVD[float64]
	if err := s.Factorize(a, svd.Options{}); err != nil {
		fmt.Println(err)
		return
	}
	var u, v mat.Dense[float64]
	s.UTo(&u)
	s.VTo(&v)
	sigma := s.Values(nil)
	fmt.Printf("σ = %.1f, U is %d×%d, V is %d×%d\n", sigma, u.Rows, u.Cols, v.Rows, v.Cols)
	fmt.Printf("a₃₂ = %.1f\n", u.At(2, 0)*sigma[0]*v.At(1, 0)+u.At(2, 1)*sigma[1]*v.At(1, 1))
	// Output:
	// σ = [5.0 2.0], U is 3×2, V is 2×2
	// a₃₂ = 4.0
}

func ExampleSVD_Rank() {
	a := mat.NewDense(3, 3, []float64{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9, // = 2 × the second row − the first
	})
	var s svd.SVD[float64]
	if err := s.Factorize(a, svd.Options{ValuesOnly: true}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("rank", s.Rank(0), "at the precision of float64,", s.Rank(0.1), "at a tenth of σ₁")
	fmt.Println("singular to working precision:", s.Cond() > 1e15)
	fmt.Println(s.Stats().Method)
	// Output:
	// rank 2 at the precision of float64, 1 at a tenth of σ₁
	// singular to working precision: true
	// OneSidedJacobi
}

func ExampleTruncated() {
	a := mat.NewDense[float64](200, 100, nil) // rank 2
	for i := range 200 {
		for j := range 100 {
			a.Set(i, j, 3+float64(i%2)*float64(j%2))
		}
	}
	u, sigma, v, err := svd.Truncated(a, 2, svd.TruncatedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("U %d×%d, V %d×%d, %d numbers instead of %d\n",
		u.Rows, u.Cols, v.Rows, v.Cols, len(u.Data)+len(sigma)+len(v.Data), len(a.Data))
	fmt.Printf("σ₁ = %.3f, σ₂ = %.3f\n", sigma[0], sigma[1])
	fmt.Printf("a[1][1] = %.3f\n", u.At(1, 0)*sigma[0]*v.At(1, 0)+u.At(1, 1)*sigma[1]*v.At(1, 1))
	// Output:
	// U 200×2, V 100×2, 602 numbers instead of 20000
	// σ₁ = 462.546, σ₂ = 32.429
	// a[1][1] = 4.000
}
