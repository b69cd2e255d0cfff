package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitTranspose copies an m × n matrix into its transpose, in square blocks of
// one vector a side. Blocks at an edge take a second path, where every row
// asks whether it is there; what the others leave in their registers never
// passes the mask of a store.
func emitTranspose(e *emitter, s Spec) {
	e.text(s.Name(), "func(m, n int, src *"+e.elem.Go+", ss int, dst *"+e.elem.Go+", ds int)")
	t := &transpose{e: e, side: e.lanes(), perLane: 16 / e.elem.Size}
	e.Load(e.Param("m"), tM)
	e.Load(e.Param("ss"), tSS)
	e.Load(e.Param("ds"), tDS)
	e.SHLQ(Imm(shift(e.elem)), tSS)
	e.SHLQ(Imm(shift(e.elem)), tDS)
	e.Load(e.Param("src"), tSrcRow)
	e.Load(e.Param("dst"), tDstCol)

	e.Label("rows")
	e.Load(e.Param("n"), tN)
	e.MOVQ(tSrcRow, tSrc)
	e.MOVQ(tDstCol, tDst)
	e.Label("columns")
	e.CMPQ(tM, Imm(uint64(t.side)))
	e.JLT(LabelRef("edge"))
	e.CMPQ(tN, Imm(uint64(t.side)))
	e.JLT(LabelRef("edge"))
	t.block(false)
	e.Label("next")
	e.ADDQ(I32(e.isa.Width), tSrc)
	e.MOVQ(tDS, tPtr)
	e.IMUL3Q(Imm(uint64(t.side)), tPtr, tPtr)
	e.ADDQ(tPtr, tDst)
	e.SUBQ(Imm(uint64(t.side)), tN)
	e.JGT(LabelRef("columns"))
	e.MOVQ(tSS, tPtr)
	e.IMUL3Q(Imm(uint64(t.side)), tPtr, tPtr)
	e.ADDQ(tPtr, tSrcRow)
	e.ADDQ(I32(e.isa.Width), tDstCol)
	e.SUBQ(Imm(uint64(t.side)), tM)
	e.JGT(LabelRef("rows"))
	e.ret()

	e.Label("edge")
	t.block(true)
	e.JMP(LabelRef("next"))
}

var (
	tM, tN           = reg.RDX, reg.RBX
	tSS, tDS         = reg.RSI, reg.RDI
	tSrcRow, tDstCol = reg.R8, reg.R9
	tSrc, tDst       = reg.R10, reg.R11
	tPtr, tTmp       = reg.R12, reg.R13
	tPieces          = lanePieces{reg.R14, reg.R15, reg.RAX}
)

// transpose is one square block in registers. Two sets of them take turns: a
// stage reads one and writes the other.
type transpose struct {
	e             *emitter
	side, perLane int // entries in a vector, and in 128 bits of it
	set           int
}

func (t *transpose) in(i int) reg.VecPhysical  { return t.e.v(t.set*t.side + i) }
func (t *transpose) out(i int) reg.VecPhysical { return t.e.v((1-t.set)*t.side + i) }

func (t *transpose) block(edge bool) {
	t.set = 0
	t.loadRows(edge)
	t.pairs()
	if t.perLane == 4 {
		t.quads()
	}
	if t.e.isa == avx512 {
		t.lanes4()
	} else {
		t.lanes2()
	}
	t.storeRows(edge)
}

// blockMask makes the mask of the first n lanes out of a register of the set
// that is free, n being cut to the side.
func (t *transpose) blockMask(n reg.GPPhysical) Op {
	whole := t.e.label("whole")
	t.e.MOVQ(n, tTmp)
	t.e.CMPQ(tTmp, Imm(uint64(t.side)))
	t.e.JLE(LabelRef(whole))
	t.e.MOVQ(U32(uint32(t.side)), tTmp)
	t.e.Label(whole)
	free := t.out(0)
	t.e.MOVQ(tTmp, tPieces.n)
	t.e.laneMask(tTmp, reg.K1, free)
	if t.e.isa.Masks {
		return reg.K1
	}
	return free
}

