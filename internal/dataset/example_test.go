package dataset_test

import (
	"bytes"
	"fmt"

	"github.com/lanes-go/lanes/internal/dataset"
)

func ExampleIris() {
	x, labels, names := dataset.Iris[float64]()
	fmt.Println(x.Rows, x.Cols, x.Row(50), names[labels[50]])
	// Output: 150 4 [7 3.2 4.7 1.4] versicolor
}

func ExampleDigits() {
	train, test := dataset.Digits[float32]()
	fmt.Println(train.X.Rows, test.X.Rows, train.X.Cols, train.Labels[:12])
	// Output: 4000 1000 784 [0 1 2 3 4 5 6 7 8 9 0 1]
}

func ExampleReadPair() {
	images := []byte{0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 255, 0}
	labels := []byte{0, 0, 8, 1, 0, 0, 0, 1, 4}
	im, l, err := dataset.ReadPair(bytes.NewReader(images), bytes.NewReader(labels))
	fmt.Println(im.Height, im.Width, im.Pixels, l, err)

	_, _, err = dataset.ReadPair(bytes.NewReader(images[:17]), bytes.NewReader(labels))
	fmt.Println(err)
	// Output:
	// 1 2 [255 0] [4] <nil>
	// dataset: images: truncated: want 2 bytes of entries, got 1
}
