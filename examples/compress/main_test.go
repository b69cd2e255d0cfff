package main

import (
	"log"
	"os"

	"github.com/lanes-go/lanes/internal/dataset"
)

// The 1000 digits held out are enough to see it work.
func Example() {
	_, held := dataset.Digits[float32]()
	if err := compress(os.Stdout, held.X, []int{1, 30, 90}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// rank   1  error 75.6 %      6 KiB of 3062  saved 99.8 %
	// rank  30  error 39.0 %    209 KiB of 3062  saved 93.2 %
	// rank  90  error 22.1 %    627 KiB of 3062  saved 79.5 %
}
