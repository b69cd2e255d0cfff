package spectral

import (
	"math"
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// tallEntries is the least number of entries in a block of rows of a tall matrix, which
// stays in the L2 cache from one product to the next, and tallRows the least number of rows
// for each column: where columns are many, products with fewer cost more in what they add
// up than the cache spares.
const (
	tallEntries = 1 << 15
	tallRows    = 8
)

// FactorizeTall decomposes the m × n matrix B = a or, transposed, B = aᵀ, as a lies, which
// has many more rows than columns and entries whose squares neither overflow nor
// underflow. Its columns must be of similar length, and make one window: it reports
// whether they do and the corrections sufficed, and otherwise leaves nothing to use. The
// result is that of Factorize but for TallLeft. A block of rows is rotated, and probed or
// added to the next Gram matrix, while it is in cache.
// Cost: 3mn² flops where the singular values are alike in size, otherwise 4mn², and 3mn²
// for each correction, of which there is usually one at most.
func (g *GramSVD[T]) FactorizeTall(a *mat.Dense[T], transposed, vectors bool, corrections, threads int) (ok bool, err error) {
	b := tallOperand[T]{a, transposed}
	g.resetTall(b)
	growDense(&g.u, g.m, g.n)
	growDense(&g.block, g.blockRows(), g.n)
	g.prepare(vectors, threads)
	start := time.Now()
	ok, err = g.preconditionTall(b)
	g.stats.Precondition = time.Since(start) - g.stats.Eigen
	start = time.Now()
	if ok && err == nil {
		ok, err = g.correctTall(corrections)
	}
	g.stats.Correct = time.Since(start)
	return ok, err
}

// TallLeft returns the m × n matrix U of FactorizeTall, until the next one.
func (g *GramSVD[T]) TallLeft() *mat.Dense[T] { return &g.u }

// tallOperand is a matrix B = a or aᵀ.
type tallOperand[T mat.Float] struct {
	a          *mat.Dense[T]
	transposed bool
}

func (b tallOperand[T]) columns() int {
	if b.transposed {
		return b.a.Rows
	}
	return b.a.Cols
}

// rows returns rows of B, or of a their columns, and the transposition that makes them
// rows of B.
func (b tallOperand[T]) rows(first, rows int) (mat.Dense[T], mat.Transpose) {
	if b.transposed {
		return window(b.a, 0, first, b.a.Rows, rows), mat.Trans
	}
	return window(b.a, first, 0, rows, b.a.Cols), mat.NoTrans
}

func (g *GramSVD[T]) resetTall(b tallOperand[T]) {
	n := b.columns()
	g.resetSquare(b.a.Rows+b.a.Cols-n, n)
	growDense(&g.next, n, n)
	growDense(&g.part, n, n)
}

// blockRows is the height of a block, the last of which may have fewer.
func (g *GramSVD[T]) blockRows() int {
	return min(g.m, max(tallEntries/max(g.n, 1), tallRows*g.n))
}

// eachBlock runs body for the blocks of rows.
func (g *GramSVD[T]) eachBlock(body func(first, rows int)) {
	for first := 0; first < g.m; first += g.blockRows() {
		body(first, min(g.blockRows(), g.m-first))
	}
}

// ValuesTall finds the singular values alone of the matrix that FactorizeTall takes, where
// they are so near one another that the eigenvalues of the Gram matrix lose none of their
// digits; it reports whether they are. Cost: mn² + 4n³/3 flops.
func (g *GramSVD[T]) ValuesTall(a *mat.Dense[T], transposed bool, threads int) (ok bool, err error) {
	b := tallOperand[T]{a, transposed}
	g.resetTall(b)
	g.prepare(false, threads)
	start := time.Now()
	ok, err = g.gramTall(b)
	g.stats.Precondition = time.Since(start)
	if !ok {
		return false, err
	}
	start = time.Now()
	err = g.eigen.Factorize(&g.g, true, threads)
	g.stats.Eigen = time.Since(start)
	if err != nil || !near(g.eigen.Values()) {
		return false, err
	}
	for j := range g.n {
		g.D[j] = math.Sqrt(float64(g.eigen.Values()[g.n-1-j]))
	}
	return true, nil
}

// gramTall sets g.g to the Gram matrix of B and reports whether its columns are of similar
// length.
func (g *GramSVD[T]) gramTall(b tallOperand[T]) (similar bool, err error) {
	if !g.Watch.Step(stageWindows, 0, g.n) {
		return false, g.Watch.Err()
	}
	g.stats.Windows = 1
	g.clearGram()
	g.eachBlock(func(first, rows int) {
		from, op := b.rows(first, rows)
		g.addGram(&from, !op)
	})
	longest := 0.0
	for i, x := range g.D {
		g.D[i] = math.Sqrt(x)
		longest = max(longest, g.D[i])
	}
	for _, x := range g.D {
		if !(x > g.limits.window*longest) {
			return false, nil
		}
	}
	return true, nil
}

// nearRatio is the least ratio of the eigenvalues of the Gram matrix at which its
// rounding costs their roots some eps at most, and leaves vectors as orthogonal as the Gram
// matrix of U would show them.
const nearRatio = 1. / 16

// near reports whether eigenvalues, ascending, are within nearRatio.
func near[T mat.Float](values []T) bool {
	return len(values) == 0 || values[0] >= nearRatio*values[len(values)-1]
}

// preconditionTall sets U to B times the eigenvectors of its Gram matrix, at unit
// length but for rounding, and g.g to the cosines of U unless a probe has verified U.
func (g *GramSVD[T]) preconditionTall(b tallOperand[T]) (ok bool, err error) {
	if ok, err = g.gramTall(b); !ok {
		return false, err
	}
	q, err := g.eigenvectors(&g.g)
	if err != nil {
		return false, err
	}
	values := g.eigen.Values()
	if values[0] <= T(g.limits.tall)*values[g.n-1] {
		return false, nil
	}
	setIdentity(&g.v)
	if g.track {
		g.v.CopyFrom(&q)
	}
	for j := range g.n {
		g.inverse[j] = 1 / math.Sqrt(float64(values[g.n-1-j]))
		kernels.Scal(T(g.inverse[j]), q.Row(j))
	}
	g.turnTall(b, &q, near(values))
	return true, nil
}

// turnTall sets U to B·Qᵀ. Where the singular values are near one another, a probe verifies
// it instead of its Gram matrix.
func (g *GramSVD[T]) turnTall(b tallOperand[T], q *mat.Dense[T], near bool) {
	g.clearGram()
	g.beginProbe()
	g.eachBlock(func(first, rows int) {
		from, op := b.rows(first, rows)
		to := window(&g.u, first, 0, rows, g.n)
		g.work.Gemm(op, mat.Trans, 1, &from, q, 0, &to)
		if near {
			g.probe(&to)
		} else {
			g.addGram(&to, mat.Trans)
		}
	})
	if g.probed = near && g.endProbe(); g.probed {
		return
	}
	if near {
		g.eachBlock(func(first, rows int) {
			u := window(&g.u, first, 0, rows, g.n)
			g.addGram(&u, mat.Trans)
		})
	}
	g.unit()
}

// clearGram sets g.g and D to zero.
func (g *GramSVD[T]) clearGram() {
	clear(g.D)
	g.g.Fill(0)
}

// addGram adds the Gram matrix of x's columns or, not transposed, rows to g.g, and its
// diagonal, the squared lengths, to D. The sums are of blocks, and those of lengths in
// float64, so that many rows cost no digits.
func (g *GramSVD[T]) addGram(x *mat.Dense[T], op mat.Transpose) {
	g.work.Syrk(op, 1, x, 0, &g.part)
	for i := range g.n {
		row := g.part.Row(i)
		g.D[i] += float64(row[i])
		kernels.Axpy(1, row, g.g.Row(i))
	}
}

// beginProbe sets z, in cosines, to a vector of signs, and what probe adds to, in columns,
// to zero.
func (g *GramSVD[T]) beginProbe() {
	Signs(g.cosines)
	clear(g.columns)
}

// probe adds uᵀ·u·z of rows of U.
func (g *GramSVD[T]) probe(u *mat.Dense[T]) {
	image := g.block.Data[:u.Rows]
	kernels.Gemv(u.Rows, g.n, 1, u.Data, u.Stride, 1, g.cosines, 0, image)
	kernels.Gemv(g.n, u.Rows, 1, u.Data, 1, u.Stride, image, 0, g.drifts)
	for i, x := range g.drifts {
		g.columns[i] += float64(x)
	}
}

// Signs fills z with 1 and −1 at random, every time the same.
func Signs[T mat.Float](z []T) {
	state := uint64(1)
	for i := range z {
		state = state*6364136223846793005 + 1442695040888963407 // Knuth's generator
		z[i] = 1 - T(state>>63)*2
	}
}

// cosineShare is how much of the largest of n cosines the root of the mean of their squares
// is, or more.
const cosineShare = 1. / 4

// endProbe reports whether U, at unit length, and V are orthogonal: entries of Uᵀ·U·z − z
// are sums of n cosines with signs at random, √n times the root of the mean of their
// squares.
func (g *GramSVD[T]) endProbe() bool {
	off := 0.0
	for i, x := range g.columns {
		off = max(off, math.Abs(x-float64(g.cosines[i])))
	}
	g.stats.Off = off / max(cosineShare*math.Sqrt(float64(g.n)), 1)
	g.measureDrift()
	if !g.orthogonal() {
		return false
	}
	for i, x := range g.inverse {
		g.D[i], g.lengths[i] = 1/x, 1
	}
	return true
}

// orthogonal reports whether cosines and I − VᵀV as last measured are rounding.
func (g *GramSVD[T]) orthogonal() bool {
	return g.stats.Off <= g.tol && g.stats.Drift <= 2*g.tolerance(g.n)
}

// unit moves what the columns of U lack to unit length, as a square in D, to lengths, by
// which they are yet to be divided, and their old lengths, 1/inverse, into D. It
// turns g.g into cosines.
func (g *GramSVD[T]) unit() {
	for i, x := range g.D {
		length := math.Sqrt(x)
		g.rows[i] = length
		g.D[i] = length / g.inverse[i]
	}
	for i := range g.n {
		row := g.g.Row(i)
		for j := range row {
			row[j] /= T(g.rows[i] * g.rows[j])
		}
	}
	copy(g.lengths, g.rows)
}

// correctTall is correct on U. Clusters are not resolved.
func (g *GramSVD[T]) correctTall(limit int) (ok bool, err error) {
	if g.probed {
		return true, nil
	}
	for {
		if !g.Watch.Step(stageCorrections, g.stats.Corrections, limit+1) {
			return false, g.Watch.Err()
		}
		g.measureCosines()
		g.measureDrift()
		if g.orthogonal() {
			break
		}
		g.invert()
		if g.stats.Corrections == limit || g.mark() {
			return false, nil
		}
		g.stats.Corrections++
		g.rotateTall()
	}
	g.finishTall()
	return true, nil
}

// rotateTall makes one simultaneous correction.
func (g *GramSVD[T]) rotateTall() {
	size := g.turnAll()
	for i := range g.n { // U·diag(1/lengths)·(I+Ê)
		row := g.g.Row(i)
		row[i]++
		kernels.Scal(T(1/g.lengths[i]), row)
	}
	if g.track {
		g.advance(&g.v, &g.turn, &g.e, &g.next, size)
		g.drifted = true
	}
	g.turn.CopyFrom(&g.g)
	for i, x := range g.D {
		g.inverse[i] = 1 / x
	}
	g.clearGram()
	g.eachBlock(func(first, rows int) {
		from, to := window(&g.u, first, 0, rows, g.n), window(&g.block, 0, 0, rows, g.n)
		g.work.Gemm(mat.NoTrans, mat.NoTrans, 1, &from, &g.turn, 0, &to)
		from.CopyFrom(&to)
		g.addGram(&from, mat.Trans)
	})
	g.unit()
}

// nearUnit is how many eps a column of U may lack to unit length.
const nearUnit = 8

// finishTall is finish for U, whose columns get their unit length and their
// order.
func (g *GramSVD[T]) finishTall() {
	g.unitRight()
	moves := g.sortOrder(0)
	exact := true
	for _, x := range g.lengths {
		exact = exact && math.Abs(x-1) <= nearUnit*Eps[T]()
	}
	if moves || !exact {
		for i, k := range g.order {
			g.cosines[i] = T(1 / g.lengths[k])
		}
		for i := range g.m {
			row := g.u.Row(i)
			for j, k := range g.order {
				g.drifts[j] = row[k] * g.cosines[j]
			}
			copy(row, g.drifts)
		}
	}
	if moves {
		if g.track {
			g.permute(&g.v, 0)
		}
		g.permuteD(0)
	}
}
