package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// tridiagPanel is the number of rows reduced between two updates of the
// trailing matrix.
const tridiagPanel = 16

// tridiagonal reduces a symmetric matrix to A = Q·T·Qᵀ with T tridiagonal and
// Q = H(0)·H(1)···H(n-3), H(i) = I - tau[i]·v·vᵀ (LAPACK sytrd). Everything
// works on the upper triangle by rows, so that reflectors, rows of the panel
// and rows of the trailing matrix are contiguous.
type tridiagonal[T mat.Float] struct {
	d, e, tau []T          // diagonal, off-diagonal (len n-1), scales of the reflectors
	a         mat.Dense[T] // before: the matrix; after: v of H(i) in row i, zeros before i+1, 1 at i+1
	// The panel's rank-2k update is A -= leftᵀ·right: rows v(0), w(0), v(1),
	// w(1), … on the left, w(0), v(0), w(1), v(1), … on the right. The products
	// with vectors read left alone, which is half as much to keep in cache.
	left, right mat.Dense[T]
	coef        []T
	watch       *Monitor

	threads int                // of the products with vectors and the updates
	sums    mat.Dense[T]       // of the parts of a product with a vector
	slots   []mat.Workspace[T] // one for each goroutine of an update
	product symvProduct[T]
	update  trailingUpdate[T]
	job     kernels.Job
}

// reset sizes the buffers for order n. The entries of a are left to the caller.
func (t *tridiagonal[T]) reset(n int) {
	t.d = grow(t.d, n)
	t.e = grow(t.e, max(n-1, 0))
	t.tau = grow(t.tau, max(n-1, 0))
	t.coef = grow(t.coef, 2*tridiagPanel)
	padded := roundUp(n, symvBlock[T]())
	growDense(&t.a, padded, padded)
	t.a.Rows, t.a.Cols = n, n
	growDense(&t.left, 2*tridiagPanel, padded)
	growDense(&t.right, 2*tridiagPanel, padded)
	growDense(&t.sums, symvCuts[T](padded)-1, padded)
}

// load sets the upper triangle, the diagonal blocks' other triangle and the
// padding, which symv reads too, from 2^exponent times the upper triangle of a.
func (t *tridiagonal[T]) load(a *mat.Dense[T], exponent int) {
	n, lda, block := a.Rows, t.a.Stride, symvBlock[T]()
	for i := range n {
		row := t.a.Data[i*lda+i:][:n-i]
		copy(row, a.Data[i*a.Stride+i:])
		scaleBy(exponent, row)
		clear(t.a.Data[i*lda+n : i*lda+roundUp(n, block)])
		for j := i / block * block; j < i; j++ {
			t.a.Data[i*lda+j] = t.a.Data[j*lda+i]
		}
	}
	for i := n; i < roundUp(n, block); i++ {
		clear(t.a.Data[i*lda:][:roundUp(n, block)])
	}
}

// reduce replaces the upper triangle of a by the reflectors and fills d, e and
// tau, unless watch stops it. Cost: 4n³/3 flops, half of them in symmetric
// matrix-vector products.
func (t *tridiagonal[T]) reduce(ws *mat.Workspace[T]) {
	n := t.a.Rows
	if n <= unblockedOrder {
		t.reduceUnblocked()
		return
	}
	t.threads = ws.Threads
	if t.threads == 0 {
		t.threads = mat.MaxThreads()
	}
	for first := 0; first < n && t.watch.Step(stageTridiagonal, first, n); first += tridiagPanel {
		last := min(first+tridiagPanel, n)
		t.reducePanel(ws, first, last)
		t.updateTrailing(last)
		for i := first; i < last; i++ {
			clear(t.a.Data[i*t.a.Stride:][:i+1])
		}
	}
}

// reducePanel reduces rows first to last-1 and leaves v and w of each in left
// and right; the rows from last on are not touched (LAPACK latrd).
func (t *tridiagonal[T]) reducePanel(ws *mat.Workspace[T], first, last int) {
	n, lda := t.a.Rows, t.a.Stride
	for i := first; i < last; i++ {
		done := 2 * (i - first)
		row := t.a.Data[i*lda+i:][:n-i]
		t.applyPanel(ws, done, i, row)
		t.d[i] = row[0]
		if i == n-1 {
			return
		}
		v := row[1:]
		t.e[i], t.tau[i] = reflector(v)
		vLeft, vRight := t.left.Row(done)[i+1:], t.right.Row(done + 1)[i+1:]
		w, wLeft := t.right.Row(done)[i+1:n], t.left.Row(done + 1)[i+1:]
		copy(vLeft, v)
		copy(vRight, v)
		t.image(ws, done, i)
		copy(wLeft, w)
	}
}

