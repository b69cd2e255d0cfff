package main

import (
	"log"
	"os"

	"github.com/lanes-go/lanes/internal/dataset"
)

// Two hundred digits are enough to see it work.
func Example() {
	_, held := dataset.Digits[float32]()
	if err := compress(os.Stdout, held.X.View(0, 0, 200, held.X.Cols), []int{1, 5, 20}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// rank   1  error 76.1 %      3 KiB of 612  saved 99.4 %
	// rank   5  error 63.4 %     19 KiB of 612  saved 96.9 %
	// rank  20  error 43.5 %     76 KiB of 612  saved 87.4 %
}
