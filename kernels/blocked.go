package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Workspace holds the pack buffers of the products. The zero value is ready;
// one goroutine at a time may use it.
type Workspace[T Float] struct {
	plan  plan[T]
	job   Job
	slots []slot[T]
}

// slot is what one goroutine of a product owns.
type slot[T Float] struct {
	args  asm.GemmArgs[T]
	packA []T
	packB []T
}

// plan is a Product and what the driver decides about it. C is cut into
// blocks, the unit of work of a goroutine: rows by rows and tiles by tiles.
type plan[T Float] struct {
	Product[T]
	kernel      *gemmRow
	kc          int
	tiles       tiling
	rows        int // of a block
	down, along int // blocks
}

// Gemm runs p with at most threads goroutines, this one included.
//
// A block runs its own loop over k, packs its part of B and shares nothing
// with the others, so they need no barrier between them.
func (w *Workspace[T]) Gemm(threads int, p *Product[T]) {
	if p.RunSmall() {
		return
	}
	q := &w.plan
	*q = plan[T]{Product: *p, kernel: gemmKernel[T]()}
	q.kc = q.kernel.runOf(q.K)
	if q.M*q.N*q.K < parallelWork {
		threads = 1
	}
	q.cut(threads)
	threads = min(threads, q.down*q.along)
	for len(w.slots) < threads {
		w.slots = append(w.slots, slot[T]{})
	}
	for i := range threads {
		w.slots[i].grow(q)
	}
	w.job.Run(threads, q.down*q.along, w)
	*q = plan[T]{} // let go of the operands
}

// parallelWork is the number of multiply-adds below which one goroutine is
// faster than two.
const parallelWork = 1 << 20

// cut chooses the blocks: columns by NC, or finer for several goroutines, down
// to a width that still hides the reading of A; then rows, if there are too few
// columns, though every row of blocks packs B again.
func (q *plan[T]) cut(threads int) {
	const (
		perThread = 4   // blocks, so that a late goroutine is not waited for long
		narrowest = 4   // tiles
		lowest    = 256 // rows
	)
	k := q.kernel
	q.tiles = k.tile(q.N)
	q.along, q.down = max(1, ceil(q.tiles.full, max(1, k.NC/k.NR))), 1
	if threads > 1 {
		fine := min(perThread*threads, q.tiles.full/narrowest)
		q.along = max(q.along, fine/threads*threads)
		if q.along < threads {
			q.down = max(1, min(ceil(perThread*threads, q.along), q.M/lowest))
		}
	}
	q.rows = roundUp(ceil(q.M, q.down), k.MR)
	q.down = ceil(q.M, q.rows)
}

func ceil(n, d int) int     { return (n + d - 1) / d }
func roundUp(n, to int) int { return ceil(n, to) * to }

func (s *slot[T]) grow(q *plan[T]) {
	k := q.kernel
	if q.Packed == nil {
		s.packB = grown(s.packB, (ceil(q.tiles.full, q.along)*k.NR+q.tiles.tail*q.tiles.tailVecs*k.Lanes)*q.kc)
	}
	if q.ACol != 1 || q.collides() {
		s.packA = grown(s.packA, min(k.MC, q.rows)*packedRow[T](q.kc))
	}
}

// Task computes block number i on the buffers of a slot.
func (w *Workspace[T]) Task(slotIndex, i int) {
	q, s := &w.plan, &w.slots[slotIndex]
	b := q.block(i/q.along, i%q.along)
	if q.Upper && b.row >= b.col+b.cols {
		return
	}
	for k := 0; k < q.K; k += q.kc {
		s.run(q, b, k, min(q.kc, q.K-k))
	}
	s.args = asm.GemmArgs[T]{}
}

// block is a part of C: some rows, and some full tiles from tile on, with the
// tail behind them where the columns end.
type block struct {
	row, rows int
	tile      int
	tiling
	col, cols int
}

