package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// matrixFields are the fields of asm.Matrix.
var matrixFields = []field{
	{"Rows", "int", ""},
	{"Cols", "int", ""},
	{"Data", "[]T", "entry (i, j) is Data[i*Stride+j]"},
	{"Stride", "int", ""},
}

// tiny emits the product of at most two vectors of columns, whose time is as
// much that of a call as that of its sums: one tile across, no blocks, nothing
// fetched ahead. The code is there once for every width and every height of a
// panel of rows.
type tiny struct {
	e *emitter
	tinyWidth
	h    int
	turn int
}

// tinyWidth is a width of C: vectors, of all lanes or of half of them, the last
// under the mask or not.
type tinyWidth struct {
	nv           int
	half, masked bool
}

func (w tinyWidth) name() string {
	name := "full"
	switch {
	case w.half:
		name = "half"
	case w.masked:
		name = "masked"
	}
	return name + itoa(w.nv)
}

// tinyVecs is the number of vectors that C may be wide.
const tinyVecs = 2

// tinyWidths are those that an ISA has. Half a vector crosses fewer cache lines.
func tinyWidths(isa *ISA) []tinyWidth {
	widths := []tinyWidth{{nv: 1}, {nv: 1, masked: true}, {nv: 2}, {nv: 2, masked: true}}
	if isa.Masks {
		widths = append(widths, tinyWidth{nv: 1, half: true, masked: true})
	}
	return widths
}

// tinyRows is the height of a panel, limited by AVX2's registers.
func tinyRows(isa *ISA) int {
	if isa.Vectors < 32 {
		return 6
	}
	return 8
}

// deepRows is the height of one more panel, for the last rows if they are just so
// many: a single vector of B takes a load for every multiply-add, and 16 rows hide
// its own.
const deepRows = 16

func (t *tiny) hasDeep() bool { return t.e.isa.Vectors == 32 && t.nv == 1 && !t.half }

// tinyUnroll is the number of steps of k in the loop.
const tinyUnroll = 2

var (
	pK, pM     = reg.RDX, reg.R10
	pA, pPanel = reg.RAX, reg.R11
	pRS, pRS3  = reg.RSI, reg.R12
	pRS5, pRS7 = reg.R13, reg.R15
	pB, pBRow  = reg.RBX, reg.R8
	pA8        = reg.R14 // row 8 of a panel that has so many
	pC, pCRow  = reg.RCX, reg.R9
	pMatrix    = reg.RDI
)

// of addresses a field of the matrix that pMatrix points to.
func (t *tiny) of(field string) Mem {
	return Mem{Base: pMatrix, Disp: fieldOffset(matrixFields, field, t.e.elem)}
}

func emitGemmTiny(e *emitter, spec Spec) {
	t := &tiny{e: e}
	e.text(spec.Name(), typed("func(alpha T, a, b *T, beta T, c *T)", e.elem))
	t.entry()
	for _, t.tinyWidth = range tinyWidths(e.isa) {
		t.panels()
	}
	e.Label("done")
	e.ret()
}

// entry loads what all widths share and jumps to one.
func (t *tiny) entry() {
	t.e.Load(t.e.Param("a"), pMatrix)
	t.e.MOVQ(t.of("Data"), pPanel)
	t.e.MOVQ(t.of("Cols"), pK)
	t.loadStride(pRS)
	t.e.LEAQ(Mem{Base: pRS, Index: pRS, Scale: 2}, pRS3)
	t.e.Load(t.e.Param("b"), pMatrix)
	t.loadStride(pBRow)
	t.e.Load(t.e.Param("c"), pMatrix)
	t.loadStride(pCRow)
	t.e.MOVQ(t.of("Rows"), pM)
	t.e.MOVQ(t.of("Cols"), pA)
	if t.e.isa.Masks {
		t.e.CMPQ(pA, Imm(uint64(t.e.lanes()/2)))
		t.e.JLE(LabelRef("narrow"))
	}
	t.e.CMPQ(pA, Imm(uint64(t.e.lanes())))
	t.e.JLT(LabelRef("one"))
	t.e.JEQ(LabelRef("full1"))
	t.e.CMPQ(pA, Imm(uint64(2*t.e.lanes())))
	t.e.JEQ(LabelRef("full2"))
	t.makeMask(t.e.lanes())
	t.e.JMP(LabelRef("masked2"))
	t.e.Label("one")
	t.makeMask(0)
	t.e.JMP(LabelRef("masked1"))
	if t.e.isa.Masks {
		t.e.Label("narrow")
		t.makeMask(0)
		t.e.JMP(LabelRef("half1"))
	}
}

func (t *tiny) loadStride(r reg.GPPhysical) {
	t.e.MOVQ(t.of("Stride"), r)
	t.e.SHLQ(Imm(shift(t.e.elem)), r)
}

// makeMask makes the mask of the columns, counted in pA, beyond the first full
// ones.
func (t *tiny) makeMask(full int) {
	if t.e.isa.Masks {
		t.e.LEAQ(t.e.opmaskTable(), pB)
		t.e.KMOVW(Mem{Base: pB, Index: pA, Scale: 2, Disp: -2 * full}, reg.K1)
		return
	}
	t.e.SUBQ(Imm(uint64(full)), pA)
	t.e.laneMask(pA, nil, t.maskReg())
}

