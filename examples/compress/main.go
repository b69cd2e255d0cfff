// Compress replaces 4000 digits of 784 pixels, as a matrix A, by the factors of
// its truncated singular value decomposition A ≈ (U·Σ)·Vᵀ, and prints for some
// ranks how far off the digits are and how many bytes that saves.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/lanes-go/lanes/internal/dataset"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

func main() {
	train, _ := dataset.Digits[float32]()
	if err := compress(os.Stdout, train.X, []int{10, 20, 50, 100}); err != nil {
		log.Fatal(err)
	}
}

// compress prints a line per rank. The ranks ascend: one decomposition holds
// all of them.
func compress(w io.Writer, a *mat.Dense[float32], ranks []int) error {
	u, s, v, err := svd.Truncated(a, ranks[len(ranks)-1], svd.TruncatedOptions{Seed: 1})
	if err != nil {
		return err
	}
	for i := range u.Rows { // U·Σ
		for j, sigma := range s {
			u.Set(i, j, u.At(i, j)*sigma)
		}
	}
	const bytes = 4
	whole := bytes * a.Rows * a.Cols
	for _, k := range ranks {
		off := distance(a, u.View(0, 0, u.Rows, k), v.View(0, 0, v.Rows, k))
		parts := bytes * k * (a.Rows + a.Cols)
		fmt.Fprintf(w, "rank %3d  error %4.1f %%  %5d KiB of %d  saved %.1f %%\n",
			k, 100*off, parts>>10, whole>>10, 100-100*float64(parts)/float64(whole))
	}
	return nil
}

// distance returns ‖A − U·Vᵀ‖/‖A‖ in the Frobenius norm.
func distance(a, u, v *mat.Dense[float32]) float32 {
	rest := a.Clone()
	whole := kernels.Nrm2(rest.Data)
	mat.Gemm(mat.NoTrans, mat.Trans, -1, u, v, 1, rest)
	return kernels.Nrm2(rest.Data) / whole
}
