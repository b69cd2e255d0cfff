package spectral

import (
	"cmp"
	"time"
	"unsafe"

	"github.com/lanes-go/lanes/mat"
)

// wideOrder is the number of float32 columns from which on their Gram matrix and its
// eigenvectors are found in float64. The rounding of a float32 Gram matrix leaves
// cosines that grow with the order while the values move together, until no
// simultaneous correction sorts out the pairs: with 2000 columns it takes three of
// them, with 3000 there may be no end.
const wideOrder = 1600

// wideBlock is the number of rows of W that are converted at a time, at most.
const wideBlock = 256

// wideGram finds eigenvectors of the Gram matrix of float32 columns in float64.
type wideGram struct {
	room  []float64 // three matrices; outside of diagonalise GramSVD's own stand there
	block mat.Dense[float64]
	work  mat.Workspace[float64]
	eigen SymDC[float64]
}

// wide reports whether windows of k columns are diagonalised in float64.
func (g *GramSVD[T]) wide(k int) bool {
	return !is64[T]() && k >= cmp.Or(g.wideFrom, wideOrder)
}

// resetWide makes room for n columns, in which turn, g and e stand as well.
func (g *GramSVD[T]) resetWide(n int) {
	padded, paddedT := roundUp(n, symvBlock[float64]()), roundUp(n, symvBlock[T]())
	each := roundUp(max(padded*strideOf[float64](padded), paddedT*strideOf[T](paddedT)), 2)
	if g.double == nil {
		g.double = new(wideGram)
	}
	w := g.double
	w.room = grow(w.room, 3*each)
	half := func(i int) []T { // the eigenvectors stand in the second matrix
		return unsafe.Slice((*T)(unsafe.Pointer(&w.room[i*each/2])), each)[:0]
	}
	g.e.Data, g.g.Data, g.turn.Data = half(0), half(1), half(4)
}

// wideEigenvectors is eigenvectors of the Gram matrix of the k columns from p on.
func (g *GramSVD[T]) wideEigenvectors(p, k int) (mat.Dense[T], error) {
	w, each := g.double, len(g.double.room)/3
	first, second, third := w.room[:each], w.room[each:2*each], w.room[2*each:]
	w.work.Threads = g.work.Threads
	gram := mat.Dense[float64]{Data: second[:0:each]}
	growDense(&gram, k, k)
	w.block.Data = third[:0:each]
	step := min(wideBlock, k/2) // for which there is room
	for at := 0; at < g.m; at += step {
		columns := window(&g.w, p, at, k, min(step, g.m-at))
		widen(&w.block, &columns)
		w.work.Syrk(mat.NoTrans, 1, &w.block, float64(min(at, 1)), &gram)
	}
	start := time.Now()
	q := window(&g.e, 0, 0, k, k)
	w.eigen.Watch = g.eigen.Watch
	w.eigen.Lend(first[:0:each], second[:0:each], third[:0:each])
	if err := w.eigen.Factorize(&gram, false, g.work.Threads); err != nil {
		return q, err
	}
	for j := range k {
		row := q.Row(j)
		for i, x := range w.eigen.Vector(k - 1 - j) {
			row[i] = T(x)
		}
	}
	g.stats.Eigen += time.Since(start)
	return q, nil
}

// widen sets dst to x, its room growing as needed.
func widen[T mat.Float](dst *mat.Dense[float64], x *mat.Dense[T]) {
	growDense(dst, x.Rows, x.Cols)
	for i := range x.Rows {
		row := dst.Row(i)
		for j, v := range x.Row(i) {
			row[j] = float64(v)
		}
	}
}
