// Package dataset holds two small data sets for tests and examples, compiled
// into the binary: Fisher's iris and 5000 handwritten digits of MNIST.
// PROVENANCE.md says where they come from and how they are encoded.
package dataset

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/lanes-go/lanes/mat"
)

//go:embed iris.csv
var irisCSV string

//go:embed digits-images.idx3.gz
var digitImages []byte

//go:embed digits-labels.idx1.gz
var digitLabels []byte

// Set is a labelled sample: row i of X belongs to class Labels[i].
type Set[T mat.Float] struct {
	X      *mat.Dense[T]
	Labels []int
}

// Iris returns Fisher's 150 flowers: x is 150 × 4 in centimetres (sepal length
// and width, petal length and width), labels index names, 50 of each species
// in order.
func Iris[T mat.Float]() (x *mat.Dense[T], labels []int, names []string) {
	rows := must(csv.NewReader(strings.NewReader(irisCSV)).ReadAll())[1:]
	x = mat.NewDense[T](len(rows), 4, nil)
	for i, row := range rows {
		for j := range x.Cols {
			x.Set(i, j, T(must(strconv.ParseFloat(row[j], 64))))
		}
		if name := row[x.Cols]; len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
		labels = append(labels, len(names)-1)
	}
	return x, labels, names
}

// Held-out digits come last; every ten images in a row show all ten digits.
const trainDigits = 4000

// Digits returns 4000 handwritten digits for training and 1000 that are held
// out, 400 and 100 of each class. A row of X is an image of 28 × 28 pixels, row
// by row, from 0 (background) to 1 (ink); row i shows the digit i mod 10. The
// split is fixed. Every call decodes anew, so the caller may write to X.
func Digits[T mat.Float]() (train, test Set[T]) {
	images, classes := must2(ReadPair(gunzip(digitImages), gunzip(digitLabels)))
	d := images.Height * images.Width
	x := mat.NewDense[T](images.Count, d, nil)
	for i, p := range images.Pixels {
		x.Data[i] = T(p) / 255
	}
	labels := make([]int, len(classes))
	for i, c := range classes {
		labels[i] = int(c)
	}
	train = Set[T]{x.View(0, 0, trainDigits, d), labels[:trainDigits:trainDigits]}
	test = Set[T]{x.View(trainDigits, 0, images.Count-trainDigits, d), labels[trainDigits:]}
	return train, test
}

func gunzip(b []byte) io.Reader { return must(gzip.NewReader(bytes.NewReader(b))) }

// must panics where embedded data are broken: a bug of this package.
func must[A any](a A, err error) A {
	if err != nil {
		panic(err)
	}
	return a
}

func must2[A, B any](a A, b B, err error) (A, B) {
	return must(a, err), b
}
