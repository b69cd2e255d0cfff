package spectral

import (
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// symvBlock is the side of the diagonal blocks of symvUpper: 64 bytes of
// elements.
func symvBlock[T mat.Float]() int {
	var zero T
	return 64 / int(unsafe.Sizeof(zero))
}

// symvUpper adds A·x to y for a symmetric n × n matrix, entry (i, j) at
// a[i*lda+j], n a multiple of symvBlock. It reads the diagonal blocks whole and
// every entry to their right once: in cache, the row serves the dot that is
// its entry of y and, times its x, the rest of y. Upward it begins at the last
// row: what the call before left in cache comes first when directions
// alternate.
func symvUpper[T mat.Float](n int, a []T, lda int, x, y []T, upward bool) {
	block := symvBlock[T]()
	for step := range n {
		i := step
		if upward {
			i = n - 1 - step
		}
		first := i / block * block
		row := a[i*lda+first : i*lda+n]
		y[i] += kernels.Dot(row, x[first:])
		kernels.Axpy(x[i], row[block:], y[first+block:])
	}
}
