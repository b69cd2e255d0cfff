package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// unblockedOrder is the largest order at which the whole trailing matrix, both
// triangles, is updated after every reflector: it fits the nearest cache, and one
// kernel does it all.
const unblockedOrder = kernels.TridiagOrder

// reduceUnblocked is reduce without panels (LAPACK sytd2).
func (t *tridiagonal[T]) reduceUnblocked() {
	n, lda := t.a.Rows, t.a.Stride
	t.mirror()
	work := t.left.Data[:kernels.TridiagWork[T](n)]
	clear(work)
	for first := 0; first < n; first += tridiagPanel {
		if !t.watch.Step(stageTridiagonal, first, n) {
			return
		}
		kernels.Tridiag(first, min(first+tridiagPanel, n), n, t.a.Data, lda, t.d, t.e, t.tau, work)
	}
	for i := range n {
		clear(t.a.Data[i*lda:][:i+1])
	}
}

// mirror copies the upper triangle below the diagonal.
func (t *tridiagonal[T]) mirror() {
	n, lda := t.a.Rows, t.a.Stride
	for i := range n {
		for j, x := range t.a.Data[i*lda:][i+1 : n] {
			t.a.Data[(i+1+j)*lda+i] = x
		}
	}
}

// transposed sets q to Qᵀ, after reduceUnblocked.
func (t *tridiagonal[T]) transposed(q *mat.Dense[T]) {
	n := t.a.Rows
	clear(q.Data)
	for i := range n {
		q.Data[i*q.Stride+i] = 1
	}
	kernels.Ormtr(n, roundUp(n, symvBlock[T]()), t.a.Data, t.a.Stride, t.tau, q.Data, q.Stride)
}
