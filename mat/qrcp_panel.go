package mat

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
)

// pivoting is what the choice of pivots and the updates it delays need.
type pivoting[T Float] struct {
	norms []T // of what is left of every column, downdated
	exact []T // the same, when last computed
	stale []bool

	// The rows that are left of f.a lack the update −FᵀV, V being the vectors of
	// the panel: F has a row for each of them and a column per row of f.a.
	delayed Dense[T]
	data    []T
	x       []T // one entry per row of f.a
}

// factorize factors the matrix in q.f.a: LAPACK's geqp3 and laqps on rows,
// where a column of A is contiguous to swap, to take products with and to
// reduce.
func (q *QRP[T]) factorize() {
	n, k := q.f.a.Rows, len(q.f.tau)
	q.prepare(n)
	for done := 0; done < k; {
		if q.Step != nil && !q.Step(done, k) {
			return
		}
		// Delaying is worth what it spares the rows left, so few of them make
		// narrow panels.
		width := min(max((n-done)/8, leafRows), panelRows)
		done += q.panel(done, min(width, k-done))
	}
	rest, l := q.f.a.sub(k, 0, n-k, k), q.f.l.sub(k, 0, n-k, k)
	l.copyRows(&rest)
	for first := 0; first < k; first += panelRows {
		h := q.f.finished(first)
		q.f.apply.formT(&h, q.f.tau[first:first+h.t.Rows])
	}
}

func (q *QRP[T]) prepare(n int) {
	q.perm, q.pivots.stale = sized(q.perm, n), sized(q.pivots.stale, n)
	q.pivots.norms, q.pivots.exact, q.pivots.x = sized(q.pivots.norms, n), sized(q.pivots.exact, n), sized(q.pivots.x, n)
	stride := rowStride(n)
	q.pivots.data = sized(q.pivots.data, stride*panelRows)
	q.pivots.delayed = Dense[T]{Rows: panelRows, Cols: n, Data: q.pivots.data, Stride: stride}
	for i := range n {
		q.perm[i], q.pivots.stale[i] = i, false
		q.pivots.norms[i] = kernels.Nrm2(q.f.a.row(i))
	}
	copy(q.pivots.exact, q.pivots.norms)
}

// panel makes up to n reflectors from row first on and returns how many: it
// ends early where a norm has to be computed anew, for which the delayed update
// must be made.
func (q *QRP[T]) panel(first, n int) int {
	a, made := &q.f.a, 0
	for stale := false; made < n && !stale; made++ {
		stale = q.step(first, made)
	}
	next := first + made
	rows, cols := a.Rows-next, a.Cols-next
	below, v := a.sub(next, next, rows, cols), a.sub(first, next, made, cols)
	f := q.pivots.delayed.sub(0, next, made, rows)
	q.f.apply.work.Gemm(Trans, NoTrans, -1, &f, &v, 1, &below)
	for i := next; i < a.Rows; i++ {
		if q.pivots.stale[i] {
			q.pivots.stale[i] = false
			q.pivots.norms[i] = kernels.Nrm2(a.row(i)[next:])
			q.pivots.exact[i] = q.pivots.norms[i]
		}
	}
	return made
}

// step makes reflector number j of the panel from row first on, and reports
// whether a norm became stale.
func (q *QRP[T]) step(first, j int) (stale bool) {
	a, at := &q.f.a, first+j
	q.swap(at, at+kernels.Iamax(q.pivots.norms[at:]), j)

	v := a.row(at)[at:]
	for i := range j {
		kernels.Axpy(-q.pivots.delayed.row(i)[at], a.row(first + i)[at:], v)
	}
	beta, tau := householder(v)
	q.f.tau[at] = tau
	q.f.store(at, beta)
	if at+1 == a.Rows {
		return false
	}

	f := q.pivots.delayed.row(j)[at+1:] // τ·(A·v − Fᵀ·(V·v)) of the rows left
	rows := a.sub(at+1, at, a.Rows-at-1, a.Cols-at)
	q.f.apply.work.Gemv(NoTrans, tau, &rows, v, 0, f)
	for i := range j {
		kernels.Axpy(-tau*kernels.Dot(a.row(first + i)[at:], v), q.pivots.delayed.row(i)[at+1:], f)
	}

	x := q.pivots.x[:len(f)] // entry at of FᵀV, which makes a row of R
	clear(x)
	for i := range j + 1 {
		kernels.Axpy(a.row(first + i)[at], q.pivots.delayed.row(i)[at+1:], x)
	}
	return q.downdate(at, x)
}

// swap exchanges columns i and j of A, of which j is yet to come, in all that
// is kept of them; the panel has made reflectors.
func (q *QRP[T]) swap(i, j, made int) {
	if i == j {
		return
	}
	kernels.Swap(q.f.a.row(i), q.f.a.row(j))
	for r := range made {
		f := q.pivots.delayed.row(r)
		f[i], f[j] = f[j], f[i]
	}
	q.perm[i], q.perm[j] = q.perm[j], q.perm[i]
	q.pivots.norms[j], q.pivots.exact[j] = q.pivots.norms[i], q.pivots.exact[i]
}

// downdate subtracts x from column at of the rows after row at, which are then
// entries of R, and takes these off the norms. Where that would cancel, by the
// safe criterion of Drmač and Bujanović (LAWN 176), the norm is stale.
func (q *QRP[T]) downdate(at int, x []T) (stale bool) {
	tolerance := T(math.Sqrt(float64(epsilon[T]())))
	for i, e := range x {
		r := at + 1 + i
		entry := &q.f.a.Data[r*q.f.a.Stride+at]
		*entry -= e
		if q.pivots.norms[r] == 0 {
			continue
		}
		ratio := T(math.Abs(float64(*entry))) / q.pivots.norms[r]
		left := max(0, (1+ratio)*(1-ratio))
		loss := q.pivots.norms[r] / q.pivots.exact[r]
		if left*loss*loss <= tolerance {
			q.pivots.stale[r], stale = true, true
			continue
		}
		q.pivots.norms[r] *= T(math.Sqrt(float64(left)))
	}
	return stale
}
