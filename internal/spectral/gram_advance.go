package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// turnBlock is the number of columns of E for which advance looks which rows count.
const turnBlock = 192

// narrowOrder is where a product takes longer than the conversions.
const narrowOrder = 48

// reach is the range of rows that count in a block of columns of E, and in it the
// range of those whose product must not be in float32.
type reach struct{ from, to, wideFrom, wideTo int }

// advance computes X += X·E on columns, which are the rows of x, with the rooms of
// spare and other. Columns that differ much in length turn little in E, and their
// products need few digits, or are not needed: of each block of columns the rows in
// front and at the end are left out whose turns are below rounding, and those beside
// them multiplied in float32. E, of Frobenius norm size, is lost.
func (g *GramSVD[T]) advance(x, spare, e, other *mat.Dense[T], size float64) {
	wide, narrow := g.measureReach(e, size)
	to := x
	if wide {
		spare.CopyFrom(x)
		to = spare
		for b, r := range g.reach {
			at := b * turnBlock
			width := turnWidth(at, g.n)
			turns := window(e, r.wideFrom, at, r.wideTo-r.wideFrom, width)
			from, sum := window(x, r.wideFrom, 0, turns.Rows, x.Cols), window(to, at, 0, width, x.Cols)
			g.work.Gemm(mat.Trans, mat.NoTrans, 1, &turns, &from, 1, &sum)
		}
	}
	if narrow {
		g.advanceNarrow(x, to, e, asFloat32(other.Data))
	}
	if wide {
		*x, *spare = *spare, *x
	}
}

// measureReach sets reach, and reports whether any of it is wide, and any narrow.
func (g *GramSVD[T]) measureReach(e *mat.Dense[T], size float64) (wide, narrow bool) {
	few := g.limits.narrow
	if g.n < narrowOrder {
		few = 0
	}
	if few > 0 && size <= few {
		for b := range g.reach {
			g.reach[b] = reach{0, g.n, g.n, g.n}
		}
		return false, true
	}
	for b := range g.reach {
		r := reachOf(e, b*turnBlock, Eps[T]()/64, few, g.rows)
		wide = wide || r.wideFrom < r.wideTo
		narrow = narrow || r.from < r.wideFrom || r.wideTo < r.to
		g.reach[b] = r
	}
	return wide, narrow
}

// turnWidth is the number of columns in the block that begins at one of n.
func turnWidth(at, n int) int { return min(turnBlock, n-at) }

// reachOf returns the reach of the block of columns of e that begins at column at: in
// front and at the end, rows of a Frobenius norm of at most none each are out of it, and
// with more up to few they are not wide. The room is for a number for each row.
func reachOf[F mat.Float](e *mat.Dense[F], at int, none, few float64, room []float64) (r reach) {
	n, squares := e.Rows, room[:e.Rows]
	for k := range squares {
		squares[k] = sumSquares(e.Row(k)[at : at+turnWidth(at, e.Cols)])
	}
	sum := 0.0
	for ; r.from < n && sum+squares[r.from] <= none*none; r.from++ {
		sum += squares[r.from]
	}
	for r.wideFrom = r.from; r.wideFrom < n && sum+squares[r.wideFrom] <= few*few; r.wideFrom++ {
		sum += squares[r.wideFrom]
	}
	sum = 0
	for r.to = n; r.to > r.from && sum+squares[r.to-1] <= none*none; r.to-- {
		sum += squares[r.to-1]
	}
	for r.wideTo = r.to; r.wideTo > r.wideFrom && sum+squares[r.wideTo-1] <= few*few; r.wideTo-- {
		sum += squares[r.wideTo-1]
	}
	r.wideFrom = min(r.wideFrom, r.wideTo)
	return r
}

// advanceNarrow adds to the rows of sum what is to be multiplied in float32, so many
// columns of x at a time as there is room for.
func (g *GramSVD[T]) advanceNarrow(x, sum, e *mat.Dense[T], room []float32) {
	turns := narrowInPlace(e, asFloat32(g.drifts))
	stride := min(strideOf[float32](x.Cols), len(room)/(g.n+turnWidth(0, g.n))&^15)
	from := mat.Dense[float32]{Rows: g.n, Stride: stride, Data: room}
	product := mat.Dense[float32]{Stride: stride, Data: room[g.n*stride:]}
	most := len(product.Data) / stride / turnBlock
	for first := 0; first < x.Cols; first += stride {
		width := min(stride, x.Cols-first)
		part := window(x, 0, first, g.n, width)
		from.Cols, product.Cols = width, width
		narrow(&from, &part)
		for b := 0; b < len(g.reach); {
			alike := g.alike(b, most)
			at, r := b*turnBlock, g.reach[b]
			product.Rows = min(alike*turnBlock, g.n-at)
			beta := g.addNarrow(&product, &turns, &from, at, r.from, r.wideFrom, 0)
			beta = g.addNarrow(&product, &turns, &from, at, r.wideTo, r.to, beta)
			for i := range int(beta) * product.Rows {
				kernels.AddWide(product.Row(i), sum.Row(at + i)[first:first+width])
			}
			b += alike
		}
	}
}

// alike returns how many blocks from b on, at most so many, have the same reach.
func (g *GramSVD[T]) alike(b, most int) (count int) {
	for count = 1; count < most && b+count < len(g.reach) && g.reach[b+count] == g.reach[b]; count++ {
	}
	return count
}

// addNarrow adds to beta·product what the rows from p to q−1 of x and of turns give in
// the columns of a block that begins at column at, and returns 1, or beta where there are none.
func (g *GramSVD[T]) addNarrow(product, turns, x *mat.Dense[float32], at, p, q int, beta float32) float32 {
	if p == q {
		return beta
	}
	e, from := window(turns, p, at, q-p, product.Rows), window(x, p, 0, q-p, x.Cols)
	g.narrow.Gemm(mat.Trans, mat.NoTrans, 1, &e, &from, beta, product)
	return 1
}

// narrowInPlace rounds a to float32 in its own memory, with room for a row.
func narrowInPlace[T mat.Float](a *mat.Dense[T], room []float32) mat.Dense[float32] {
	all := asFloat32(a.Data)
	stride := a.Stride * len(all) / len(a.Data)
	for i := range a.Rows {
		kernels.Narrow(room[:a.Cols], a.Row(i))
		copy(all[i*stride:], room[:a.Cols])
	}
	return mat.Dense[float32]{Rows: a.Rows, Cols: a.Cols, Stride: stride, Data: all}
}