func (q *plan[T]) block(i, j int) block {
	b := block{row: i * q.rows, tile: j * q.tiles.full / q.along, tiling: q.tiles}
	b.rows = min(q.rows, q.M-b.row)
	b.full = (j+1)*q.tiles.full/q.along - b.tile
	b.col = b.tile * q.kernel.NR
	b.cols = q.N - b.col
	if j < q.along-1 {
		b.tail, b.tailVecs, b.lanes = 0, 0, q.kernel.Lanes
		b.cols = b.full * q.kernel.NR
	}
	return b
}

// run adds kc steps of k to a block of C.
func (s *slot[T]) run(q *plan[T], b block, k, kc int) {
	g := &s.args
	g.K, g.CRow = kc, q.CRow
	setTiles(g, b.tiling)
	setMode(g, q.Alpha, q.Beta, k == 0)
	setPacked(g, q.kernel, b.tiling)
	if q.Packed != nil {
		g.B = q.Packed.block(k, kc, b.tile)
	} else {
		packB(s.packB, operand[T]{q.B, q.BRow, q.BCol}.at(k, b.col), kc, b.cols, b.tiling, q.kernel)
		g.B = unsafe.SliceData(s.packB)
	}
	tiles := g.B
	for i := b.row; i < b.row+b.rows; i += q.kernel.MC {
		s.runRows(q, b, i, min(q.kernel.MC, b.row+b.rows-i), k, tiles)
	}
}

// runRows runs the panels of some rows of a block on its tiles of B.
func (s *slot[T]) runRows(q *plan[T], b block, row, rows, k int, tiles *T) {
	g := &s.args
	a, aRow := q.A[row*q.ARow+k*q.ACol:], q.ARow
	switch {
	case q.ACol != 1:
		aRow = packedRow[T](g.K)
		Transpose(g.K, rows, a, q.ACol, s.packA, aRow)
		a = s.packA
	case q.collides():
		aRow = packedRow[T](g.K)
		for i := range rows {
			copy(s.packA[i*aRow:][:g.K], a[i*q.ARow:])
		}
		a = s.packA
	}
	g.ARow = aRow
	for i := 0; i < rows; i += g.M {
		g.M = panelHeight(rows-i, q.kernel)
		skip := q.skip(b, row+i)
		g.Full = b.full - skip
		if g.Full+g.Tail == 0 {
			continue
		}
		g.A = &a[i*aRow]
		g.B = offset(tiles, skip*g.BTile)
		col := b.col + skip*q.kernel.NR
		g.C = &q.C[(row+i)*q.CRow+col]
		run(g)
		if k+g.K == q.K {
			q.finish(row+i, g.M, col, b.cols-col+b.col)
		}
	}
}

// collides reports whether the rows of A lie a multiple of 4 KiB apart, so that
// a panel of them fills few sets of L1.
func (q *plan[T]) collides() bool {
	var entry T
	return uintptr(q.ARow)*unsafe.Sizeof(entry)%4096 == 0
}

// packedRow is the distance of packed rows of A that hold kc entries: an odd
// number of cache lines, so that they do not collide.
func packedRow[T Float](kc int) int {
	var entry T
	line := 64 / int(unsafe.Sizeof(entry))
	return (ceil(kc, line) | 1) * line
}

// skip is the number of full tiles of a block that the panel from row on
// leaves out, because only the upper triangle is wanted and they lie left of
// the diagonal.
func (q *plan[T]) skip(b block, row int) int {
	if !q.Upper || row <= b.col {
		return 0
	}
	return min((row-b.col)/q.kernel.NR, b.full)
}

// panelHeight is the rows of the next panel when left remain, as the kernels
// choose them: MR, or heights that differ by one at most for the last two.
func panelHeight(left int, k *gemmRow) int {
	switch {
	case left >= 2*k.MR:
		return k.MR
	case left > k.Tallest:
		return (left + 1) / 2
	}
	return left
}
