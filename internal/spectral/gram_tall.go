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

// FactorizeTall decomposes the m × n matrix a, row by row as it lies, which has
// many more rows than columns and entries whose squares neither overflow nor
// underflow. Its columns must be of similar length, and make one window: it reports
// whether they do and the corrections sufficed, and otherwise leaves nothing to use.
// The result is that of Factorize but for TallLeft. A block of rows is rotated, and
// adds to the next Gram matrix, while it is in cache.
// Cost: 4mn² flops, and 3mn² for each correction, of which there is usually one at
// most.
func (g *GramSVD[T]) FactorizeTall(a *mat.Dense[T], vectors bool, corrections, threads int) (ok bool, err error) {
	g.resetTall(a.Rows, a.Cols)
	g.prepare(vectors, threads)
	start := time.Now()
	ok, err = g.preconditionTall(a)
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

func (g *GramSVD[T]) resetTall(m, n int) {
	g.resetSquare(m, n)
	growDense(&g.next, n, n)
	growDense(&g.u, m, n)
	growDense(&g.part, n, n)
	growDense(&g.block, g.blockRows(), n)
}

// blockRows is the height of a block, the last of which may have fewer.
func (g *GramSVD[T]) blockRows() int {
	return min(g.m, max(tallEntries/max(g.n, 1), tallRows*g.n))
}

// preconditionTall sets U to a times the eigenvectors of its Gram matrix, at unit
// length but for rounding, and g.g to the Gram matrix of U.
func (g *GramSVD[T]) preconditionTall(a *mat.Dense[T]) (ok bool, err error) {
	if !g.Watch.Step(stageWindows, 0, g.n) {
		return false, g.Watch.Err()
	}
	g.stats.Windows = 1
	g.eachBlock(func(first, rows int) mat.Dense[T] { return window(a, first, 0, rows, g.n) })
	longest := 0.0
	for _, x := range g.D {
		longest = max(longest, x)
	}
	for _, x := range g.D {
		if !(x > g.limits.window*longest) {
			return false, nil
		}
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
	g.eachBlock(func(first, rows int) mat.Dense[T] {
		from, to := window(a, first, 0, rows, g.n), window(&g.u, first, 0, rows, g.n)
		g.work.Gemm(mat.NoTrans, mat.Trans, 1, &from, &q, 0, &to)
		return to
	})
	g.unit()
	return true, nil
}

// eachBlock sets g.g to the sum of the Gram matrices of the blocks of rows which
// next returns, and D to the lengths of the columns. The sums are of blocks, and
// those of lengths in float64, so that many rows cost no digits.
func (g *GramSVD[T]) eachBlock(next func(first, rows int) mat.Dense[T]) {
	clear(g.D)
	g.g.Fill(0)
	for first := 0; first < g.m; first += g.blockRows() {
		b := next(first, min(g.blockRows(), g.m-first))
		g.work.Syrk(mat.Trans, 1, &b, 0, &g.part)
		for i := range g.n {
			row := g.part.Row(i)
			g.D[i] += float64(row[i])
			kernels.Axpy(1, row, g.g.Row(i))
		}
	}
	for i, x := range g.D {
		g.D[i] = math.Sqrt(x)
	}
}

// unit moves what the columns of U lack to unit length from D to lengths, by
// which they are yet to be divided, and their old lengths, 1/inverse, into D. It
// turns g.g into cosines.
func (g *GramSVD[T]) unit() {
	for i, length := range g.D {
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
	for {
		if !g.Watch.Step(stageCorrections, g.stats.Corrections, limit+1) {
			return false, g.Watch.Err()
		}
		g.measureCosines()
		g.measureDrift()
		if g.stats.Off <= g.tol && g.stats.Drift <= 2*g.tolerance(g.n) {
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
	g.eachBlock(func(first, rows int) mat.Dense[T] {
		from, to := window(&g.u, first, 0, rows, g.n), window(&g.block, 0, 0, rows, g.n)
		g.work.Gemm(mat.NoTrans, mat.NoTrans, 1, &from, &g.turn, 0, &to)
		from.CopyFrom(&to)
		return from
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
