package nn

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Softmax writes exp(x)/Σexp(x) of each row of logits to dst, which is sized
// when it is empty and may be logits itself. It panics with mat.Error when the
// shapes differ.
func Softmax[T mat.Float](dst, logits *mat.Dense[T]) {
	logits.Check("Softmax", "logits")
	dst.Resize("Softmax", logits.Rows, logits.Cols)
	if logits.Cols == 0 {
		return
	}
	for i := range logits.Rows {
		kernels.Softmax(dst.Row(i), logits.Row(i))
	}
}

// CrossEntropy returns the mean over the batch of −log softmax(logits)[label],
// and writes its gradient, (softmax − onehot)/batch, to grad: an empty grad is
// sized, nil skips the gradient, and grad may be logits itself. An empty batch
// costs 0. It panics with mat.Error when the shapes do not fit or a label is
// outside [0, logits.Cols).
//
// The logits are taken relative to their maximum, so nothing overflows, and a
// certain prediction loses neither its loss nor its gradient to rounding.
func CrossEntropy[T mat.Float](grad, logits *mat.Dense[T], labels []int) T {
	const op = "CrossEntropy"
	logits.Check(op, "logits")
	if len(labels) != logits.Rows {
		panicf(op, "logits are %d×%d, len(labels) = %d", logits.Rows, logits.Cols, len(labels))
	}
	for i, l := range labels {
		if uint(l) >= uint(logits.Cols) {
			panicf(op, "labels[%d] = %d, logits are %d×%d", i, l, logits.Rows, logits.Cols)
		}
	}
	if grad != nil {
		grad.Resize(op, logits.Rows, logits.Cols)
	}
	var loss float64
	for i, label := range labels {
		var g []T
		if grad != nil {
			g = grad.Row(i)
		}
		loss += rowCrossEntropy(g, logits.Row(i), label, len(labels))
	}
	if len(labels) == 0 {
		return 0
	}
	return T(loss / float64(len(labels)))
}

// rowCrossEntropy sums exp(x − max) on either side of the largest entry, not
// with it: log1p keeps what 1 + tiny would lose. The gradient at the label is
// the sum over all others.
func rowCrossEntropy[T mat.Float](g, x []T, label, batch int) float64 {
	top := argmax(x)
	largest, chosen := x[top], x[label]
	var left, right []T // of g, or nil
	if g != nil {
		left, right = g[:top], g[top+1:]
	}
	notTop := float64(kernels.SumExp(left, x[:top], largest))
	notTop += float64(kernels.SumExp(right, x[top+1:], largest))
	if g != nil {
		notLabel := notTop
		if label != top {
			notLabel = 1 + (notTop - float64(g[label]))
		}
		g[top] = 1
		scale := (1 + notTop) * float64(batch)
		kernels.Scal(T(1/scale), g)
		g[label] = T(-notLabel / scale)
	}
	return math.Log1p(notTop) + (float64(largest) - float64(chosen))
}

// MSE returns the mean of (pred − target)² over all entries, and writes its
// gradient, 2·(pred − target)/entries, to grad: an empty grad is sized, nil
// skips the gradient, and grad may be pred or target. No entries cost 0. It
// panics with mat.Error when the shapes differ.
func MSE[T mat.Float](grad, pred, target *mat.Dense[T]) T {
	const op = "MSE"
	pred.Check(op, "pred")
	target.Check(op, "target")
	if pred.Rows != target.Rows || pred.Cols != target.Cols {
		panicf(op, "pred is %d×%d, target is %d×%d", pred.Rows, pred.Cols, target.Rows, target.Cols)
	}
	if grad != nil {
		grad.Resize(op, pred.Rows, pred.Cols)
	}
	n := float64(pred.Rows * pred.Cols)
	if n == 0 {
		return 0
	}
	var loss float64
	for i := range pred.Rows {
		t := target.Row(i)
		for j, p := range pred.Row(i) {
			d := float64(p) - float64(t[j])
			loss += d * d
			if grad != nil {
				grad.Data[i*grad.Stride+j] = T(2 * d / n)
			}
		}
	}
	return T(loss / n)
}

// argmax returns the index of the largest entry, or of a NaN.
func argmax[T mat.Float](x []T) int {
	top := 0
	for j, v := range x {
		if v > x[top] || v != v {
			top = j
		}
	}
	return top
}
