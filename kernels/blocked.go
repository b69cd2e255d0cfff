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

// product is C = alpha·A·B + beta·C, C being m × n and row-major with stride
// ldc.
type product[T Float] struct {
	m, n, k     int
	alpha, beta T
	a, b        Operand[T]
	c           []T
	ldc         int

	kernel     *gemmRow
	kc         int
	rows, cols int // of a block, the unit of work of a goroutine
}

// blocked cuts C into blocks and computes them on threads goroutines. A block
// runs its own loop over k, packs its part of B and shares nothing with the
// others, so they need no barrier between them.
func (w *Workspace[T]) blocked(threads int) {
	p := &w.product
	p.cut(threads)
	blocks := ceil(p.m, p.rows) * ceil(p.n, p.cols)
	if p.m*p.n*p.k < parallelWork {
		threads = 1
	}
	threads = min(threads, blocks)
	for len(w.slots) < threads {
		w.slots = append(w.slots, slot[T]{})
	}
	for i := range threads {
		w.slots[i].grow(p)
	}
	w.job.run(threads, blocks, w)
	p.a.Data, p.b.Data, p.c = nil, nil, nil
}

// parallelWork is the number of multiply-adds below which one goroutine is
// faster than two.
const parallelWork = 1 << 20

// cut chooses the blocks: columns by NC, and rows only as far as that leaves
// goroutines without work, since every row of blocks packs B again.
func (p *product[T]) cut(threads int) {
	k := p.kernel
	p.cols = roundUp(ceil(p.n, ceil(p.n, k.NC)), k.NR)
	p.rows = p.m
	const perThread = 4 // blocks, so that a late goroutine is not waited for long
	if threads == 1 {
		return
	}
	want := ceil(perThread*threads, ceil(p.n, p.cols))
	p.rows = max(roundUp(ceil(p.m, want), k.MR), min(k.MC, p.m))
}

func ceil(n, d int) int     { return (n + d - 1) / d }
func roundUp(n, to int) int { return ceil(n, to) * to }

func (s *slot[T]) grow(p *product[T]) {
	k := p.kernel
	s.packB = grown(s.packB, roundUp(min(p.cols, p.n), k.Lanes)*p.kc)
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
func (p *product[T]) packsA() bool { return p.a.Col != 1 }

// task computes block number i on the buffers of a slot.
func (w *Workspace[T]) task(slotIndex, i int) {
	p, s := &w.product, &w.slots[slotIndex]
	across := ceil(p.n, p.cols)
	row, col := i/across*p.rows, i%across*p.cols
	rows, cols := min(p.rows, p.m-row), min(p.cols, p.n-col)
	for k := 0; k < p.k; k += p.kc {
		s.block(p, row, col, rows, cols, k, min(p.kc, p.k-k))
	}
	s.args = asm.GemmArgs[T]{}
}

// block adds kc steps of k to one block of C.
func (s *slot[T]) block(p *product[T], row, col, rows, cols, k, kc int) {
	g := &s.args
	setColumns(g, p.kernel, cols)
	setMode(g, p.alpha, p.beta, k == 0)
	packB(s.packB, p.b.at(k, col), kc, cols, g, p.kernel)
	g.K, g.B = kc, unsafe.SliceData(s.packB)
	g.CRow = p.ldc
	for i := 0; i < rows; i += g.M {
		g.M = panelHeight(rows-i, p.kernel)
		a := p.a.at(row+i, k)
		if p.packsA() {
			packA(s.packA, a, g.M, kc)
			g.A, g.ARow = unsafe.SliceData(s.packA), kc
		} else {
			g.A, g.ARow = unsafe.SliceData(a.Data), a.Row
		}
		g.C = &p.c[(row+i)*p.ldc+col]
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
