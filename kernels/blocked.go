package kernels

import (
	"math"
	"time"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Workspace holds the pack buffers of the products. The zero value is ready;
// one goroutine at a time may use it.
type Workspace[T Float] struct {
	plan  plan[T]
	job   Job
	slots []slot[T]
	ended time.Time // when the last product that several goroutines may share did
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
	kc, mc      int
	tiles       tiling // of the whole width
	unit        int    // columns of which a block has a multiple, unless it is the last
	rows        int    // of a block
	down, along int    // blocks
	inRows      bool   // blocks are rows, and A and B are read in place
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
	if q.size() < awakeWork {
		threads = 1
	}
	w.prepare(threads)
	if threads == 1 {
		w.run(1)
		return
	}
	if q.size() < asleepWork && !helpersAwake() && time.Since(w.ended) > linger {
		threads = 1
		w.prepare(1)
	}
	w.run(threads)
	w.ended = time.Now()
}

// run does what is planned.
func (w *Workspace[T]) run(threads int) {
	w.job.Run(threads, w.plan.down*w.plan.along, w)
	w.plan = plan[T]{} // let go of the operands
}

// prepare cuts the plan for so many goroutines and readies their slots.
func (w *Workspace[T]) prepare(threads int) {
	q := &w.plan
	q.inRows = q.long(q.kernel)
	if q.inRows {
		q.down, q.along = min(threads, ceil(q.M, q.kernel.MR)), 1
	} else {
		q.cut(threads)
	}
	slots := min(threads, q.down*q.along)
	for len(w.slots) < slots {
		w.slots = append(w.slots, slot[T]{})
	}
	w.job.Ready(slots)
	if q.inRows {
		return
	}
	for i := range slots {
		w.slots[i].grow(q)
	}
}

// size is the number of multiply-adds times the bytes of an entry.
func (q *plan[T]) size() int64 {
	var entry T
	return q.work(q.K) * int64(unsafe.Sizeof(entry))
}

// Sizes from which on several goroutines are faster than one: some 10 to 20 µs of
// work where a helper is awake, some 70 to 150 µs where it has to be woken, unless
// products follow each other so closely that it will serve the next.
const (
	awakeWork  = 1 << 22
	asleepWork = 1 << 25
)

// cut chooses the blocks: columns by NC, or finer for several goroutines; then
// rows, if there are too few columns, though every row of blocks packs B again.
// Goroutines get columns in units of a vector rather than a tile, alike to a few
// per cent, unless B is packed in tiles.
func (q *plan[T]) cut(threads int) {
	const (
		narrowest = 2  // tiles
		lowest    = 64 // rows
	)
	k := q.kernel
	k.tile(q.N, &q.tiles)
	q.unit = k.NR
	q.along, q.down = max(1, ceil(q.tiles.full, max(1, k.NC/k.NR))), 1
	if threads > 1 {
		if q.Packed == nil {
			q.unit = k.Lanes
		}
		if q.N >= threads*narrowest*k.NR {
			q.along = roundUp(q.along, threads)
		} else {
			q.down = max(1, min(ceil(threads, q.along), q.M/lowest))
		}
	}
	q.rows = roundUp(ceil(q.M, q.down), k.MR)
	q.down = ceil(q.M, q.rows)
	most := k.MC
	if q.tall() {
		most = max(most, k.small/(q.N*q.kc))
	}
	q.mc = roundUp(ceil(q.rows, ceil(q.rows, most)), k.MR)
}

// column returns the first column of block j of a row of blocks, which have about
// as many columns each, or as many entries above the diagonal where no others are
// wanted.
func (q *plan[T]) column(j int) int {
	if j == q.along {
		return q.N
	}
	share := float64(j) / float64(q.along)
	if q.Upper && q.down == 1 {
		share = math.Sqrt(share)
	}
	return int(share*float64(q.N)) / q.unit * q.unit
}

// row returns the first row of block i where blocks are rows.
func (q *plan[T]) row(i int) int {
	share := float64(i) / float64(q.down)
	if q.Upper {
		share = 1 - math.Sqrt(1-share)
	}
	return min(roundUp(int(share*float64(q.M)), q.kernel.MR), q.M)
}

// tall says that a panel of A meets all tiles of B at once and is read where it
// lies, so that a call may have as many rows as its time allows.
func (q *plan[T]) tall() bool {
	return q.tiles.full+q.tiles.tail <= narrow && q.ACol == 1 && !q.Upper
}

func ceil(n, d int) int     { return (n + d - 1) / d }
func roundUp(n, to int) int { return ceil(n, to) * to }

func (s *slot[T]) grow(q *plan[T]) {
	k := q.kernel
	if q.Packed == nil {
		for j := range q.along {
			s.packB = grown(s.packB, k.packedWidth(q.block(0, j).tiling)*q.kc)
		}
	}
	if q.packsA() {
		s.packA = grown(s.packA, q.mc*packedRow[T](q.kc))
	}
}

// Task computes block number i on the buffers of a slot.
func (w *Workspace[T]) Task(slotIndex, i int) {
	q := &w.plan
	if q.inRows {
		q.runInPlace(q.kernel, q.row(i), q.row(i+1))
		return
	}
	s := &w.slots[slotIndex]
	b := q.block(i/q.along, i%q.along)
	if q.Upper && b.row >= b.col+b.cols {
		return
	}
	for k := 0; k < q.K; k += q.kc {
		s.run(q, b, k, min(q.kc, q.K-k))
	}
	s.args = asm.GemmArgs[T]{}
}

// block is a part of C: some rows, and some columns in tiles of their own, or if B
// is packed in those that it is packed in.
type block struct {
	row, rows int
	tile      int // the first, where B is packed
	tiling
	col, cols int
	packed    int // columns packed before it
}

func (q *plan[T]) block(i, j int) block {
	b := block{row: i * q.rows, col: q.column(j)}
	b.rows = min(q.rows, q.M-b.row)
	b.cols = q.column(j+1) - b.col
	if q.Packed == nil {
		q.kernel.tile(b.cols, &b.tiling)
		return b
	}
	b.tile = b.col / q.kernel.NR
	b.tiling = q.tiles
	b.full -= b.tile
	if j < q.along-1 {
		b.tiling = tiling{full: b.cols / q.kernel.NR, lanes: q.kernel.Lanes}
	}
	return b
}

// run adds kc steps of k to a block of C: mc rows of A, which stay in L2, meet
// one tile of B after another, which stays in L1. A tile is packed when the
// first rows need it, by the kernel itself as it goes where it can.
func (s *slot[T]) run(q *plan[T], b block, k, kc int) {
	g := &s.args
	g.K, g.CRow = kc, q.CRow
	setMode(g, q.Alpha, q.Beta, k == 0)
	setPacked(g, q.kernel, b.tiling)
	for i := b.row; i < b.row+b.rows; i += q.mc {
		rows := min(q.mc, b.row+b.rows-i)
		s.setA(q, i, rows, k)
		for t := 0; t < b.full+b.tail; {
			part := b.part(t, q.perCall(b), q.kernel)
			t += part.full + part.tail
			part.row, part.rows = i, rows
			if q.Upper { // rows beyond the last column lie below the diagonal
				part.rows = min(rows, part.col+part.cols-i)
			}
			onTheWay := q.packsOnTheWay(part)
			if i == b.row && q.Packed == nil && !onTheWay {
				s.pack(q, b, part, k)
			}
			if part.rows > 0 {
				s.multiply(q, b, part, k, i == b.row && onTheWay)
			}
		}
	}
}

// packsOnTheWay says that the first panel of rows can lay down the part of B that
// it reads: tiles with no room for columns that are taken along, and none with panels of
// a height of its own.
func (q *plan[T]) packsOnTheWay(part block) bool {
	return q.kernel.Extended && q.Packed == nil && q.BCol == 1 && part.rows >= 2*q.kernel.MR &&
		(part.tail == 0 || part.tailVecs < q.kernel.vecs && part.tailRow == part.tailVecs<<q.kernel.laneBits)
}

// multiply adds the product of the rows of A in the arguments and some tiles to
// their part of C. B is packed, or the first panel packs it.
func (s *slot[T]) multiply(q *plan[T], b, part block, k int, packing bool) {
	g := &s.args
	setTiles(g, &part.tiling)
	if q.Packed != nil {
		g.B = offset(q.Packed.block(k, g.K, b.tile), part.packed*g.K)
	} else {
		g.B = &s.packB[part.packed*g.K]
	}
	if packing {
		g.Pack, g.B = g.B, &q.B[k*q.BRow+part.col]
		g.BRow, g.BTile = q.BRow, q.kernel.NR
		g.TailRow, g.TailTile = q.BRow, g.TailTile/g.K
	}
	g.M, g.C = part.rows, &q.C[part.row*q.CRow+part.col]
	s.fetchAhead(q, b, part, k)
	run(g)
	if k+g.K == q.K {
		q.finish(part.row, part.rows, part.col, part.cols)
	}
}

// fetchAhead has the tiles fetched that come after this part of B, or the place that
// they will be packed to; and in turns with that, where they are to be packed, the
// rows that they come from.
func (s *slot[T]) fetchAhead(q *plan[T], b, part block, k int) {
	g := &s.args
	packed := g.B
	if g.Pack != nil {
		packed = g.Pack
	}
	g.Ahead = uintptr(unsafe.Pointer(packed)) + uintptr(part.cols*g.K)*unsafe.Sizeof(g.Alpha)
	g.AheadRow, g.FarTiles = q.kernel.Lanes, 0
	if next := part.col + part.cols; g.Pack != nil && next < b.col+b.cols {
		g.Far, g.FarRow = uintptr(unsafe.Pointer(&q.B[k*q.BRow+next])), q.BRow
		rounds := max(1, g.K/4-q.kernel.MR) // of a tile, those left from the rows of C
		g.FarTiles = 2 * ceil(g.K, rounds)
	}
}

// narrow is the number of tiles so few that a panel of A should meet them all
// before the next one does.
const narrow = 4

// perCall is how many tiles of a block one call computes: all where they are
// narrow, otherwise one where it may end at the diagonal, or two, so that rows of C
// are long enough for the processor to foresee.
func (q *plan[T]) perCall(b block) int {
	switch {
	case b.full+b.tail <= narrow && !q.Upper:
		return narrow
	case q.Upper:
		return 1
	}
	return 2
}

// part is the tiles of a block from tile number t on that one call computes: all
// of them if they are no more than most, or full ones, or one of the tail.
func (b block) part(t, most int, k *gemmRow) block {
	p := b
	if b.full+b.tail <= most {
		return p
	}
	p.packed = min(t, b.full) * k.NR
	p.col = b.col + p.packed
	if t < b.full {
		p.full, p.tail = min(most, b.full-t), 0
		p.cols = p.full * k.NR
	} else {
		p.full, p.tail = 0, 1
		p.cols = b.tailVecs << k.laneBits
		p.col += (t - b.full) * p.cols
		p.packed += (t - b.full) * b.tailRow
	}
	if t+p.full+p.tail < b.full+b.tail {
		p.lanes, p.narrow = k.Lanes, 0
	} else {
		p.cols = b.col + b.cols - p.col
	}
	return p
}

// pack copies the part of B that some tiles of a block need in this run of k.
func (s *slot[T]) pack(q *plan[T], b, part block, k int) {
	kc := s.args.K
	src := operand[T]{q.B, q.BRow, q.BCol}.at(k, part.col)
	packB(s.packB[part.packed*kc:], src, kc, part.cols, part.tiling, q.kernel)
}

// setA points the arguments to rows of A, read in place or laid down anew.
func (s *slot[T]) setA(q *plan[T], row, rows, k int) {
	g := &s.args
	a := q.A[row*q.ARow+k*q.ACol:]
	g.A, g.ARow, g.ACol = &a[0], q.ARow, 1
	if !q.packsA() {
		return
	}
	g.A, g.ARow = &s.packA[0], packedRow[T](g.K)
	if q.ACol != 1 {
		Transpose(g.K, rows, a, q.ACol, s.packA, g.ARow)
	} else {
		lacpy(rows, g.K, a, q.ARow, s.packA, g.ARow)
	}
}

// packsA reports whether A is laid down anew: because its rows are not
// contiguous, or because they lie a multiple of 4 KiB apart, so that a panel of
// them fills few sets of L1.
func (q *plan[T]) packsA() bool {
	var entry T
	return q.ACol != 1 || q.tiles.full+q.tiles.tail > narrow && uintptr(q.ARow)*unsafe.Sizeof(entry)%4096 == 0
}

// packedRow is the distance of packed rows of A that hold kc entries: an odd
// number of cache lines, so that they do not collide.
func packedRow[T Float](kc int) int {
	var entry T
	line := 64 / int(unsafe.Sizeof(entry))
	return (ceil(kc, line) | 1) * line
}
