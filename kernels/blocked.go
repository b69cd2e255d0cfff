package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// Workspace holds the pack buffers of the products. The zero value is ready;
// one goroutine at a time may use it.
type Workspace[T Float] struct {
	product product[T]
	job     job
	slots   []slot[T]
}

// slot is what one goroutine of a product owns.
type slot[T Float] struct {
	args  asm.GemmArgs[T]
	packA []T
	packB []T
}

// product is a Product with what the driver decides about it.
type product[T Float] struct {
	Product[T]
	kernel     *gemmRow
	kc         int
	rows, cols int // of a block, the unit of work of a goroutine
}

// Gemm runs p with at most threads goroutines, this one included.
//
// C is cut into blocks. A block runs its own loop over k, packs its part of B
// and shares nothing with the others, so they need no barrier between them.
func (w *Workspace[T]) Gemm(threads int, p *Product[T]) {
	if p.RunSmall() {
		return
	}
	q := &w.product
	q.Product, q.kernel = *p, gemmKernel[T]()
	q.kc = q.kernel.runOf(q.K)
	if q.M*q.N*q.K < parallelWork {
		threads = 1
	}
	q.cut(threads)
	blocks := ceil(q.M, q.rows) * ceil(q.N, q.cols)
	threads = min(threads, blocks)
	for len(w.slots) < threads {
		w.slots = append(w.slots, slot[T]{})
	}
	for i := range threads {
		w.slots[i].grow(q)
	}
	w.job.run(threads, blocks, w)
	q.A, q.B, q.C = nil, nil, nil
}

// parallelWork is the number of multiply-adds below which one goroutine is
// faster than two.
const parallelWork = 1 << 20

// cut chooses the blocks: columns by NC, and rows only as far as that leaves
// goroutines without work, since every row of blocks packs B again.
func (p *product[T]) cut(threads int) {
	k := p.kernel
	p.cols = roundUp(ceil(p.N, ceil(p.N, k.NC)), k.NR)
	p.rows = p.M
	const perThread = 4 // blocks, so that a late goroutine is not waited for long
	if threads == 1 {
		return
	}
	want := ceil(perThread*threads, ceil(p.N, p.cols))
	p.rows = max(roundUp(ceil(p.M, want), k.MR), min(k.MC, p.M))
}

func ceil(n, d int) int     { return (n + d - 1) / d }
func roundUp(n, to int) int { return ceil(n, to) * to }

func (s *slot[T]) grow(p *product[T]) {
	k := p.kernel
	s.packB = grown(s.packB, roundUp(min(p.cols, p.N), k.Lanes)*p.kc)
	if p.packsA() {
		s.packA = grown(s.packA, k.Tallest*p.kc)
	}
}

func grown[T Float](buf []T, n int) []T {
	if len(buf) < n {
		return aligned[T](n)
	}
	return buf
}

// aligned allocates n entries that begin a cache line.
func aligned[T Float](n int) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	buf := make([]T, n+64/size)
	skip := int(-uintptr(unsafe.Pointer(&buf[0]))%64) / size
	return buf[skip : skip+n : skip+n]
}

// packsA says whether panels of A are copied before use: where their rows are
// not contiguous.
func (p *product[T]) packsA() bool { return p.ACol != 1 }

// task computes block number i on the buffers of a slot.
func (w *Workspace[T]) task(slotIndex, i int) {
	p, s := &w.product, &w.slots[slotIndex]
	across := ceil(p.N, p.cols)
	row, col := i/across*p.rows, i%across*p.cols
	rows, cols := min(p.rows, p.M-row), min(p.cols, p.N-col)
	for k := 0; k < p.K; k += p.kc {
		s.block(p, row, col, rows, cols, k, min(p.kc, p.K-k))
	}
	s.args = asm.GemmArgs[T]{}
}

// block adds kc steps of k to one block of C.
func (s *slot[T]) block(p *product[T], row, col, rows, cols, k, kc int) {
	g := &s.args
	setColumns(g, p.kernel, cols)
	setMode(g, p.Alpha, p.Beta, k == 0)
	packB(s.packB, operand[T]{p.B, p.BRow, p.BCol}.at(k, col), kc, cols, g, p.kernel)
	g.K, g.B = kc, unsafe.SliceData(s.packB)
	g.CRow = p.CRow
	for i := 0; i < rows; i += g.M {
		g.M = panelHeight(rows-i, p.kernel)
		a := operand[T]{p.A, p.ARow, p.ACol}.at(row+i, k)
		if p.packsA() {
			packA(s.packA, a, g.M, kc)
			g.A, g.ARow = unsafe.SliceData(s.packA), kc
		} else {
			g.A, g.ARow = unsafe.SliceData(a.data), a.row
		}
		g.C = &p.C[(row+i)*p.CRow+col]
		run(g)
	}
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