func (t *transpose) loadRows(edge bool) {
	var mask Op
	if edge {
		mask = t.blockMask(tN)
	}
	t.e.MOVQ(tSrc, tPtr)
	end := t.e.label("loaded")
	for i := range t.side {
		m := Mem{Base: tPtr}
		if edge {
			t.e.CMPQ(tM, Imm(uint64(i)))
			t.e.JLE(LabelRef(end))
			t.e.loadMasked(m, mask, t.in(i))
		} else {
			t.e.load(m, t.in(i))
		}
		t.e.ADDQ(tSS, tPtr)
	}
	t.e.Label(end)
}

func (t *transpose) storeRows(edge bool) {
	if edge {
		t.blockMask(tM)
		t.e.splitLanes(tPieces)
	}
	t.e.MOVQ(tDst, tPtr)
	end := t.e.label("stored")
	for i := range t.side {
		m := Mem{Base: tPtr}
		if edge {
			t.e.CMPQ(tN, Imm(uint64(i)))
			t.e.JLE(LabelRef(end))
			t.e.storeUpTo(t.in(i), tPieces, m)
		} else {
			t.e.store(t.in(i), m)
		}
		t.e.ADDQ(tDS, tPtr)
	}
	t.e.Label(end)
}

// pairs interleaves the entries of rows 2i and 2i+1.
func (t *transpose) pairs() {
	for i := 0; i < t.side; i += 2 {
		either(t.e.elem, t.e.VUNPCKLPS, t.e.VUNPCKLPD)(t.in(i+1), t.in(i), t.out(i))
		either(t.e.elem, t.e.VUNPCKHPS, t.e.VUNPCKHPD)(t.in(i+1), t.in(i), t.out(i+1))
	}
	t.set = 1 - t.set
}

// quads interleaves pairs of rows 4i to 4i+3. After it (after pairs, with two
// entries to 128 bits) register perLane·q+k holds, in 128 bits number l, entry
// perLane·l+k of the q-th group of rows.
func (t *transpose) quads() {
	for i := 0; i < t.side; i += 4 {
		for k := range 2 {
			t.e.VUNPCKLPD(t.in(i+2+k), t.in(i+k), t.out(i+2*k))
			t.e.VUNPCKHPD(t.in(i+2+k), t.in(i+k), t.out(i+2*k+1))
		}
	}
	t.set = 1 - t.set
}

// lanes2 transposes the 2 × 2 grids of 128 bits that AVX2 has.
func (t *transpose) lanes2() {
	for k := range t.perLane {
		a, b := t.in(k), t.in(t.perLane+k)
		t.e.VPERM2F128(Imm(0x20), b, a, t.out(k))
		t.e.VPERM2F128(Imm(0x31), b, a, t.out(t.perLane+k))
	}
	t.set = 1 - t.set
}

// lanes4 transposes the 4 × 4 grids of 128 bits that AVX-512 has: even and odd
// ones of two registers first, then the same again.
func (t *transpose) lanes4() {
	const even, odd = 0x88, 0xdd
	p := t.perLane
	for k := range p {
		for half := range 2 {
			a, b := t.in(2*half*p+k), t.in((2*half+1)*p+k)
			t.e.VSHUFF64X2(Imm(even), b, a, t.out(half*p+k))
			t.e.VSHUFF64X2(Imm(odd), b, a, t.out((half+2)*p+k))
		}
	}
	t.set = 1 - t.set
	for k := range p {
		for first := range 2 {
			a, b := t.in(2*first*p+k), t.in((2*first+1)*p+k)
			t.e.VSHUFF64X2(Imm(even), b, a, t.out(first*p+k))
			t.e.VSHUFF64X2(Imm(odd), b, a, t.out((first+2)*p+k))
		}
	}
	t.set = 1 - t.set
}
