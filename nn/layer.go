package nn

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Param is a learnt tensor and its gradient, of equal length. The slices are
// the layer's own: an optimizer writes to Value.
type Param[T mat.Float] struct {
	Name        string
	Value, Grad []T
}

// Layer maps a batch, one sample per row, to another of as many rows, whose
// number of columns depends on that of x alone. One goroutine at a time may
// use it.
type Layer[T mat.Float] interface {
	// Forward writes the layer's output for x to dst, which is sized when it is
	// empty. It keeps what Backward needs, x by reference: x must not change
	// until then.
	Forward(dst, x *mat.Dense[T])
	// Backward takes dy, the gradient of the loss with respect to the output of
	// the last Forward, adds to the parameters' gradients, and writes the
	// gradient with respect to x to dx. dx is sized when it is empty; nil skips
	// that product.
	Backward(dx, dy *mat.Dense[T])
	// Params returns the parameters in an order that does not change. The slice
	// is valid until the next call.
	Params() []Param[T]
}

// ZeroGrad sets every gradient to zero, as before each Backward that is not
// meant to accumulate.
func ZeroGrad[T mat.Float](params []Param[T]) {
	for _, p := range params {
		clear(p.Grad)
	}
}

// ClipGradNorm scales the gradients so that their common Euclidean norm is at
// most limit, and returns the norm that they had (Pascanu, Mikolov and Bengio
// 2013). When that is NaN or Inf the gradients stay as they are, for the caller
// to skip the step. It panics with mat.Error unless limit > 0.
func ClipGradNorm[T mat.Float](params []Param[T], limit T) T {
	if !(limit > 0) {
		panicf("ClipGradNorm", "limit = %v", limit)
	}
	var norm float64
	for _, p := range params {
		norm = math.Hypot(norm, float64(kernels.Nrm2(p.Grad)))
	}
	if norm > float64(limit) && !math.IsInf(norm, 1) {
		for _, p := range params {
			kernels.Scal(T(float64(limit)/norm), p.Grad)
		}
	}
	return T(norm)
}

// reshape makes m rows × cols without a gap between rows, over its own data
// where they suffice. Entries keep no meaning.
func reshape[T mat.Float](m *mat.Dense[T], rows, cols int) {
	if n := rows * cols; cap(m.Data) < n {
		m.Data = make([]T, n)
	} else {
		m.Data = m.Data[:n]
	}
	m.Rows, m.Cols, m.Stride = rows, cols, cols
}

func panicf(op, format string, args ...any) {
	panic(mat.Error{Op: op, Detail: fmt.Sprintf(format, args...)})
}