func (t *tiny) maskReg() reg.VecPhysical { return t.v(len(t.e.isa.Regs) - 1) }

func (t *tiny) mask() Op {
	if t.e.isa.Masks {
		return reg.K1
	}
	return t.maskReg()
}

func (t *tiny) rowsLabel(h int) string { return t.tinyWidth.name() + "rows" + itoa(h) }

// panels emits all heights of one width. The last two panels differ by one row
// at most.
func (t *tiny) panels() {
	choose, tall := t.tinyWidth.name()+"choose", t.tinyWidth.name()+"tall"
	top := tinyRows(t.e.isa)
	t.e.Label(t.tinyWidth.name())
	t.e.MOVQ(t.of("Data"), pC)
	t.e.Load(t.e.Param("b"), pMatrix)
	t.e.MOVQ(t.of("Data"), pMatrix)
	t.e.Label(choose)
	t.e.CMPQ(pM, Imm(uint64(top)))
	t.e.JGT(LabelRef(tall))
	t.heights(pM, 1, top)
	t.e.Label(tall)
	if t.hasDeep() {
		t.e.CMPQ(pM, Imm(deepRows))
		t.e.JEQ(LabelRef(t.rowsLabel(deepRows)))
	}
	t.e.CMPQ(pM, Imm(uint64(2*top)))
	t.e.JGE(LabelRef(t.rowsLabel(top)))
	t.e.LEAQ(Mem{Base: pM, Disp: 1}, pA)
	t.e.SHRQ(Imm(1), pA)
	t.heights(pA, top/2+1, top)
	if t.hasDeep() {
		t.e.Label(t.rowsLabel(deepRows))
		t.h = deepRows
		t.panel()
		t.e.JMP(LabelRef("done"))
	}
	for h := top; h >= 1; h-- {
		t.e.Label(t.rowsLabel(h))
		t.h = h
		t.panel()
		if 2*h <= top { // so few only where they are the last
			t.e.JMP(LabelRef("done"))
			continue
		}
		t.e.SUBQ(Imm(uint64(h)), pM)
		t.e.JZ(LabelRef("done"))
		t.e.IMUL3Q(Imm(uint64(h)), pRS, pA)
		t.e.ADDQ(pA, pPanel)
		t.e.Load(t.e.Param("a"), pK)
		t.e.MOVQ(Mem{Base: pK, Disp: fieldOffset(matrixFields, "Cols", t.e.elem)}, pK)
		t.e.JMP(LabelRef(choose))
	}
}

// heights jumps to the panel of rows in r, from lo to hi, by halves.
func (t *tiny) heights(r reg.GPPhysical, lo, hi int) {
	if lo == hi {
		t.e.JMP(LabelRef(t.rowsLabel(lo)))
		return
	}
	mid := (lo + hi + 1) / 2
	t.e.CMPQ(r, Imm(uint64(mid)))
	if mid == hi {
		t.e.JEQ(LabelRef(t.rowsLabel(hi)))
		t.heights(r, lo, mid-1)
		return
	}
	upper := t.e.label("upper")
	t.e.JGE(LabelRef(upper))
	t.heights(r, lo, mid-1)
	t.e.Label(upper)
	t.heights(r, mid, hi)
}

// v is register i, or its lower half.
func (t *tiny) v(i int) reg.VecPhysical {
	if t.half {
		return t.e.isa.Regs[i].AsY().(reg.VecPhysical)
	}
	return t.e.isa.Regs[i]
}

func (t *tiny) acc(i, v int) reg.VecPhysical { return t.v(i*t.nv + v) }
func (t *tiny) b(v int) reg.VecPhysical      { return t.v(t.h*t.nv + v) }

// free takes turns among the registers that are left.
func (t *tiny) free() reg.VecPhysical {
	first := (t.h + 1) * t.nv
	t.turn++
	return t.v(first + t.turn%min(4, len(t.e.isa.Regs)-1-first))
}

func (t *tiny) panel() {
	loop, rest, one, last := t.e.label("k"), t.e.label("rest"), t.e.label("one"), t.e.label("last")
	if t.h > 5 {
		t.e.LEAQ(Mem{Base: pRS, Index: pRS, Scale: 4}, pRS5)
	}
	if t.h > 7 {
		t.e.LEAQ(Mem{Base: pRS3, Index: pRS, Scale: 4}, pRS7)
	}
	t.e.MOVQ(pPanel, pA)
	t.e.MOVQ(pMatrix, pB)
	if t.h > 8 {
		t.e.LEAQ(Mem{Base: pA, Index: pRS, Scale: 8}, pA8)
	}
	for i := range t.h * t.nv {
		t.e.zero(t.v(i))
	}
	t.e.SUBQ(Imm(tinyUnroll), pK)
	t.e.JLT(LabelRef(rest))
	t.e.Label(loop)
	for u := range tinyUnroll {
		t.step(u)
	}
	t.e.LEAQ(Mem{Base: pB, Index: pBRow, Scale: tinyUnroll}, pB)
	t.nextColumns(tinyUnroll)
	t.e.SUBQ(Imm(tinyUnroll), pK)
	t.e.JGE(LabelRef(loop))
	t.e.Label(rest)
	t.e.ADDQ(Imm(tinyUnroll), pK)
	t.e.JZ(LabelRef(last))
	t.e.Label(one)
	t.step(0)
	t.e.ADDQ(pBRow, pB)
	t.nextColumns(1)
	t.e.DECQ(pK)
	t.e.JNZ(LabelRef(one))
	t.e.Label(last)
	t.finish()
}

