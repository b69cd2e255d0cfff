package nn

import (
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Linear is a fully connected layer with its activation, Act(X·W + b). W, B
// and Act may be set by hand and may change between a Backward and the next
// Forward; GradW and GradB are allocated when they are nil.
type Linear[T mat.Float] struct {
	W     *mat.Dense[T] // in × out
	B     []T           // out
	Act   Activation
	GradW *mat.Dense[T] // in × out
	GradB []T           // out

	x      mat.Dense[T] // the last input, shared
	z, dz  mat.Dense[T] // batch × out: pre-activation and its gradient
	params [2]Param[T]
	work   mat.Workspace[T]
}

// NewLinear returns an in × out layer with normally distributed weights and
// zero biases. Their variance is 2/in before the ReLU family, which loses half
// of the signal (He et al. 2015), and 2/(in+out) before Identity, Tanh and
// Sigmoid (Glorot and Bengio 2010). float32 weights are the rounded float64
// ones of the same seed. It panics with mat.Error for negative dimensions, an
// unknown activation and a nil rng.
func NewLinear[T mat.Float](in, out int, act Activation, rng *rand.Rand) *Linear[T] {
	if in < 0 || out < 0 || act > Sigmoid || rng == nil {
		panicf("NewLinear", "in = %d, out = %d, activation %d, rng nil: %t", in, out, act, rng == nil)
	}
	variance := 2 / float64(in)
	switch act {
	case Identity, Tanh, Sigmoid:
		variance = 2 / float64(in+out)
	}
	l := &Linear[T]{W: mat.NewDense[T](in, out, nil), B: mat.NewDense[T](1, out, nil).Data, Act: act}
	fillNormal(l.W.Data, math.Sqrt(variance), rng)
	l.grads("NewLinear")
	return l
}

func fillNormal[T mat.Float](x []T, deviation float64, rng *rand.Rand) {
	for i := range x {
		x[i] = T(deviation * rng.NormFloat64())
	}
}

// Forward writes Act(X·W + b) to dst, batch × out. It panics with mat.Error
// when the shapes do not fit or dst shares entries with x or W. Cost:
// 2·batch·in·out flops.
func (l *Linear[T]) Forward(dst, x *mat.Dense[T]) {
	const op = "Linear.Forward"
	l.check(op)
	x.Check(op, "x")
	if x.Cols != l.W.Rows {
		panicf(op, "x is %d×%d, W is %d×%d", x.Rows, x.Cols, l.W.Rows, l.W.Cols)
	}
	dst.Resize(op, x.Rows, l.W.Cols)
	if l.Act == Identity {
		l.affine(dst, x)
		return
	}
	l.work.Gemm(mat.NoTrans, mat.NoTrans, 0, x, l.W, 1, dst) // the checks of a product alone
	reshape(&l.z, dst.Rows, dst.Cols)
	l.affine(&l.z, x)
	for i := range dst.Rows {
		kernels.ActivateBias(l.Act, dst.Row(i), l.z.Row(i), nil)
	}
}

// affine sets z = X·W + b and keeps x. The sums start from the bias: that is faster than the
// epilogue of a packed product, which would go over z again.
func (l *Linear[T]) affine(z, x *mat.Dense[T]) {
	for i := range z.Rows {
		copy(z.Row(i), l.B)
	}
	l.work.Gemm(mat.NoTrans, mat.NoTrans, 1, x, l.W, 1, z)
	l.x = *x
}

// Backward adds Xᵀ·dZ to GradW and the column sums of dZ to GradB, dZ being dy
// times the activation's derivative, and sets dx = dZ·Wᵀ unless dx is nil. It
// panics with mat.Error when the shapes do not fit those of the last Forward, and
// when GradW and GradB have others than W and B. Cost: 4·batch·in·out flops, half of
// that without dx.
func (l *Linear[T]) Backward(dx, dy *mat.Dense[T]) {
	const op = "Linear.Backward"
	l.check(op)
	dy.Check(op, "dy")
	if dy.Rows != l.x.Rows || dy.Cols != l.W.Cols || l.x.Cols != l.W.Rows {
		panicf(op, "dy is %d×%d, the last x was %d×%d, W is %d×%d", dy.Rows, dy.Cols, l.x.Rows, l.x.Cols, l.W.Rows, l.W.Cols)
	}
	if dx != nil {
		dx.Resize(op, l.x.Rows, l.x.Cols)
	}
	l.grads(op)
	dz := l.gradZ(dy)
	l.work.Gemm(mat.Trans, mat.NoTrans, 1, &l.x, dz, 1, l.GradW)
	for i := range dz.Rows {
		kernels.Axpy(1, dz.Row(i), l.GradB)
	}
	if dx != nil {
		l.work.Gemm(mat.NoTrans, mat.Trans, 1, dz, l.W, 0, dx)
	}
}

// gradZ returns the gradient with respect to the pre-activation.
func (l *Linear[T]) gradZ(dy *mat.Dense[T]) *mat.Dense[T] {
	if l.Act == Identity {
		return dy
	}
	reshape(&l.dz, dy.Rows, dy.Cols)
	for i := range dy.Rows {
		kernels.ActivateGrad(l.Act, l.dz.Row(i), dy.Row(i), l.z.Row(i))
	}
	return &l.dz
}

// Params returns W, row by row, and B. It panics with mat.Error when the gradients
// have other shapes, or W or GradW is a view with gaps between its rows.
func (l *Linear[T]) Params() []Param[T] {
	const op = "Linear.Params"
	l.check(op)
	l.grads(op)
	l.params[0] = Param[T]{"W", flat(op, l.W), flat(op, l.GradW)}
	l.params[1] = Param[T]{"B", l.B, l.GradB}
	return l.params[:]
}

// grads allocates the gradients that are nil and panics unless they have the shapes
// of W and B.
func (l *Linear[T]) grads(op string) {
	if l.GradW == nil {
		l.GradW = mat.NewDense[T](l.W.Rows, l.W.Cols, nil)
	}
	if l.GradB == nil {
		l.GradB = make([]T, len(l.B))
	}
	l.GradW.Check(op, "GradW")
	if l.GradW.Rows != l.W.Rows || l.GradW.Cols != l.W.Cols || len(l.GradB) != len(l.B) {
		panicf(op, "W is %d×%d, len(B) = %d, GradW is %d×%d, len(GradB) = %d",
			l.W.Rows, l.W.Cols, len(l.B), l.GradW.Rows, l.GradW.Cols, len(l.GradB))
	}
}

func (l *Linear[T]) check(op string) {
	l.W.Check(op, "W")
	if len(l.B) != l.W.Cols || l.Act > Sigmoid {
		panicf(op, "W is %d×%d, len(B) = %d, activation %d", l.W.Rows, l.W.Cols, len(l.B), l.Act)
	}
}

// flat returns the entries of a matrix that has no gap between its rows.
func flat[T mat.Float](op string, m *mat.Dense[T]) []T {
	m.Check(op, "the matrix")
	if m.Stride != m.Cols && m.Rows > 1 {
		panicf(op, "%d×%d has stride %d: its rows do not follow one another", m.Rows, m.Cols, m.Stride)
	}
	return m.Data[:m.Rows*m.Cols]
}
