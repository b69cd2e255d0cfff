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
	kernels.Symv(n, a[:(n-1)*lda+n], lda, x, y, upward)
}
