package mat

import "github.com/lanes-go/lanes/kernels"

// Packed is a copy of a right factor, laid out once for many products with it:
// the weights of a layer. It does not follow later changes of the matrix.
type Packed[T Float] struct {
	rows, cols int
	kernel     *kernels.Packed[T]
}

// Pack copies op(B) into the layout that the kernels read. Cost: one pass over
// B, and as much memory, padded to whole vectors.
func Pack[T Float](tB Transpose, b *Dense[T]) *Packed[T] {
	b.check("Pack", "B")
	p := new(Packed[T])
	p.rows, p.cols = b.shape(tB)
	row, col := b.strides(tB)
	p.kernel = kernels.Pack(p.rows, p.cols, b.Data, row, col)
	return p
}

// Dims returns the shape of the packed factor.
func (p *Packed[T]) Dims() (rows, cols int) { return p.rows, p.cols }

// Epilogue is what follows a product, entry by entry, while the result is
// still in cache. The zero value does nothing.
type Epilogue[T Float] struct {
	Bias []T // one value per column; nil: none
	Act  Activation
}

// GemmPacked computes C = act(alpha·A·B + beta·C + bias) with a packed B. With
// beta == 0 it never reads C, with alpha == 0 never A or B. It panics with
// Error when the shapes do not fit, the activation is unknown, or C shares
// entries with A or the bias. It allocates nothing after the first call of a size. Cost:
// 2mnk flops and one activation per entry.
func (w *Workspace[T]) GemmPacked(alpha T, a *Dense[T], b *Packed[T], beta T, c *Dense[T], ep Epilogue[T]) {
	const op = "GemmPacked"
	a.check(op, "A")
	c.check(op, "C")
	if b == nil {
		panicf(op, "B is nil")
	}
	if a.Cols != b.rows || c.Rows != a.Rows || c.Cols != b.cols {
		panicf(op, "A is %d×%d, B is %d×%d, C is %d×%d", a.Rows, a.Cols, b.rows, b.cols, c.Rows, c.Cols)
	}
	if ep.Bias != nil && len(ep.Bias) != c.Cols {
		panicf(op, "C is %d×%d, len(Bias) = %d", c.Rows, c.Cols, len(ep.Bias))
	}
	checkOverlap(op, c, &Dense[T]{Rows: 1, Cols: len(ep.Bias), Data: ep.Bias, Stride: len(ep.Bias)}, "Bias")
	if ep.Act > Sigmoid {
		panicf(op, "activation %d is unknown", ep.Act)
	}
	checkOverlap(op, c, a, "A")
	p := kernels.Product[T]{
		M: a.Rows, N: b.cols, K: b.rows, Alpha: alpha, Beta: beta,
		A: a.Data, ARow: a.Stride, ACol: 1, Packed: b.kernel,
		C: c.Data, CRow: c.Stride, Bias: ep.Bias, Act: ep.Act,
	}
	w.kernel.Gemm(threadsFor(w.Threads), &p)
}
