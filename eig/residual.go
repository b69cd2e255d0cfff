package eig

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// residual is the workspace of measure.
type residual[T mat.Float] struct {
	ws                mat.Workspace[T]
	a, vectors, rests mat.Dense[T]
	values            []T
}

// of returns the residual and the orthogonality of the eigenvectors that are the
// columns of r.vectors, of values and of a, whose largest entry is bound. It
// works at the scale of the Jacobi methods, at which no square overflows.
func (r *residual[T]) of(a *mat.Dense[T], bound float64, values []T, threads int) (rest, orthogonality float64) {
	n, k := a.Rows, len(values)
	scale := spectral.ScaleFor[T](n*n, bound)
	shape(&r.a, n, n)
	rows[T]{r.a.Data, n, n}.load(scale, a)
	r.values = spectral.Grow(r.values, k)
	spectral.ScaleTo(scale, r.values, values)

	r.ws.Threads = threads
	shape(&r.rests, n, k)
	for i := range n {
		row := r.rests.Row(i)
		for j, v := range r.vectors.Row(i) {
			row[j] = v * r.values[j]
		}
	}
	r.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &r.a, &r.vectors, -1, &r.rests)
	if norm := kernels.Nrm2(r.a.Data); norm > 0 {
		rest = float64(kernels.Nrm2(r.rests.Data) / norm)
	}
	shape(&r.rests, k, k)
	r.ws.Gemm(mat.Trans, mat.NoTrans, 1, &r.vectors, &r.vectors, 0, &r.rests)
	for i := range k {
		r.rests.Data[i*k+i]--
	}
	return rest, float64(kernels.Nrm2(r.rests.Data))
}

// shape gives m the shape rows × cols over its own array where that suffices.
func shape[T mat.Float](m *mat.Dense[T], rows, cols int) {
	*m = mat.Dense[T]{Rows: rows, Cols: cols, Stride: cols, Data: spectral.Grow(m.Data, rows*cols)}
}
