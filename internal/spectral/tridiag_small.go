package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// unblockedOrder is the largest order at which the whole trailing matrix, both
// triangles, is updated after every reflector: it fits the nearest cache, and a
// step is few calls on whole rows.
const unblockedOrder = 64

// reduceUnblocked is reduce without panels (LAPACK sytd2).
func (t *tridiagonal[T]) reduceUnblocked(ws *mat.Workspace[T]) {
	n, lda := t.a.Rows, t.a.Stride
	t.mirror()
	for i := range n {
		if i%tridiagPanel == 0 && !t.watch.Step(stageTridiagonal, i, n) {
			return
		}
		row := t.a.Data[i*lda+i:][:n-i]
		t.d[i] = row[0]
		if i < n-1 {
			t.e[i], t.tau[i] = reflector(row[1:])
			t.reflect(ws, i, row[1:])
		}
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

// reflect replaces the trailing matrix B by H·B·H = B - v·wᵀ - w·vᵀ, H being
// the reflector of row i and w as image has it.
func (t *tridiagonal[T]) reflect(ws *mat.Workspace[T], i int, v []T) {
	tau, m := t.tau[i], len(v)
	if tau == 0 {
		return
	}
	b := window(&t.a, i+1, i+1, m, m)
	right := window(&t.right, 0, 0, 2, m)
	w := right.Row(0)
	ws.Gemv(mat.NoTrans, tau, &b, v, 0, w)
	kernels.Axpy(-tau/2*kernels.Dot(v, w), v, w)
	copy(right.Row(1), v)
	left := mat.Dense[T]{Rows: m, Cols: 2, Stride: 2, Data: t.left.Data[:2*m]}
	for k, x := range v {
		left.Data[2*k], left.Data[2*k+1] = x, w[k]
	}
	ws.Gemm(mat.NoTrans, mat.NoTrans, -1, &left, &right, 1, &b)
}
