package mat

import "github.com/lanes-go/lanes/kernels"

// reflectors factors an r × c matrix B = L·Qᵀ: L lower trapezoidal, r × k with
// k = min(r, c), and Q = H₀·H₁·…·H(k−1), c × c, every vector made in a row,
// which is contiguous. It is QR of Bᵀ and LQ of B.
//
// Panels of rows are factored recursively (Elmroth and Gustavson, 2000), and
// the rows after a panel multiplied by its block reflector.
type reflectors[T Float] struct {
	a   Dense[T] // r × c: B at first, the vectors in rows 0 to k−1 at last
	l   Dense[T] // r × k, zeros above the diagonal
	tau []T      // k

	cols, t []T  // of the panels, one after another: see block
	one     bool // cols holds one panel at a time, and the rows fill it anew
	apply   wyApplier[T]

	aData, lData []T
}

const (
	panelRows = 32 // reflectors that one block reflector joins
	leafRows  = 8  // rows that reflectors are applied to one by one
)

// resize makes room for an r × c matrix in f.a.
func (f *reflectors[T]) resize(r, c int) {
	k := min(r, c)
	across, along := rowStride(c), rowStride(k)
	f.aData, f.lData, f.tau = sized(f.aData, r*across), sized(f.lData, r*along), sized(f.tau, k)
	f.a = Dense[T]{Rows: r, Cols: c, Data: f.aData, Stride: across}
	f.l = Dense[T]{Rows: r, Cols: k, Data: f.lData, Stride: along}
	held := k
	if f.one {
		held = min(k, panelRows)
	}
	f.cols, f.t = sized(f.cols, held*c), sized(f.t, k*panelRows)
}

// block returns the reflectors of the panel that begins at row first, from
// column first on, before which their vectors are zero.
func (f *reflectors[T]) block(first int) wyBlock[T] {
	n, c, at := min(panelRows, len(f.tau)-first), f.a.Cols, first
	if f.one {
		at = 0
	}
	return wyBlock[T]{
		rows: f.a.sub(first, first, n, c-first),
		cols: Dense[T]{Rows: c - first, Cols: n, Data: f.cols[at*c:], Stride: n},
		t:    Dense[T]{Rows: n, Cols: n, Data: f.t[first*panelRows:], Stride: n},
	}
}

// finished is block once the factorization is there.
func (f *reflectors[T]) finished(first int) wyBlock[T] {
	h := f.block(first)
	if f.one {
		h.rows.transposeTo(&h.cols)
	}
	return h
}

// factorize factors the matrix in f.a.
func (f *reflectors[T]) factorize() {
	r, c, k := f.a.Rows, f.a.Cols, len(f.tau)
	for first := 0; first < k; first += panelRows {
		h := f.block(first)
		n := h.t.Rows
		f.panel(&h, first)
		below := f.a.sub(first+n, first, r-first-n, c-first)
		f.apply.right(&h, NoTrans, &below)
	}
	rest, l := f.a.sub(k, 0, r-k, k), f.l.sub(k, 0, r-k, k)
	l.copyRows(&rest)
}

// panel factors the rows of h, which begin on the diagonal at row first, and
// fills its columns and its factor T.
func (f *reflectors[T]) panel(h *wyBlock[T], first int) {
	n := h.rows.Rows
	if n <= leafRows {
		f.leaf(h, first)
		return
	}
	n1 := (n/2 + leafRows - 1) / leafRows * leafRows
	n2, c := n-n1, h.rows.Cols
	upper := wyBlock[T]{h.rows.sub(0, 0, n1, c), h.cols.sub(0, 0, c, n1), h.t.sub(0, 0, n1, n1)}
	f.panel(&upper, first)
	below := h.rows.sub(n1, 0, n2, c)
	f.apply.right(&upper, NoTrans, &below)
	lower := wyBlock[T]{h.rows.sub(n1, n1, n2, c-n1), h.cols.sub(n1, n1, c-n1, n2), h.t.sub(n1, n1, n2, n2)}
	f.panel(&lower, first+n1)
	for i := range n1 {
		clear(h.cols.row(i)[n1:])
	}
	rows1 := h.rows.sub(0, n1, n1, c-n1)
	f.apply.joinT(&rows1, &lower.cols, &h.t)
}

// leaf is panel for a few rows.
func (f *reflectors[T]) leaf(h *wyBlock[T], first int) {
	var products [leafRows]T
	for j := range h.rows.Rows {
		v := h.rows.row(j)[j:]
		beta, tau := householder(v)
		f.tau[first+j] = tau
		f.store(first+j, beta)
		for i := j + 1; i < h.rows.Rows; i++ {
			x := h.rows.row(i)[j:]
			kernels.Axpy(-tau*kernels.Dot(v, x), v, x)
		}
		for i := range j {
			products[i] = kernels.Dot(h.rows.row(i)[j:], v)
		}
		setColumnT(&h.t, j, tau, products[:j])
	}
	h.rows.transposeTo(&h.cols)
}

// store moves row i of L, with beta on its diagonal, out of the way of vector
// i.
func (f *reflectors[T]) store(i int, beta T) {
	done, l := f.a.row(i)[:i], f.l.row(i)
	copy(l, done)
	clear(done)
	l[i] = beta
	clear(l[i+1:])
}

// mulLeft computes B = op(Q)·B in place.
func (f *reflectors[T]) mulLeft(op Transpose, b *Dense[T]) {
	last := f.lastPanel()
	for first := 0; first <= last; first += panelRows {
		i := first
		if op == NoTrans {
			i = last - first
		}
		h, below := f.finished(i), b.sub(i, 0, b.Rows-i, b.Cols)
		f.apply.left(&h, op, &below)
	}
}

// formQ sets q, c × k, to the first k columns of Q. Panel by panel from the
// last, it leaves out the rows and columns that are still those of I (after
// LAPACK orgqr).
func (f *reflectors[T]) formQ(q *Dense[T]) {
	q.setIdentity()
	for i := f.lastPanel(); i >= 0; i -= panelRows {
		h, corner := f.finished(i), q.sub(i, i, q.Rows-i, q.Cols-i)
		f.apply.left(&h, NoTrans, &corner)
	}
}

// formQT sets q, k × c, to the transpose of what formQ forms.
func (f *reflectors[T]) formQT(q *Dense[T]) {
	q.setIdentity()
	for i := f.lastPanel(); i >= 0; i -= panelRows {
		h, corner := f.finished(i), q.sub(i, i, q.Rows-i, q.Cols-i)
		f.apply.right(&h, Trans, &corner)
	}
}

// lastPanel returns the first row of the last panel, negative where there is
// none.
func (f *reflectors[T]) lastPanel() int {
	return (len(f.tau)+panelRows-1)/panelRows*panelRows - panelRows
}
