package svd

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// gramJacobi decomposes A by spectral.GramSVD, which is accurate whatever the
// lengths of the columns that it works on. B being A or Aᵀ, whichever has
// fewer columns:
//
//	Direct      W = B                       rows of B alike in size; where there
//	                                        are many, as they lie
//	Transposed  W = Bᵀ                      B square, its columns alike in size
//	Pivoted     S·B·P = Q·R, W = Rᵀ         neither, or the others have failed
//
// where S sorts the rows of B by size. Then R = D·X with X well-conditioned for
// whatever B = D₁·C·D₂ with well-conditioned C (Drmač and Veselić 2008), and
// B = (SᵀQ·V)·Σ·(P·U)ᵀ.
type gramJacobi[T mat.Float] struct {
	b     operand[T] // without its matrix after run
	route Route
	scale spectral.Scale
	tall  bool // the left vectors are those of FactorizeTall
	core  spectral.GramSVD[T]

	rows   []T // of A's rows, the largest magnitude; the caller's
	cols   []T // of its columns, once known
	size   []T // of the rows of B scaled by across, likewise
	across []T
	sort   []int
	perm   []int
	qr     mat.QRP[T]
	sorted *mat.Dense[T] // S·B, then Q·V: in the core where B is square
	room   mat.Dense[T]  // room for it elsewhere
	place  []int         // the row of S·B for each of B
	tile   mat.Dense[T]  // of columnsTo
}

// defaultCorrections is far above what converges: one to three.
const defaultCorrections = 12

// run decomposes a, whose largest entry is largest and whose rows have those sizes, by
// the route that the sizes of its rows and columns suggest, and by Pivoted where that
// fails.
func (g *gramJacobi[T]) run(a *mat.Dense[T], rows []T, largest float64, vectors bool, corrections, threads int, watch *spectral.Monitor) (Stats, error) {
	defer g.release()
	g.scale = spectral.ScaleFor[T](a.Rows*a.Cols, largest)
	g.core.Watch = watch
	start := time.Now()
	g.choose(a, rows)
	loaded := time.Since(start)
	if ok, err := g.runTall(largest, vectors, corrections, threads); ok || err != nil {
		return g.stats(loaded), err
	}
	start = time.Now()
	err := g.load(threads)
	loaded += time.Since(start)
	if err == nil {
		err = g.core.Factorize(vectors, corrections, threads)
	}
	if errors.Is(err, mat.ErrNoConvergence) && g.route != Pivoted {
		start = time.Now()
		g.route = Pivoted
		err = g.load(threads)
		loaded += time.Since(start)
		if err == nil {
			err = g.core.Factorize(vectors, corrections, threads)
		}
	}
	start = time.Now()
	if err == nil && vectors {
		g.core.Complete()
		g.expand()
	}
	loaded += time.Since(start)
	return g.stats(loaded), err
}

// tallShape is the least ratio of rows to columns at which blocks of rows pay.
const tallShape = 3

// suitsTall reports whether choose has found B fit for blocks of its rows.
func (g *gramJacobi[T]) suitsTall(largest float64) bool {
	m, n := g.b.shape()
	return g.route == Direct && n > 0 && m >= tallShape*n && safeScale(g.b.a, largest) == (spectral.Scale{})
}

// valuesTall finds the values alone of a matrix of many rows, or columns, where they are
// near one another, and reports whether they are.
func (g *gramJacobi[T]) valuesTall(a *mat.Dense[T], rows []T, largest float64, threads int, watch *spectral.Monitor) (Stats, bool, error) {
	if max(a.Rows, a.Cols) < tallShape*min(a.Rows, a.Cols) {
		return Stats{}, false, nil
	}
	defer g.release()
	start := time.Now()
	g.choose(a, rows)
	loaded := time.Since(start)
	if !g.suitsTall(largest) {
		return Stats{}, false, nil
	}
	g.core.Watch, g.scale = watch, spectral.Scale{}
	ok, err := g.core.ValuesTall(a, g.b.transposed, threads)
	return g.stats(loaded), ok, err
}