// applyPanel brings row i of the trailing matrix, from its diagonal on, up to
// date with the first done rows of left and right.
func (t *tridiagonal[T]) applyPanel(ws *mat.Workspace[T], done, i int, row []T) {
	if done == 0 {
		return
	}
	for p := range done {
		t.coef[p] = t.left.Data[(p^1)*t.left.Stride+i]
	}
	left := window(&t.left, 0, i, done, len(row))
	ws.Gemv(mat.Trans, -1, &left, t.coef[:done], 1, row)
}

// image sets w = tau·(B·v) - ½·tau²·(vᵀBv)·v for the reflector of row i, B
// being the trailing matrix after the panel's earlier reflectors: then
// H·B·H = B - v·wᵀ - w·vᵀ. v is row done of left, w row done of right.
func (t *tridiagonal[T]) image(ws *mat.Workspace[T], done, i int) {
	n, tau := t.a.Rows, t.tau[i]
	v, w := t.left.Row(done)[i+1:n], t.right.Row(done)[i+1:n]
	if tau == 0 {
		clear(w)
		return
	}
	t.symv(done, i+1)
	if done > 0 {
		left, coef := window(&t.left, 0, i+1, done, len(v)), t.coef[:done]
		ws.Gemv(mat.NoTrans, 1, &left, v, 0, coef)
		for p := 0; p < done; p += 2 { // each v takes the dot of its w
			coef[p], coef[p+1] = coef[p+1], coef[p]
		}
		ws.Gemv(mat.Trans, -1, &left, coef, 1, w)
	}
	kernels.Scal(tau, w)
	kernels.Axpy(-tau/2*kernels.Dot(v, w), v, w)
}

// trailingBlock is the height of the block rows in which the upper triangle of
// the trailing matrix is updated: what each computes below the diagonal is
// wasted.
const trailingBlock = 64

// trailingParallel is the number of block rows from which on several goroutines
// share the update.
const trailingParallel = 6

// updateTrailing applies the panel's reflectors to the trailing matrix, which
// begins at row and column first: a rank-2k update by block rows.
func (t *tridiagonal[T]) updateTrailing(first int) {
	blocks := (t.a.Rows - first + trailingBlock - 1) / trailingBlock
	threads := 1
	if blocks >= trailingParallel {
		threads = min(t.threads, blocks)
	}
	for len(t.slots) < threads {
		t.slots = append(t.slots, mat.Workspace[T]{Threads: 1})
	}
	t.update = trailingUpdate[T]{t, first}
	t.job.Run(threads, blocks, &t.update)
}

// trailingUpdate is the rank-2k update from row and column first on.
type trailingUpdate[T mat.Float] struct {
	*tridiagonal[T]
	first int
}

// Task updates block row i.
func (t *trailingUpdate[T]) Task(slot, i int) {
	n, r := t.a.Rows, t.first+i*trailingBlock
	rows := min(trailingBlock, n-r)
	left, right := window(&t.left, 0, r, 2*tridiagPanel, rows), window(&t.right, 0, r, 2*tridiagPanel, n-r)
	c := window(&t.a, r, r, rows, n-r)
	t.slots[slot].Gemm(mat.Trans, mat.NoTrans, -1, &left, &right, 1, &c)
}

// reflector overwrites x by v, v[0] = 1, with (I - tau·v·vᵀ)·x = beta·e(0)
// (LAPACK larfg). The matrix being scaled to entries of about 1, a tail whose
// squares come near underflow is less than rounding and counts as zero: its
// norm would be too inexact for an orthogonal reflector.
func reflector[T mat.Float](x []T) (beta, tau T) {
	alpha, tail := x[0], x[1:]
	x[0] = 1
	squares := kernels.Dot(tail, tail)
	if squares <= tinySquare[T]() {
		clear(tail)
		return alpha, 0
	}
	beta = T(-math.Copysign(math.Sqrt(float64(alpha)*float64(alpha)+float64(squares)), float64(alpha)))
	kernels.Scal(1/(alpha-beta), tail)
	return beta, (beta - alpha) / beta
}
