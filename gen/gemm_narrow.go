package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A few columns beyond the last full vector would waste most lanes of one more,
// in every row. The last tile of the tail takes them along instead: four rows
// share a register, 16 bytes of each, so that the columns of four rows cost one
// multiply-add. Its factor from A is put together from the broadcasts that the
// tile has anyway, under masks, on ports that multiply-adds do not need; its
// factor from B, 16 bytes in every lane, ends where the row ends, so that nothing
// beyond is read. Some of its columns may belong to the vector before; the mask
// of the stores, K1, leaves them out.

// Narrow is the number of columns that a tile of the tail can take along, 0 if
// the ISA has no opmasks or the tiles of the tail no registers to spare.
func (s Spec) Narrow() int {
	if s.Op != "gemm" || !s.ISA.Masks || s.NV != 3 {
		return 0
	}
	return 16 / s.Elem.Size
}

// rowsPerSum is the number of rows that share a register.
const rowsPerSum = 4

// narrowEntry sets the masks, and notes which count of tiles left marks the tile
// that takes the columns along and how far before the end of its vectors the 16
// bytes begin.
func (g *gemm) narrowEntry() {
	none := g.e.label("none")
	width := g.Narrow()
	lanes := uint64(1)<<width - 1
	g.e.MOVQ(I32(0), g.frame.narrowLast)
	g.e.MOVQ(g.arg("Narrow"), gTmp)
	g.e.TESTQ(gTmp, gTmp)
	g.e.JZ(LabelRef(none))
	g.e.MOVQ(I32(1), g.frame.narrowLast)
	g.e.MOVQ(I32(width), reg.RCX)
	g.e.SUBQ(gTmp, reg.RCX)
	g.e.MOVQ(I32(int(lanes)), gTmp)
	g.e.SHLQ(reg.CL, gTmp)
	g.e.KMOVW(gTmp.As32(), reg.K1)
	g.e.SHLQ(Imm(shift(g.e.elem)), reg.RCX)
	g.e.NEGQ(reg.RCX)
	g.e.MOVQ(reg.RCX, g.frame.narrowAt)
	for j, k := range mergeMasks {
		g.e.MOVL(U32(uint32(lanes)<<((j+1)*width)), gTmp.As32())
		g.e.KMOVW(gTmp.As32(), k)
	}
	g.e.Label(none)
}

// mergeMasks select the 16 bytes of the rows after the first in a register.
var mergeMasks = []reg.Register{reg.K2, reg.K3, reg.K4}

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
	either(t.e.elem, t.e.VBROADCASTF32X4, t.e.VBROADCASTF64X2)(m, t.narrowB())
}

// merge puts the broadcast a of row i into narrowA, and multiplies when that is
// complete. The first row's broadcast was made there.
func (t *tile) merge(i int, a reg.VecPhysical) {
	if j := i % rowsPerSum; j > 0 {
		either(t.e.elem, t.e.VMOVAPS, t.e.VMOVAPD)(a, mergeMasks[j-1], t.narrowA())
	}
	if i%rowsPerSum == rowsPerSum-1 || i == t.h-1 {
		t.e.fma(t.narrowA(), t.narrowB(), t.narrowSum(i/rowsPerSum))
	}
}

// putNarrow stores the columns of row i, which begins at gTmp, adding C times
// scalar where that is given. gB is narrowAt.
func (t *tile) putNarrow(i int, scalar reg.VecPhysical, free int) {
	m := Mem{Base: gTmp, Index: gB, Scale: 1, Disp: t.nv * t.e.isa.Width}
	sum := t.narrowSum(i / rowsPerSum).AsX()
	if j := i % rowsPerSum; j > 0 || scalar != nil { // a sum in X would clear the other rows
		sum = t.e.x(free)
		either(t.e.elem, t.e.VEXTRACTF32X4, t.e.VEXTRACTF64X2)(Imm(uint64(j)), t.narrowSum(i/rowsPerSum), sum)
	}
	if scalar != nil {
		c := t.e.x(free + 1)
		t.e.loadMasked(m, reg.K1, c)
		t.e.fma(scalar.AsX(), c, sum)
	}
	t.e.storeMasked(sum, reg.K1, m)
}