// nextColumns moves on by n columns of A.
func (t *tiny) nextColumns(n int) {
	t.e.ADDQ(Imm(uint64(n*t.e.elem.Size)), pA)
	if t.h > 8 {
		t.e.ADDQ(Imm(uint64(n*t.e.elem.Size)), pA8)
	}
}

// step adds column u of A, counted from pA, times row u of B.
func (t *tiny) step(u int) {
	for v := range t.nv {
		m := multiple(pB, pBRow, nil, nil, nil, u)
		m.Disp = v * t.e.isa.Width
		t.get(m, v, t.b(v))
	}
	for i := range t.h {
		m := multiple(pA, pRS, pRS3, pRS5, pRS7, i%8)
		if i >= 8 {
			m.Base = pA8
		}
		m.Disp = u * t.e.elem.Size
		if t.nv == 1 && t.e.isa.Masks {
			t.e.fmaBroadcast(m, t.b(0), t.acc(i, 0))
			continue
		}
		a := t.free()
		t.e.broadcast(m, a)
		for v := range t.nv {
			t.e.fma(a, t.b(v), t.acc(i, v))
		}
	}
}

func (t *tiny) get(m Mem, v int, dst reg.VecPhysical) {
	if t.masked && v == t.nv-1 {
		t.e.loadMasked(m, t.mask(), dst)
	} else {
		t.e.load(m, dst)
	}
}

func (t *tiny) put(src reg.VecPhysical, v int, m Mem) {
	if t.masked && v == t.nv-1 {
		t.e.storeLast(src, tinyPieces, m)
	} else {
		t.e.store(src, m)
	}
}

// tinyPieces are registers that the loop over k leaves free.
var tinyPieces = lanePieces{pK, pA, pB}

// prepareMasked makes ready for stores of some lanes.
func (t *tiny) prepareMasked() {
	if !t.masked || t.e.isa.Masks {
		return
	}
	t.e.Load(t.e.Param("c"), pK)
	t.e.MOVQ(Mem{Base: pK, Disp: fieldOffset(matrixFields, "Cols", t.e.elem)}, pK)
	t.e.ANDQ(I8(t.e.lanes()-1), pK)
	t.e.splitLanes(tinyPieces)
}

// finish scales the sums unless alpha is 1, adds C unless beta is 0, and stores.
// It leaves pC at the next panel.
func (t *tiny) finish() {
	unscaled, read, end := t.e.label("unscaled"), t.e.label("read"), t.e.label("end")
	scalar := t.b(0)
	t.compareOne(t.e.paramMem("alpha"))
	t.e.JEQ(LabelRef(unscaled))
	t.e.broadcast(t.e.paramMem("alpha"), scalar)
	for i := range t.h * t.nv {
		t.e.mul(scalar, t.v(i), t.v(i))
	}
	t.e.Label(unscaled)
	t.testZero(t.e.paramMem("beta"))
	t.e.JNZ(LabelRef(read))
	t.prepareMasked()
	t.eachRow(func(i, v int, m Mem) { t.put(t.acc(i, v), v, m) })
	t.e.JMP(LabelRef(end))

	t.e.Label(read)
	t.e.broadcast(t.e.paramMem("beta"), scalar)
	t.prepareMasked()
	t.eachRow(func(i, v int, m Mem) {
		c := t.free()
		t.get(m, v, c)
		t.e.fma(scalar, c, t.acc(i, v))
		t.put(t.acc(i, v), v, m)
	})
	t.e.Label(end)
}

// compareOne sets the flags of a comparison with 1.
func (t *tiny) compareOne(m Mem) {
	if t.e.elem == f32 {
		t.e.CMPL(m, U32(0x3f800000))
		return
	}
	t.e.MOVQ(U64(0x3ff0000000000000), pA)
	t.e.CMPQ(m, pA)
}

// testZero sets the zero flag for 0 and -0.
func (t *tiny) testZero(m Mem) {
	if t.e.elem == f32 {
		t.e.MOVL(m, pA.As32())
		t.e.ADDL(pA.As32(), pA.As32())
		return
	}
	t.e.MOVQ(m, pA)
	t.e.ADDQ(pA, pA)
}

func (t *tiny) eachRow(f func(i, v int, m Mem)) {
	for i := range t.h {
		for v := range t.nv {
			f(i, v, Mem{Base: pC, Disp: v * t.e.isa.Width})
		}
		t.e.ADDQ(pCRow, pC)
	}
}