// runTall decomposes A as it lies, where it has many rows, or columns, and that works.
func (g *gramJacobi[T]) runTall(largest float64, vectors bool, corrections, threads int) (ok bool, err error) {
	if g.tall = false; !g.suitsTall(largest) {
		return false, nil
	}
	g.tall, err = g.core.FactorizeTall(g.b.a, g.b.transposed, vectors, corrections, threads)
	if g.tall {
		g.scale = spectral.Scale{}
	}
	return g.tall, err
}

func (g *gramJacobi[T]) stats(loaded time.Duration) Stats {
	st := g.core.Stats()
	return Stats{
		Method: GramJacobi, Route: g.route, Windows: st.Windows, Sweeps: st.Corrections,
		OffNorm: st.Off, Load: loaded, Eigen: st.Eigen, Precondition: st.Precondition, Correct: st.Correct,
	}
}

// release lets go of what is the caller's.
func (g *gramJacobi[T]) release() { g.b.a, g.rows = nil, nil }

// choose takes the route for a, whose rows have those sizes.
func (g *gramJacobi[T]) choose(a *mat.Dense[T], rows []T) {
	g.b, g.rows, g.cols = operand[T]{a, a.Rows < a.Cols}, rows, g.cols[:0]
	m, n := g.b.shape()
	if g.route = Direct; g.alike() {
		return
	}
	if m == n {
		g.b.transposed = !g.b.transposed
		if g.route = Transposed; g.alike() {
			return
		}
		g.b.transposed = !g.b.transposed
	}
	g.route = Pivoted
}

// alike reports whether the rows of B are alike in size, or would be if its
// columns were: where these differ, the rows show the largest alone.
func (g *gramJacobi[T]) alike() bool {
	m, n := g.b.shape()
	if flat(g.sizes(g.b.transposed), flatRatio) {
		return true
	}
	g.across = spectral.Grow(g.across, n)
	for j, x := range g.sizes(!g.b.transposed) {
		g.across[j] = min(1/x, largestOf[T]()) // 1/0 is of no use but for zeros
	}
	if g.b.transposed {
		g.size = spectral.Grow(g.size, m)
		clear(g.size)
		for i := range g.b.a.Rows {
			relate(g.size, g.b.a.Row(i), g.across[i])
		}
		return flat(g.size, flatRatio)
	}
	var sizes extremes[T]
	for i := range g.b.a.Rows {
		if sizes.add(largestProduct(g.b.a.Row(i), g.across)); !sizes.flat(flatRatio) {
			return false
		}
	}
	return true
}

// sizes returns the largest magnitude of each row of A, or of each column.
func (g *gramJacobi[T]) sizes(columns bool) []T {
	if !columns {
		return g.rows
	}
	if n := g.b.a.Cols; len(g.cols) != n {
		g.cols = spectral.Grow(g.cols, n)
		operand[T]{g.b.a, true}.sizes(g.cols)
	}
	return g.cols
}

// relate raises size[r] to |x[r]|·factor.
func relate[T mat.Float](size, x []T, factor T) {
	size = size[:len(x)]
	for r, v := range x {
		if p := T(math.Abs(float64(v * factor))); p > size[r] {
			size[r] = p
		}
	}
}

// largestProduct returns the largest |x[c]|·factor[c].
func largestProduct[T mat.Float](x, factor []T) (largest T) {
	factor = factor[:len(x)]
	for c, v := range x {
		if p := T(math.Abs(float64(v * factor[c]))); p > largest {
			largest = p
		}
	}
	return largest
}

// load fills the core with the matrix of the route, unless it is stopped.
func (g *gramJacobi[T]) load(threads int) error {
	m, n := g.b.shape()
	if g.route == Pivoted {
		g.factorize(threads)
		if err := g.core.Watch.Err(); err != nil {
			return err
		}
		g.qr.RTo(g.core.Reset(n, n))
		return nil
	}
	w := g.core.Reset(m, n)
	if g.b.transposed {
		w.CopyFrom(g.b.a)
	} else {
		w.TransposeFrom(g.b.a)
	}
	for i := range n {
		spectral.ScaleRow(g.scale, w.Row(i))
	}
	return nil
}

