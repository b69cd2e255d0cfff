// Command readme is the program that README.md shows.
package main

import (
	"fmt"
	"log"

	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/pca"
	"github.com/lanes-go/lanes/svd"
)

func main() {
	a := mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 7}) // row-major, shared
	var gram mat.Dense[float64]
	gram.Mul(a.T(), a) // multiply
	var s svd.SVD[float64]
	if err := s.Factorize(a, svd.Options{}); err != nil { // decompose
		log.Fatal(err)
	}
	p := pca.New[float64](pca.Options{Components: 1})
	if err := p.Fit(a); err != nil { // reduce
		log.Fatal(err)
	}
	fmt.Printf("%v\n%.4f\n%.4f\n", &gram, s.Values(nil), p.ExplainedVarianceRatio())
}
