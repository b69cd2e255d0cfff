package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A few columns beyond the last full vector would waste most lanes of one more,
// in every row. The last tile of the tail takes them along instead: four rows
// share a register, a quarter of it each, so that the columns of four rows cost
// one multiply-add. Its factor from A is put together from the broadcasts that the
// tile has anyway, under masks or by blends, on ports that multiply-adds do not
// need; its factor from B, a quarter of a vector in every one, ends where the row
// ends, so that nothing beyond is read. Some of its columns may belong to the
// vector before, and come to the same bits there.

// rowsPerSum is the number of rows that share a register.
const rowsPerSum = 4

// Narrow is the number of columns that a tile of the tail can take along.
func (s Spec) Narrow() int {
	if s.Op != "gemm" || s.ISA.Arch != "amd64" {
		return 0
	}
	return s.ISA.Width / s.Elem.Size / rowsPerSum
}

// low is the greatest height at which wideTail has the registers for its tiles.
func (g *gemm) low() int {
	h := g.MR
	for ; h > 0; h-- {
		t := tile{gemm: g, h: h, nv: g.NV, narrow: true}
		regs := (h+1)*t.nv + t.narrowRegs()
		if g.NV == 2 {
			regs = max(regs, (h+1)*3)
		}
		if regs < len(g.e.isa.Regs) { // one is for the broadcasts of A
			break
		}
	}
	return h
}

// narrowEntry notes which count of tiles left marks the tile that takes columns
// along and how far before the end of its vectors they begin.
func (g *gemm) narrowEntry() {
	none := g.e.label("none")
	g.e.MOVQ(I32(0), g.frame.narrowLast)
	g.e.MOVQ(g.arg("Narrow"), gTmp)
	g.e.TESTQ(gTmp, gTmp)
	g.e.JZ(LabelRef(none))
	g.e.MOVQ(I32(1), g.frame.narrowLast)
	g.e.SUBQ(Imm(uint64(g.Narrow())), gTmp)
	g.e.SHLQ(Imm(shift(g.e.elem)), gTmp)
	g.e.MOVQ(gTmp, g.frame.narrowAt)
	if g.e.isa.Masks {
		for j, k := range mergeMasks {
			g.e.MOVL(U32(g.quarter(j+1)), gTmp.As32())
			g.e.KMOVW(gTmp.As32(), k)
		}
	}
	g.e.Label(none)
}

// mergeMasks select the quarters of the rows after the first in a register.
var mergeMasks = []reg.Register{reg.K2, reg.K3, reg.K4}

// quarter has a bit for every lane of quarter j.
func (g *gemm) quarter(j int) uint64 { return (1<<g.Narrow() - 1) << (j * g.Narrow()) }

// narrowRegs is how many registers the columns taken along need.
func (t *tile) narrowRegs() int {
	if !t.narrow {
		return 0
	}
	return t.narrowSums() + 2
}

func (t *tile) narrowSums() int { return (t.h + rowsPerSum - 1) / rowsPerSum }

func (t *tile) narrowSum(g int) reg.VecPhysical { return t.e.v((t.h+1)*t.nv + g) }
func (t *tile) narrowB() reg.VecPhysical        { return t.narrowSum(t.narrowSums()) }
func (t *tile) narrowA() reg.VecPhysical        { return t.narrowSum(t.narrowSums() + 1) }

// loadNarrow fills narrowB from row u.
func (t *tile) loadNarrow(u int) {
	m := multiple(gTmp, gBRow, gBRow3, nil, nil, u)
	m.Disp = t.nv * t.e.isa.Width
	if !t.e.isa.Masks {
		t.e.VBROADCASTSD(m, t.narrowB())
		return
	}
	either(t.e.elem, t.e.VBROADCASTF32X4, t.e.VBROADCASTF64X2)(m, t.narrowB())
}

// merge puts the broadcast a of row i into narrowA, and multiplies when that is
// complete. The first row's broadcast was made there.
func (t *tile) merge(i int, a reg.VecPhysical) {
	switch j := i % rowsPerSum; {
	case j == 0:
	case t.e.isa.Masks:
		either(t.e.elem, t.e.VMOVAPS, t.e.VMOVAPD)(a, mergeMasks[j-1], t.narrowA())
	default:
		either(t.e.elem, t.e.VBLENDPS, t.e.VBLENDPD)(Imm(t.quarter(j)), a, t.narrowA(), t.narrowA())
	}
	if i%rowsPerSum == rowsPerSum-1 || i == t.h-1 {
		t.e.fma(t.narrowA(), t.narrowB(), t.narrowSum(i/rowsPerSum))
	}
}

// narrowAddress is where the columns of the row begin that begins at gTmp. gB is
// narrowAt.
func (t *tile) narrowAddress() Mem {
	return Mem{Base: gTmp, Index: gB, Scale: 1, Disp: t.nv * t.e.isa.Width}
}

// getNarrow returns the columns of row i, with C times scalar added where that is
// given. The registers of the factors are free by then.
func (t *tile) getNarrow(i int, scalar reg.VecPhysical) reg.VecPhysical {
	sum, j := t.narrowSum(i/rowsPerSum), i%rowsPerSum
	if j == 0 && scalar == nil {
		return sum.AsX().(reg.VecPhysical)
	}
	row, c := t.narrowB().AsX().(reg.VecPhysical), t.narrowA().AsX()
	if t.e.isa.Masks {
		either(t.e.elem, t.e.VEXTRACTF32X4, t.e.VEXTRACTF64X2)(Imm(uint64(j)), sum, row)
	} else {
		t.e.VEXTRACTF128(Imm(uint64(j/2)), sum, row)
		if j%2 == 1 {
			t.e.VPERMILPD(Imm(1), row, row)
		}
	}
	if scalar != nil {
		if t.e.isa.Masks {
			t.e.load(t.narrowAddress(), c)
		} else {
			t.e.VMOVSD(t.narrowAddress(), c)
		}
		t.e.fma(scalar.AsX(), c, row)
	}
	return row
}

// putNarrow stores the columns of a row.
func (t *tile) putNarrow(row reg.VecPhysical) {
	if t.e.isa.Masks {
		t.e.store(row, t.narrowAddress())
	} else {
		t.e.VMOVSD(row, t.narrowAddress())
	}
}
