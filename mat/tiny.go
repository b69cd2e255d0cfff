package mat

import (
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
)

// call says what gemm was called for: whether A or B is transposed, and by which
// function. It is one word, so that a small product has registers to spare.
type call uint

const (
	transA call = 1 << iota
	transB
	byMul // and not by Gemm
)

func (c call) op() string {
	if c&byMul != 0 {
		return "Mul"
	}
	return "Gemm"
}

func callOf(tA, tB Transpose) (c call) {
	if tA {
		c = transA
	}
	if tB {
		c |= transB
	}
	return c
}

// gaps bounds the gaps between rows in tiny products, so that nothing can
// overflow. It and the bound of the dimensions are powers of two: a value is below
// one exactly if it has none of the higher bits, so that many answers fit into one
// word.
const gaps = 1 << 20

// gemm checks and multiplies, with the buffers of w, or pooled ones if it is
// nil. A product that is tiny costs as much in checks as in sums, so this asks
// first what makes it safe, and no more: C = alpha·A·B + beta·C of two rows and
// columns at least. All others, and all that are wrong, go to gemmLarge.
func gemm[T Float](how call, w *Workspace[T], alpha T, a, b *Dense[T], beta T, c *Dense[T]) {
	m, n, k := c.Rows, c.Cols, a.Cols
	wrong := ((m-2)|(n-2)|(k-1))&^(kernels.Tiny-1) | (a.Rows ^ m) | (b.Rows ^ k) | (b.Cols ^ n)
	wrong |= ((a.Stride-k)|(b.Stride-n)|(c.Stride-n))&^(gaps-1) | int(how&(transA|transB))
	short := (len(a.Data) - (m-1)*a.Stride - k) | (len(b.Data) - (k-1)*b.Stride - n) | (len(c.Data) - (m-1)*c.Stride - n)
	if wrong != 0 || short < 0 || alpha == 0 || addressesMeet(c.Data, a.Data) || addressesMeet(c.Data, b.Data) {
		gemmLarge(how, w, alpha, a, b, beta, c)
		return
	}
	switch {
	case !kernels.IsNarrow[T](n):
		kernels.GemmTiles(alpha, (*kernels.Matrix[T])(a), (*kernels.Matrix[T])(b), beta, (*kernels.Matrix[T])(c))
	case unsafe.Sizeof(alpha) == 8:
		kernels.GemmTiny64(float64(alpha), (*kernels.Matrix[float64])(unsafe.Pointer(a)), (*kernels.Matrix[float64])(unsafe.Pointer(b)),
			float64(beta), (*kernels.Matrix[float64])(unsafe.Pointer(c)))
	default:
		kernels.GemmTiny32(float32(alpha), (*kernels.Matrix[float32])(unsafe.Pointer(a)), (*kernels.Matrix[float32])(unsafe.Pointer(b)),
			float32(beta), (*kernels.Matrix[float32])(unsafe.Pointer(c)))
	}
}
