package spectral

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// The simultaneous rotation is W(I+E), V(I+E). It is to make WᵀW diagonal and
// VᵀV the identity, to first order in E:
//
//	g_ij + d_i²·e_ij + d_j²·e_ji = 0,   e_ij + e_ji = r_ij,   R = I − VᵀV
//
// On columns scaled to unit length, ĝ_ij = g_ij/(d_i·d_j), it is Ŵ(I+Ê) with
// ê_ij = e_ij·d_i/d_j. Whichever of e and ê is the larger one comes first, so
// that no ratio of lengths t ≤ 1 is ever divided by:
//
//	i < j, t = d_j/d_i:  ê = (ĝ + t·r)/(t²−1),  e = t·ê
//	i > j, t = d_i/d_j:  e = (t·ĝ + r)/(1−t²),  ê = t·e

// A pair with a cosine that is not rounding is left to the eigenvectors of its
// cluster where first order would turn it by more.
const (
	clusterTurn   = 0.01 // in e
	clusterScaled = 0.3  // in ê
)

// tie is the relative gap of squared lengths below which a pair whose cosine is
// rounding must not rotate, unless it drifts and that turns it by little: the quotient
// of two roundings is no angle.
const tie = 0.01

// still reports whether a pair with the cosine c and the drift r must not
// rotate to make its columns orthogonal, but share the drift alone.
func (g *GramSVD[T]) still(c, r, gap float64) bool {
	c, r = math.Abs(c), math.Abs(r)
	drifts := r > g.tol && r <= clusterTurn*gap
	return gap < tie && c <= g.tol && !drifts || c+r > clusterScaled*gap
}

// firstOrder replaces Ĝ by Ê and R by E, and returns the Frobenius norm of the
// larger one.
func (g *GramSVD[T]) firstOrder() float64 {
	scaled, plain := 0.0, 0.0
	calm := g.stats.Off+g.stats.Drift <= clusterScaled*tie
	for i := range g.n {
		row, e := g.g.Row(i), g.e.Row(i)
		copy(g.cosines, row)
		copy(g.drifts, e)
		clear(row)
		clear(e)
		g.addTurns(i, 0, calm)
		scaled += sumSquares(row)
		plain += sumSquares(e)
	}
	return math.Sqrt(max(scaled, plain))
}

// addTurns adds to row i of Ê and E, from column first on, first ≤ i, what
// cancels the row of Ĝ in cosines and that of R in drifts, and returns the sum of
// the squares of the former. Calm says that these are small enough for only neighbours to
// stand still.
func (g *GramSVD[T]) addTurns(i, first int, calm bool) (square float64) {
	row, e := g.g.Row(i), g.e.Row(i)
	row[i] += g.drifts[i] / 2
	e[i] += g.drifts[i] / 2
	g.cosines[i], g.drifts[i] = 0, 0
	from, to := first, g.n
	if calm || MaxAbs(g.cosines[first:g.n], 0)+MaxAbs(g.drifts[first:g.n], 0) <= clusterScaled*tie {
		from, to = g.neighbours(i, first)
	}
	_, square = kernels.Turns(g.D[i], 1, g.inverse[first:from], g.cosines[first:from], g.drifts[first:from], e[first:from], row[first:from])
	for j := from; j < to; j++ {
		scaled, turn := g.turnOf(i, j)
		square += scaled * scaled
		row[j] += T(kernels.Flush(scaled))
		e[j] += T(kernels.Flush(turn))
	}
	shorter, _ := kernels.Turns(g.inverse[i], -1, g.D[to:], g.drifts[to:], g.cosines[to:], row[to:], e[to:])
	return square + shorter
}

// neighbours returns the range around i, from first on, beyond which no column
// stands still before column i where cosines and drifts are small.
func (g *GramSVD[T]) neighbours(i, first int) (from, to int) {
	for from = i; from > first && tied(g.D[i], g.inverse[from-1]); from-- {
	}
	for to = i + 1; to < g.n && tied(g.D[to], g.inverse[i]); to++ {
	}
	return from, to
}

func tied(short, inverse float64) bool {
	t := short * inverse
	return (1-t)*(1+t) < tie
}

// turnOf returns the turns ê and e of column i to column j. Where the pair stands
// still they only share the drift, e_ij + e_ji = r, so that W and V change alike,
// and its cosine is unturned.
func (g *GramSVD[T]) turnOf(i, j int) (scaled, turn float64) {
	c, r := float64(g.cosines[j]), float64(g.drifts[j])
	t := g.D[max(i, j)] * g.inverse[min(i, j)]
	gap := (1 - t) * (1 + t)
	still := g.still(c, r, gap)
	if still {
		g.unturned = max(g.unturned, math.Abs(c)+math.Abs(r))
	}
	switch {
	case still && j < i:
		turn = r / (1 + t*t)
		return t * turn, turn
	case still:
		scaled = t * r / (1 + t*t)
		return scaled, t * scaled
	case j < i:
		turn = (t*c + r) / gap
		return t * turn, turn
	default:
		scaled = -(c + t*r) / gap
		return scaled, t * scaled
	}
}

