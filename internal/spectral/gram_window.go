package spectral

import (
	"math"
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// precondition makes the columns nearly orthogonal, window by window from the
// longest columns to the shortest.
func (g *GramSVD[T]) precondition() error {
	for p := 0; p < g.n && g.D[p] > 0; {
		if !g.Watch.Step(stageWindows, p, g.n) {
			return g.Watch.Err()
		}
		if g.stats.Windows == maxWindows {
			g.stats.Off = math.Inf(1)
			return g.failure()
		}
		g.stats.Windows++
		width, kept := g.width(p), 1
		if p == 0 {
			g.seen = width
		}
		if width > 1 {
			if err := g.diagonalise(p, width); err != nil {
				return err
			}
			kept = g.resolved(p, width)
		}
		g.separate(p, kept)
		p += kept
	}
	g.separateShort()
	return nil
}

// separateShort separates, once more, short columns from long ones where all
// were long: what rounding left in them of the longest at the first separation,
// eps of the length that they had, is much of what they have become.
func (g *GramSVD[T]) separateShort() {
	if !g.flat {
		return
	}
	least := g.D[0] * math.Sqrt(g.limits.keep*Eps[T]()/g.limits.last)
	k := 0
	for k < g.n && g.D[k] >= least {
		k++
	}
	if k < g.n && g.D[k] > 0 {
		g.separate(0, k)
	}
}

// width returns the number of columns in the window that begins at p.
func (g *GramSVD[T]) width(p int) int {
	if g.flat && p == 0 {
		return g.n
	}
	q := p + 1
	for q < g.n && g.D[q] >= g.limits.window*g.D[p] {
		q++
	}
	return q - p
}

// diagonalise multiplies the k columns from p on by the eigenvectors of their
// Gram matrix.
func (g *GramSVD[T]) diagonalise(p, k int) error {
	q, err := g.windowEigenvectors(p, k)
	if err != nil {
		return err
	}
	g.rotate(&g.w, &g.next, &q, p)
	switch {
	case !g.track:
	case p == 0 && g.stats.Windows == 1: // V is the identity
		corner := window(&g.v, 0, 0, k, k)
		corner.CopyFrom(&q)
	default:
		g.rotate(&g.v, &g.turn, &q, p)
	}
	g.measure(p, p+k)
	return nil
}

// windowEigenvectors returns those of the Gram matrix of the k columns from p on.
func (g *GramSVD[T]) windowEigenvectors(p, k int) (mat.Dense[T], error) {
	gram := window(&g.g, 0, 0, k, k)
	columns := window(&g.w, p, 0, k, g.m)
	g.work.Syrk(mat.NoTrans, 1, &columns, 0, &gram)
	return g.eigenvectors(&gram)
}

// eigenvectors returns those of a, k × k, as rows, by descending eigenvalue, in
// g.e. The solver works there and in the room of g.next, where a may stand, and
// g.turn.
func (g *GramSVD[T]) eigenvectors(a *mat.Dense[T]) (mat.Dense[T], error) {
	start := time.Now()
	k := a.Rows
	q := window(&g.e, 0, 0, k, k)
	g.eigen.Lend(g.e.Data, g.next.Data, g.turn.Data)
	if err := g.eigen.Factorize(a, false, g.work.Threads); err != nil {
		return q, err
	}
	for j := range k {
		copy(q.Row(j), g.eigen.Vector(k-1-j))
	}
	g.stats.Eigen += time.Since(start)
	return q, nil
}

// rotate multiplies the rows of x from p on by q, in the room of spare.
func (g *GramSVD[T]) rotate(x, spare, q *mat.Dense[T], p int) {
	from := window(x, p, 0, q.Rows, x.Cols)
	to := window(spare, p, 0, q.Rows, x.Cols)
	g.work.Gemm(mat.NoTrans, mat.NoTrans, 1, q, &from, 0, &to)
	if q.Rows == x.Rows {
		*x, *spare = *spare, *x
		return
	}
	from.CopyFrom(&to)
}

// resolved returns how many of the k columns from p on, first the longest, are
// orthogonal up to a small cosine and far longer than what follows the window.
// Those after them, which the rounding of the Gram matrix has spoilt, go back
// to the pool.
func (g *GramSVD[T]) resolved(p, k int) int {
	least := math.Sqrt(g.limits.keep) * g.D[p]
	if p+k < g.n {
		least = max(least, g.limits.guard*g.D[p+k])
	}
	kept := 1
	for kept < k && g.D[p+kept] >= least {
		kept++
	}
	return kept
}

// largestTurn bounds the entries of E to which first order is good. What needs
// more waits for the corrections.
const largestTurn = 0.03

// separate rotates the k columns from p on, I, against those after them, J, to
// first order, and sorts J:
//
//	e_ij = −g_ij/(d_i² − d_j²),  W_J += W_I·E,  W_I −= W_J·Eᵀ,  V likewise
//
// What first order leaves are the cosines of a column with I times those among
// I. Where the column is shorter by as much as these are small, because it was
// rounding noise of I and hardly more, it is noise again and separated anew: a
// column that depends on I shrinks into nothing.
func (g *GramSVD[T]) separate(p, k int) {
	if p+k == g.n {
		return
	}
	for again := true; again; {
		before := g.inverse[p+k:]
		copy(before, g.D[p+k:])
		if !g.shearOnce(p, k) {
			return
		}
		g.measure(p+k, g.n)
		g.vanish()
		again = false
		for j, x := range g.D[p+k:] {
			again = again || x > 0 && x < g.limits.shrunk*before[j]
		}
	}
	g.sort(p + k)
}

// shearOnce makes one step of separate and reports whether there was any need.
func (g *GramSVD[T]) shearOnce(p, k int) bool {
	rest := g.n - p - k
	e := window(&g.g, 0, 0, k, rest)
	i, j := window(&g.w, p, 0, k, g.m), window(&g.w, p+k, 0, rest, g.m)
	g.work.Gemm(mat.NoTrans, mat.Trans, 1, &i, &j, 0, &e)
	size := g.turns(&e, g.D[p:p+k], g.D[p+k:])
	if size == 0 {
		return false
	}
	orthogonal := size <= g.limits.shear
	if !orthogonal { // V tells how far from it
		g.track, g.drifted = true, true
	}
	g.turnWindow(&g.w, &g.next, &e, p, orthogonal)
	switch {
	case !g.track:
	case g.seen > 0 && !orthogonal:
		g.shearFirst(&e)
	default:
		g.turnWindow(&g.v, &g.turn, &e, p, orthogonal)
	}
	g.seen = 0
	return true
}

// turnWindow multiplies the columns of x by the rotations e of those from p on.
func (g *GramSVD[T]) turnWindow(x, spare, e *mat.Dense[T], p int, orthogonal bool) {
	if orthogonal {
		g.shearSquared(x, spare, e, p)
	} else {
		g.shear(x, spare, e, p)
	}
}

// turns replaces the inner products in e by first-order rotations and returns
// their Frobenius norm.
func (g *GramSVD[T]) turns(e *mat.Dense[T], di, dj []float64) float64 {
	sum := 0.0
	for i, x := range di {
		row := e.Row(i)
		for j, y := range dj {
			turn := -float64(row[j]) / ((x - y) * (x + y))
			if !(math.Abs(turn) <= largestTurn) {
				turn = 0
			}
			row[j] = T(turn)
			sum += turn * turn
		}
	}
	return math.Sqrt(sum)
}

// shearSquared is shear to second order, which keeps X orthogonal to fourth:
//
//	I' = I − E·J − ½E·Eᵀ·I,  J' = J + Eᵀ·I − ½Eᵀ·E·J
//
// Of E·Eᵀ and EᵀE it forms the smaller one.
func (g *GramSVD[T]) shearSquared(x, spare, e *mat.Dense[T], p int) {
	k, rest := e.Rows, e.Cols
	i, j := window(x, p, 0, k, x.Cols), window(x, p+k, 0, rest, x.Cols)
	if k <= rest {
		g.shearLong(&i, &j, spare, e)
		return
	}
	t, square := window(spare, 0, 0, rest, x.Cols), window(&g.e, 0, 0, rest, rest)
	g.work.Gemm(mat.Trans, mat.NoTrans, 1, e, &i, 0, &t)
	g.work.Syrk(mat.Trans, 1, e, 0, &square)
	addHalf := func() {
		for r := range rest {
			kernels.Axpy(0.5, t.Row(r), j.Row(r))
		}
	}
	addHalf()
	g.work.Gemm(mat.NoTrans, mat.NoTrans, -1, e, &j, 1, &i)
	addHalf()
	for r := range rest { // back to the old J, negative
		kernels.Axpy(-1, j.Row(r), t.Row(r))
	}
	g.work.Gemm(mat.NoTrans, mat.NoTrans, 0.5, &square, &t, 1, &j)
}

// shearLong is shearSquared for few rows I and many J.
func (g *GramSVD[T]) shearLong(i, j, spare, e *mat.Dense[T]) {
	k := e.Rows
	t, old, square := window(spare, 0, 0, k, i.Cols), window(spare, k, 0, k, i.Cols), window(&g.e, 0, 0, k, k)
	old.CopyFrom(i)
	g.work.Gemm(mat.NoTrans, mat.NoTrans, 1, e, j, 0, &t)
	for r := range k { // I − ½E·J
		kernels.Axpy(-0.5, t.Row(r), i.Row(r))
	}
	g.work.Gemm(mat.Trans, mat.NoTrans, 1, e, i, 1, j)
	for r := range k {
		kernels.Axpy(-0.5, t.Row(r), i.Row(r))
	}
	g.work.Syrk(mat.NoTrans, 1, e, 0, &square)
	g.work.Gemm(mat.NoTrans, mat.NoTrans, -0.5, &square, &old, 1, i)
}

// shear adds Eᵀ·I to the rows J of x and takes E·J off the rows I, which begin
// at p.
func (g *GramSVD[T]) shear(x, spare, e *mat.Dense[T], p int) {
	k := e.Rows
	i, j := window(x, p, 0, k, x.Cols), window(x, p+k, 0, e.Cols, x.Cols)
	old := window(spare, p, 0, k, x.Cols)
	old.CopyFrom(&i)
	g.work.Gemm(mat.NoTrans, mat.NoTrans, -1, e, &j, 1, &i)
	g.work.Gemm(mat.Trans, mat.NoTrans, 1, e, &old, 1, &j)
}

// shearFirst is shear of V after the first window, when all its columns from seen on
// are still those of I.
func (g *GramSVD[T]) shearFirst(e *mat.Dense[T]) {
	back := g.seen - e.Rows
	turns := window(e, 0, 0, e.Rows, back)
	i, j, returned := window(&g.v, 0, 0, e.Rows, g.seen), window(&g.v, e.Rows, 0, e.Cols, g.seen), window(&g.v, e.Rows, 0, back, g.seen)
	old := window(&g.turn, 0, 0, e.Rows, g.seen)
	old.CopyFrom(&i)
	g.work.Gemm(mat.NoTrans, mat.NoTrans, -1, &turns, &returned, 1, &i)
	g.work.Gemm(mat.Trans, mat.NoTrans, 1, e, &old, 1, &j)
	for r := range e.Rows {
		row := g.v.Row(r)[g.seen:]
		kernels.Axpy(-1, e.Row(r)[back:], row)
	}
}

// normalise scales the columns to unit length.
func (g *GramSVD[T]) normalise() {
	for j := range g.n {
		row := g.w.Row(j)
		length := math.Sqrt(sumSquares(row))
		g.D[j] = length
		if length > 0 {
			kernels.Scal(T(1/length), row)
		}
	}
}