// factorize forms S·B and its factorization.
func (g *gramJacobi[T]) factorize(threads int) {
	m, n := g.b.shape()
	g.sort, g.perm = spectral.Grow(g.sort, m), spectral.Grow(g.perm, n)
	size := g.sizes(g.b.transposed)
	for i := range g.sort {
		g.sort[i] = i
	}
	slices.SortStableFunc(g.sort, func(i, j int) int { return cmp.Compare(size[j], size[i]) })
	g.sorted = &g.room
	if m == n {
		g.core.Reset(n, n)
		g.sorted = g.core.Spare()
	} else {
		resize(&g.room, m, n)
	}
	if g.b.transposed {
		g.place = spectral.Grow(g.place, m)
		for k, i := range g.sort {
			g.place[i] = k
		}
		g.columnsTo(g.sorted, g.b.a, g.place)
	} else {
		for k, i := range g.sort {
			copy(g.sorted.Row(k), g.b.a.Row(i))
		}
	}
	for k := range m {
		spectral.ScaleRow(g.scale, g.sorted.Row(k))
	}
	g.qr.Threads = threads
	if g.qr.Step == nil {
		g.qr.Step = func(done, total int) bool { return g.core.Watch.Step(spectral.StagePivoted, done, total) }
	}
	g.qr.Factorize(g.sorted)
	g.qr.Perm(g.perm)
}

// expand forms Q·V.
func (g *gramJacobi[T]) expand() {
	if g.route != Pivoted {
		return
	}
	if n := g.sorted.Cols; g.sorted.Rows > n {
		clear(g.sorted.Data[n*n:])
	}
	g.columnsTo(g.sorted, g.core.Right(), g.core.Perm)
	g.qr.MulQ(mat.NoTrans, g.sorted)
}

func (g *gramJacobi[T]) valuesTo(dst []T, room spectral.Scale) {
	scale := g.scale.Beside(room)
	for k, x := range g.core.D {
		dst[k] = T(scale.Undo(x))
	}
}

// leftTo writes the left singular vectors of A as columns.
func (g *gramJacobi[T]) leftTo(dst *mat.Dense[T]) {
	if g.b.transposed {
		g.secondTo(dst)
	} else {
		g.firstTo(dst)
	}
}

// rightTo writes the right singular vectors of A as columns.
func (g *gramJacobi[T]) rightTo(dst *mat.Dense[T]) {
	if g.b.transposed {
		g.firstTo(dst)
	} else {
		g.secondTo(dst)
	}
}

// firstTo writes the left singular vectors of B.
func (g *gramJacobi[T]) firstTo(dst *mat.Dense[T]) {
	if g.tall {
		dst.CopyFrom(g.core.TallLeft())
		return
	}
	if g.route != Pivoted {
		dst.TransposeFrom(g.core.Left())
		return
	}
	for k, i := range g.sort {
		copy(dst.Row(i), g.sorted.Row(k))
	}
}

// secondTo writes the right singular vectors of B.
func (g *gramJacobi[T]) secondTo(dst *mat.Dense[T]) {
	rows, perm := g.core.Right(), g.core.Perm
	if g.route == Pivoted {
		rows, perm = g.core.Left(), g.perm
	}
	if slices.IsSorted(perm) {
		dst.TransposeFrom(rows)
		return
	}
	g.columnsTo(dst, rows, perm)
}

// tileRows is the number of rows that columnsTo gathers at a time.
const tileRows = 32

// columnsTo writes column i of x to row place[i] of dst.
func (g *gramJacobi[T]) columnsTo(dst, x *mat.Dense[T], place []int) {
	resize(&g.tile, tileRows, x.Rows)
	for first := 0; first < x.Cols; first += tileRows {
		rows := min(tileRows, x.Cols-first)
		kernels.Transpose(x.Rows, rows, x.Data[first:], x.Stride, g.tile.Data, g.tile.Stride)
		for i := range rows {
			copy(dst.Row(place[first+i]), g.tile.Row(i))
		}
	}
}
