package mat

import "github.com/lanes-go/lanes/kernels"

// rowReflectors factors an r × c matrix, B = L·Qᵀ with L lower trapezoidal
// (r × k, k = min(r, c)) and Q a product of k Householder reflectors of length
// c, every vector a contiguous row. It is LQ of B, and QR of Bᵀ.
//
// Panels of block rows are factored recursively (Elmroth and Gustavson, 2000);
// the rows under a panel are updated by its block reflector.
type rowReflectors[T Float] struct {
	v     Dense[T] // r × c; once factored, rows 0 to k−1 are the vectors
	l     Dense[T] // r × k, zeros above the diagonal
	tau   []T      // k
	t     Dense[T] // k × panelRows: the factors T of the panels, one under another
	apply wyApplier[T]

	vData, lData, tData []T
}

const (
	panelRows = 32 // reflectors of a block
	leafRows  = 4  // reflectors applied one by one
)

// resize makes room for an r × c matrix in f.v.
func (f *rowReflectors[T]) resize(r, c int) {
	k := min(r, c)
	f.vData, f.lData = sized(f.vData, r*c), sized(f.lData, r*k)
	f.tData, f.tau = sized(f.tData, k*panelRows), sized(f.tau, k)
	f.v = Dense[T]{Rows: r, Cols: c, Data: f.vData, Stride: c}
	f.l = Dense[T]{Rows: r, Cols: k, Data: f.lData, Stride: k}
	f.t = Dense[T]{Rows: k, Cols: panelRows, Data: f.tData, Stride: panelRows}
}

// factorize factors the matrix in f.v.
func (f *rowReflectors[T]) factorize() {
	r, k := f.v.Rows, len(f.tau)
	for i := 0; i < k; i += panelRows {
		n := min(panelRows, k-i)
		f.panel(i, i, n)
		v, t := f.block(i)
		below := f.v.sub(i+n, i, r-i-n, f.v.Cols-i)
		f.apply.right(&v, &t, NoTrans, &below)
	}
	for i := k; i < r; i++ {
		copy(f.l.row(i), f.v.row(i))
	}
}

// block returns the vectors from column i on and the factor T of the panel
// that begins at row i.
func (f *rowReflectors[T]) block(i int) (v, t Dense[T]) {
	n := min(panelRows, len(f.tau)-i)
	return f.v.sub(i, i, n, f.v.Cols-i), f.t.sub(i, 0, n, n)
}

// panel factors rows i to i+n−1 and fills their part of the factor T of the
// panel that begins at row top.
func (f *rowReflectors[T]) panel(top, i, n int) {
	t := f.t.sub(i, i-top, n, n)
	if n <= leafRows {
		f.leaf(i, n)
		v := f.v.sub(i, i, n, f.v.Cols-i)
		f.apply.formT(&v, f.tau[i:i+n], &t)
		return
	}
	h := n / 2
	f.panel(top, i, h)
	v1, t1 := f.v.sub(i, i, h, f.v.Cols-i), t.sub(0, 0, h, h)
	below := f.v.sub(i+h, i, n-h, f.v.Cols-i)
	f.apply.right(&v1, &t1, NoTrans, &below)
	f.panel(top, i+h, n-h)
	f.apply.joinT(&v1, &below, &t)
}

// leaf factors rows i to i+n−1 one by one.
func (f *rowReflectors[T]) leaf(i, n int) {
	for j := i; j < i+n; j++ {
		row := f.v.row(j)
		v := row[j:]
		beta, tau := householder(v)
		f.tau[j] = tau
		f.store(j, beta)
		for r := j + 1; r < i+n; r++ {
			x := f.v.row(r)[j:]
			kernels.Axpy(-tau*kernels.Dot(v, x), v, x)
		}
	}
}

// store moves row j of L, with beta on its diagonal, out of the way of the
// vectors.
func (f *rowReflectors[T]) store(j int, beta T) {
	done, l := f.v.row(j)[:j], f.l.row(j)
	copy(l, done)
	clear(done)
	l[j] = beta
	clear(l[j+1:])
}

// mulLeft computes B = op(Q)·B in place.
func (f *rowReflectors[T]) mulLeft(tr Transpose, b *Dense[T]) {
	for p := range f.panels() {
		i := f.panelAt(p, tr == NoTrans)
		v, t := f.block(i)
		below := b.sub(i, 0, b.Rows-i, b.Cols)
		f.apply.left(&v, &t, tr, &below)
	}
}

// mulRight computes B = B·op(Q) in place.
func (f *rowReflectors[T]) mulRight(tr Transpose, b *Dense[T]) {
	for p := range f.panels() {
		i := f.panelAt(p, tr == Trans)
		v, t := f.block(i)
		after := b.sub(0, i, b.Rows, b.Cols-i)
		f.apply.right(&v, &t, tr, &after)
	}
}

func (f *rowReflectors[T]) panels() int { return (len(f.tau) + panelRows - 1) / panelRows }

// panelAt returns the first row of panel p, counted from the last one where
// backward.
func (f *rowReflectors[T]) panelAt(p int, backward bool) int {
	if backward {
		p = f.panels() - 1 - p
	}
	return p * panelRows
}

// formQ sets q, c × k, to the first k columns of Q. Block by block from the
// last, only rows and columns that are no longer those of I are touched (after
// LAPACK orgqr).
func (f *rowReflectors[T]) formQ(q *Dense[T]) {
	setIdentity(q)
	for p := range f.panels() {
		i := f.panelAt(p, true)
		v, t := f.block(i)
		corner := q.sub(i, i, q.Rows-i, q.Cols-i)
		f.apply.left(&v, &t, NoTrans, &corner)
	}
}

// formQT sets q, k × c, to the transposed first k columns of Q.
func (f *rowReflectors[T]) formQT(q *Dense[T]) {
	setIdentity(q)
	for p := range f.panels() {
		i := f.panelAt(p, true)
		v, t := f.block(i)
		corner := q.sub(i, i, q.Rows-i, q.Cols-i)
		f.apply.right(&v, &t, Trans, &corner)
	}
}

func setIdentity[T Float](m *Dense[T]) {
	if m.Cols == 0 {
		return
	}
	for i := range m.Rows {
		row := m.row(i)
		clear(row)
		if i < len(row) {
			row[i] = 1
		}
	}
}

// transposeTo sets dst = mᵀ, in tiles that stay in cache.
func (m *Dense[T]) transposeTo(dst *Dense[T]) {
	const tile = 16
	for i0 := 0; i0 < m.Rows; i0 += tile {
		for j0 := 0; j0 < m.Cols; j0 += tile {
			for i := i0; i < min(i0+tile, m.Rows); i++ {
				row := m.row(i)
				for j := j0; j < min(j0+tile, m.Cols); j++ {
					dst.Data[j*dst.Stride+i] = row[j]
				}
			}
		}
	}
}