// secondOrder adds to Ê and E what cancels the terms of second order that the
// first leaves: with Ê + Êᵀ = −Ĝ off the diagonal and E + Eᵀ = R,
//
//	Ĝ₂ = −(X + Xᵀ),  X = (Ê + ½Êᵀ)·Ê,      R₂ = Y + Yᵀ,  Y = (E + ½Eᵀ)·E
//
// By the time that Y is formed E has changed by second order, Y by third.
//
// It returns the Frobenius norm of what it adds to Ê.
func (g *GramSVD[T]) secondOrder() float64 {
	clear(g.drifts)
	added := g.addSquare(&g.g, g.cosines, -1)
	clear(g.cosines)
	added += g.addSquare(&g.e, g.drifts, 1)
	return math.Sqrt(added)
}

// addSquare adds the turns for factor·(X + Xᵀ), passed row by row through into,
// where X is that of secondOrder for m. Large turns are those of short columns,
// and often of the last few alone: what comes before them is left out. It returns
// the sum of the squares of what it adds to Ê.
func (g *GramSVD[T]) addSquare(m *mat.Dense[T], into []T, factor float32) (added float64) {
	first, longest := g.negligible(m)
	if first == g.n {
		return 0
	}
	x := g.square(m, first, longest)
	for i := first; i < g.n; i++ {
		for j, v := range x.Row(i - first) {
			into[first+j] = T(factor * v)
		}
		added += g.addTurns(i, first, false)
	}
	return added
}

// negligible returns how many rows and columns of M, in front, are so small that
// no entry of M·M needs them to the precision of limits.second²: with r and c the
// lengths of rows and columns, entries of such a row i or column j are below
// r_i·max(c) and max(r)·c_j, and the share of rows and columns k in others is
// below the sum of c_k·r_k. It returns the largest length, too.
func (g *GramSVD[T]) negligible(m *mat.Dense[T]) (count int, longest float64) {
	r, c := g.rows, g.columns
	clear(c)
	for i := range g.n {
		row := m.Row(i)
		r[i] = math.Sqrt(sumSquares(row))
		for j, v := range row {
			c[j] += float64(v) * float64(v)
		}
	}
	for j, x := range c {
		c[j] = math.Sqrt(x)
		longest = max(longest, c[j], r[j])
	}
	limit, share := g.limits.second*g.limits.second, 0.0
	for k := range g.n {
		if share += c[k] * r[k]; max(r[k], c[k])*longest > limit || share > limit {
			return k, longest
		}
	}
	return g.n, longest
}

// square returns X + Xᵀ for X = (M + ½Mᵀ)·M of the rows and columns from first
// on, in float32, which has digits enough for a correction of a correction. It
// lies in the room of g.next and g.turn. Of each block of columns of M, whose rows
// and columns are no longer than longest, it leaves out the rows without which X is
// right to limits.second².
func (g *GramSVD[T]) square(m *mat.Dense[T], first int, longest float64) mat.Dense[float32] {
	n := g.n - first
	corner := window(m, first, first, n, n)
	stride := g.turn.Stride
	room := asFloat32(g.turn.Data)
	a := mat.Dense[float32]{Rows: n, Cols: n, Stride: stride, Data: room[:n*stride]}
	b, x := a, a
	x.Data, x.Stride = asFloat32(g.next.Data), g.next.Stride
	if is64[T]() {
		b.Data = room[len(g.turn.Data):]
		narrow(&a, &corner)
	} else {
		a.Data, a.Stride = asFloat32(corner.Data), corner.Stride
	}
	b.TransposeFrom(&a)
	for i := range n {
		kernels.Scal(0.5, b.Row(i))
		kernels.Axpy(1, a.Row(i), b.Row(i))
	}
	none := g.limits.second * g.limits.second / (4 * longest)
	for at := 0; at < n; at += turnBlock {
		width, r := turnWidth(at, n), reachOf(&a, at, none, 0, g.rows)
		left, right := window(&b, 0, r.from, n, r.to-r.from), window(&a, r.from, at, r.to-r.from, width)
		sum := window(&x, 0, at, n, width)
		g.narrow.Gemm(mat.NoTrans, mat.NoTrans, 1, &left, &right, 0, &sum)
	}
	b.TransposeFrom(&x)
	for i := range n {
		kernels.Axpy(1, b.Row(i), x.Row(i))
	}
	return x
}

// narrow rounds a to float32, and to multiples of 2⁻⁶²: it only serves corrections.
func narrow[T mat.Float](dst *mat.Dense[float32], a *mat.Dense[T]) {
	for i := range a.Rows {
		kernels.Narrow(dst.Row(i), a.Row(i))
	}
}

// asFloat32 returns the memory of x as float32 numbers, for scratch.
func asFloat32[T mat.Float](x []T) []float32 {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&x[0])), len(x)*int(unsafe.Sizeof(x[0]))/4)
}
