package mat

import "github.com/lanes-go/lanes/kernels"

// T returns a new matrix that holds the transpose.
func (m *Dense[T]) T() *Dense[T] {
	t := new(Dense[T])
	t.TransposeFrom(m)
	return t
}

// TransposeFrom sets m = Aᵀ. An empty m is sized. It panics with Error when
// the shapes do not fit or m shares entries with A. Blocks are transposed in
// vector registers.
func (m *Dense[T]) TransposeFrom(a *Dense[T]) {
	a.check("TransposeFrom", "A")
	rows, cols := a.Rows, a.Cols // before Resize: a may be m
	m.Resize("TransposeFrom", cols, rows)
	checkOverlap("TransposeFrom", m, a, "A")
	kernels.Transpose(rows, cols, a.Data, a.Stride, m.Data, m.Stride)
}
