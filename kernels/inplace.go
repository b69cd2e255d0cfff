package kernels

import (
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// inPlace reports whether A and B are best read where they lie, without asking
// for more goroutines.
func (p *Product[T]) inPlace(kern *gemmRow) bool {
	switch {
	case p.transposed(kern):
		return false
	case p.work(p.K) <= int64(kern.small):
		return true
	}
	return (p.Packed != nil || p.M <= kern.MR) && p.work(kern.KC) <= int64(kern.small)
}

// transposed reports whether the kernel cannot read A and B where they lie.
func (p *Product[T]) transposed(kern *gemmRow) bool {
	return p.Packed == nil && p.BCol != 1 || p.ACol != 1 && !kern.Extended
}

// long reports whether the product is long inner products of rows and columns
// so few that one run of k of them stays in L2, where they are best read in place.
func (p *Product[T]) long(kern *gemmRow) bool {
	if p.transposed(kern) || p.Packed != nil {
		return false
	}
	vectors := p.N
	if !p.Upper || p.ACol == 1 { // otherwise A is B
		vectors += p.M
	}
	return p.K > kern.KC && p.BRow == p.N && vectors*kern.KC <= kern.near
}

// work is the number of multiply-adds in k steps, which an int of 32 bits may be
// too short for.
func (p *Product[T]) work(k int) int64 { return int64(p.M) * int64(p.N) * int64(k) }

// runInPlace computes rows first to last-1 of C, run of k by run of k.
func (p *Product[T]) runInPlace(kern *gemmRow, first, last int) {
	var g asm.GemmArgs[T] // field by field: a literal would be built and copied
	g.ARow, g.ACol, g.CRow = p.ARow, p.ACol, p.CRow
	upper := p.Upper && p.Packed == nil
	if p.Packed == nil {
		g.BRow, g.BTile, g.TailRow = p.BRow, kern.NR, p.BRow
	}
	kc := kern.runOf(p.K)
	for k := 0; k < p.K; k += kc {
		g.K = min(kc, p.K-k)
		setMode(&g, p.Alpha, p.Beta, k == 0)
		p.fetchRun(&g, k+g.K)
		for i, rows, col := first, 0, 0; i < last; i += rows {
			rows = kern.panel(last - i)
			if upper {
				col = i &^ (kern.Lanes - 1)
			} else {
				rows = min(last-i, max(rows, kern.small/(p.N*g.K)&^(kern.MR-1)))
			}
			p.callInPlace(&g, kern, k, i, rows, col)
		}
	}
	p.finish(first, last-first, 0, p.N)
}

// panel is the height of the next panel where so many rows are left: what one
// call takes without cutting it, or MR.
func (k *gemmRow) panel(left int) int {
	if left <= k.Tallest {
		return left
	}
	return k.MR
}

// callInPlace computes some rows of C from column col on in one run of k.
func (p *Product[T]) callInPlace(g *asm.GemmArgs[T], kern *gemmRow, k, row, rows, col int) {
	if col >= p.N {
		return
	}
	var t tiling
	kern.tile(p.N-col, &t)
	setTiles(g, &t)
	g.M = rows
	g.A, g.C = &p.A[row*p.ARow+k*p.ACol], &p.C[row*p.CRow+col]
	if p.Packed == nil {
		g.B = &p.B[k*p.BRow+col]
		g.TailTile = t.tailVecs << kern.laneBits
	} else {
		g.B = p.Packed.block(k, g.K, 0)
		setPacked(g, kern, t)
	}
	g.AheadRow = t.tailVecs << kern.laneBits
	if t.full > 0 {
		g.AheadRow = kern.NR
	}
	run(g)
	g.Ahead += uintptr((t.full+t.tail)*(g.K/4)*g.AheadRow) * unsafe.Sizeof(g.Alpha)
}

// fetchRun has the calls that follow fetch, line after line, the rows of B from
// k on, which the next run begins with, or what they have at hand if it is the
// last.
func (p *Product[T]) fetchRun(g *asm.GemmArgs[T], k int) {
	switch {
	case p.Packed != nil:
		g.Ahead = uintptr(unsafe.Pointer(&p.Packed.data[0]))
	case k < p.K:
		g.Ahead = uintptr(unsafe.Pointer(&p.B[k*p.BRow]))
	default:
		g.Ahead = uintptr(unsafe.Pointer(&p.B[0]))
	}
}
