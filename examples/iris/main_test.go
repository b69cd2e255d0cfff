package main

import (
	"log"
	"os"
)

func Example() {
	if err := analyse(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	//             explains  sepal length  sepal width  petal length  petal width
	// component 1   92.46 %         0.361       -0.085         0.857        0.358
	// component 2    5.31 %         0.657        0.730        -0.173       -0.075
	// component 3    1.71 %        -0.582        0.598         0.076        0.546
	// component 4    0.52 %         0.315       -0.320        -0.480        0.754
	//
	// setosa      centred at (-2.64, 0.19)
	// versicolor  centred at (0.53, -0.25)
	// virginica   centred at (2.11, 0.05)
}
