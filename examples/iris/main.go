// Iris prints the principal components of Fisher's iris data: what they are
// made of, how much of the variance each explains, and how the three species
// lie along the first two.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/pca"
)

func main() {
	if err := analyse(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func analyse(w io.Writer) error {
	x, labels, names := dataset.Iris[float64]()
	p := pca.New[float64](pca.Options{})
	if err := p.Fit(x); err != nil {
		return err
	}
	z, err := p.Transform(x)
	if err != nil {
		return err
	}

	fmt.Fprintln(w, "            explains  sepal length  sepal width  petal length  petal width")
	components := p.Components()
	for i, share := range p.ExplainedVarianceRatio() {
		c := components.Row(i)
		fmt.Fprintf(w, "component %d  %6.2f %%  %12.3f  %11.3f  %12.3f  %11.3f\n", i+1, 100*share, c[0], c[1], c[2], c[3])
	}
	fmt.Fprintln(w)
	for class, centre := range centres(z.View(0, 0, z.Rows, 2), labels, len(names)) {
		fmt.Fprintf(w, "%-10s  centred at (%.2f, %.2f)\n", names[class], centre[0], centre[1])
	}
	return nil
}

// centres returns the mean row of each class.
func centres(z *mat.Dense[float64], labels []int, classes int) [][]float64 {
	sums, counts := make([][]float64, classes), make([]float64, classes)
	for i, class := range labels {
		if sums[class] == nil {
			sums[class] = make([]float64, z.Cols)
		}
		for j, v := range z.Row(i) {
			sums[class][j] += v
		}
		counts[class]++
	}
	for class, s := range sums {
		for j := range s {
			s[j] /= counts[class]
		}
	}
	return sums
}
