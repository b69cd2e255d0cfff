package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemmFields are the fields of asm.GemmArgs, eight bytes each but for the two
// scalars at the end; the struct is generated from this list.
var gemmFields = []struct{ name, typ, doc string }{
	{"M", "int", "rows of C, at least 1"},
	{"K", "int", "columns of A and rows of B, at least 1"},
	{"A", "*T", "entry (i, p) is at A + i*ARow + p*ACol"},
	{"ARow", "int", "elements from one row of a panel to the next"},
	{"ACol", "int", "elements from one column to the next; 0: the height of the panel, as packing lays it out"},
	{"APanel", "int", "elements that one row of finished panels takes: ARow, or K where A is packed"},
	{"B", "*T", "entry (p, j) of a tile is at B + p*BRow + j"},
	{"BRow", "int", ""},
	{"BTile", "int", "elements from one full tile to the next"},
	{"Full", "int", "full tiles, NR columns each"},
	{"Tail", "int", "narrower tiles after them"},
	{"TailVecs", "int", "vectors in each of those"},
	{"TailRow", "int", "BRow of those"},
	{"TailTile", "int", "BTile of those"},
	{"Lanes", "int", "lanes used of the last vector of the last tile, at least 1"},
	{"C", "*T", "row-major"},
	{"CRow", "int", ""},
	{"Mode", "int", "0: C = A*B; GemmRead adds Beta*C, GemmScale multiplies A*B by Alpha"},
	{"Alpha", "T", ""},
	{"Beta", "T", ""},
}

// gemmOffset is the offset of a field in asm.GemmArgs.
func gemmOffset(name string, elem Elem) int {
	offset := 0
	for _, f := range gemmFields {
		if f.name == name {
			return offset
		}
		if f.typ == "T" {
			offset += elem.Size
		} else {
			offset += 8
		}
	}
	panic(name)
}

// gemm emits one micro-kernel: a whole block of C, row panel by row panel, and
// in each tile by tile. Register plan, for a tile of h rows and nv vectors:
// h·nv accumulators, nv vectors of the current row of B, and the rest take
// turns as broadcasts of A. Rows 0–4 of a panel are addressed from a, 5–9
// from a5, both with the multiples of rs that an address can hold.
type gemm struct {
	*emitter
	Spec
	name  string
	frame struct{ rows, arow, crow, lastFull Mem }
}

var (
	gArgs         = reg.RDI
	gK            = reg.RDX
	gA, gA5       = reg.RAX, reg.R13
	gRS, gRS3     = reg.RSI, reg.R12
	gCS           = reg.R14
	gB, gBRow     = reg.RBX, reg.R8
	gTile, gTiles = reg.R11, reg.R10
	gC, gCRow     = reg.RCX, reg.R9
	gTmp          = reg.R15
)

// Bits of GemmArgs.Mode.
const (
	gemmRead  = 1
	gemmScale = 2
)

func (g *gemm) arg(name string) Mem { return Mem{Base: gArgs, Disp: gemmOffset(name, g.elem)} }

// maxHeight is the tallest panel: MR+1 where registers allow, so that M = 9
// need not split into 5 and 4.
func (g *gemm) maxHeight() int {
	h := g.MR + 1
	if (h+1)*g.NV+1 > len(g.isa.Regs) {
		h--
	}
	return h
}

func emitGemm(e *emitter, s Spec) {
	g := &gemm{emitter: e, Spec: s, name: s.Name()}
	e.text(g.name, "func(args *"+e.elem.Go+")")
	local := e.AllocLocal(32)
	g.frame.rows, g.frame.arow = local, local.Offset(8)
	g.frame.crow, g.frame.lastFull = local.Offset(16), local.Offset(24)
	g.entry()
	for h := g.maxHeight(); h >= 1; h-- {
		g.panel(h)
	}
	e.Label("done")
	e.ret()
}

// entry loads what all panels share and falls into the choice of a height.
func (g *gemm) entry() {
	g.Load(g.Param("args"), gArgs)
	shl := func(r reg.GPPhysical) { g.SHLQ(Imm(shift(g.elem)), r) }
	for _, p := range []struct {
		name string
		r    reg.GPPhysical
	}{{"ARow", gRS}, {"ACol", gCS}, {"CRow", gCRow}} {
		g.MOVQ(g.arg(p.name), p.r)
		shl(p.r)
	}
	g.LEAQ(Mem{Base: gRS, Index: gRS, Scale: 2}, gRS3)
	g.MOVQ(g.arg("Lanes"), gTmp)
	if g.isa.Masks {
		g.laneMask(gTmp, reg.K2, nil)
		g.MOVQ(I32(-1), gTmp)
		g.KMOVW(gTmp.As32(), reg.K3)
	}
	g.lastFullTile()
	g.MOVQ(g.arg("A"), gTmp)
	g.MOVQ(gTmp, g.frame.arow)
	g.MOVQ(g.arg("C"), gTmp)
	g.MOVQ(gTmp, g.frame.crow)
	g.MOVQ(g.arg("M"), gTmp)
	g.chooseHeight()
}

// lastFullTile notes which count of tiles left marks the masked one among the
// full tiles: 1 when no tail follows them and the last vector is not full, or
// 0, which never occurs.
func (g *gemm) lastFullTile() {
	whole := g.label("whole")
	g.XORQ(gTmp, gTmp)
	g.CMPQ(g.arg("Tail"), Imm(0))
	g.JNE(LabelRef(whole))
	g.CMPQ(g.arg("Lanes"), Imm(uint64(g.lanes())))
	g.JE(LabelRef(whole))
	g.INCQ(gTmp)
	g.Label(whole)
	g.MOVQ(gTmp, g.frame.lastFull)
}

// chooseHeight jumps to the panel for the rows left, in gTmp: MR of them, or,
// for the last two panels, heights that differ by one at most.
func (g *gemm) chooseHeight() {
	g.Label("choose")
	g.MOVQ(gTmp, g.frame.rows)
	max := g.maxHeight()
	g.CMPQ(gTmp, Imm(uint64(2*g.MR)))
	g.JGE(LabelRef(g.panelLabel(g.MR)))
	for rows := 2*g.MR - 1; rows > max; rows-- {
		g.CMPQ(gTmp, Imm(uint64(rows)))
		g.JEQ(LabelRef(g.panelLabel((rows + 1) / 2)))
	}
	for rows := max - 1; rows >= 1; rows-- {
		g.CMPQ(gTmp, Imm(uint64(rows)))
		g.JEQ(LabelRef(g.panelLabel(rows)))
	}
}

func (g *gemm) panelLabel(h int) string { return "rows" + itoa(h) }

// panel emits the row panel of height h: its full tiles, then its tail.
func (g *gemm) panel(h int) {
	id := itoa(h)
	g.Label(g.panelLabel(h))
	strided := g.label("strided")
	g.CMPQ(g.arg("ACol"), Imm(0))
	g.JNE(LabelRef(strided))
	g.MOVQ(I32(h*g.elem.Size), gCS)
	g.Label(strided)
	g.MOVQ(g.frame.crow, gC)
	g.MOVQ(g.arg("B"), gTile)

	g.MOVQ(g.arg("Full"), gTiles)
	g.TESTQ(gTiles, gTiles)
	g.JZ(LabelRef("panel_tail" + id))
	g.MOVQ(g.arg("BRow"), gBRow)
	g.SHLQ(Imm(shift(g.elem)), gBRow)
	g.tiles(h, g.NV, "BTile", g.frame.lastFull)

	g.Label("panel_tail" + id)
	g.MOVQ(g.arg("Tail"), gTiles)
	g.TESTQ(gTiles, gTiles)
	g.JZ(LabelRef("panel_end" + id))
	g.MOVQ(g.arg("TailRow"), gBRow)
	g.SHLQ(Imm(shift(g.elem)), gBRow)
	for nv := g.NV - 1; nv >= 1; nv-- {
		skip := g.label("narrower")
		if nv > 1 {
			g.CMPQ(g.arg("TailVecs"), Imm(uint64(nv)))
			g.JNE(LabelRef(skip))
		}
		g.tiles(h, nv, "TailTile", nil)
		g.JMP(LabelRef("panel_end" + id))
		g.Label(skip)
	}

	g.Label("panel_end" + id)
	g.nextPanel(h)
}

func (g *gemm) nextPanel(h int) {
	g.MOVQ(g.arg("APanel"), gTmp)
	g.IMUL3Q(Imm(uint64(h*g.elem.Size)), gTmp, gTmp)
	g.ADDQ(gTmp, g.frame.arow)
	g.IMUL3Q(Imm(uint64(h)), gCRow, gTmp)
	g.ADDQ(gTmp, g.frame.crow)
	g.MOVQ(g.frame.rows, gTmp)
	g.SUBQ(Imm(uint64(h)), gTmp)
	g.JNZ(LabelRef("choose"))
	g.JMP(LabelRef("done"))
}

// tiles emits the loop over gTiles tiles of nv vectors. The tile whose count
// left equals last (nil: 1) is the one with the masked vector.
func (g *gemm) tiles(h, nv int, step string, last Op) {
	loop := g.label("tiles")
	g.Label(loop)
	if last == nil {
		last = Imm(1)
	}
	plain, next := g.label("plain"), g.label("next")
	if m, ok := last.(Mem); ok {
		g.CMPQ(gTiles, m)
	} else {
		g.CMPQ(gTiles, last)
	}
	if g.isa.Masks {
		g.KMOVW(reg.K3, reg.K1)
		g.JNE(LabelRef(plain))
		g.KMOVW(reg.K2, reg.K1)
		g.Label(plain)
		g.tile(h, nv, true)
	} else {
		g.JNE(LabelRef(plain))
		g.tile(h, nv, true)
		g.JMP(LabelRef(next))
		g.Label(plain)
		g.tile(h, nv, false)
		g.Label(next)
	}
	g.ADDQ(I32(nv*g.isa.Width), gC)
	g.MOVQ(g.arg(step), gTmp)
	g.SHLQ(Imm(shift(g.elem)), gTmp)
	g.ADDQ(gTmp, gTile)
	g.DECQ(gTiles)
	g.JNZ(LabelRef(loop))
}

// tile emits C's tile of h rows and nv vectors, the last vector under the
// mask where masked says so.
func (g *gemm) tile(h, nv int, masked bool) {
	t := &tile{gemm: g, h: h, nv: nv, masked: masked}
	g.MOVQ(g.frame.arow, gA)
	if h > 5 {
		g.LEAQ(Mem{Base: gA, Index: gRS, Scale: 4}, gA5)
		g.ADDQ(gRS, gA5)
	}
	g.MOVQ(gTile, gB)
	if masked && !g.isa.Masks {
		g.MOVQ(g.arg("Lanes"), gTmp)
		g.MOVQ(gC, gK) // laneMask clobbers gC
		g.laneMask(gTmp, nil, g.v(t.maskReg()))
		g.MOVQ(gK, gC)
	}
	for i := range h * nv {
		g.zero(g.v(i))
	}
	g.MOVQ(g.arg("K"), gK)
	t.inner()
	t.finish()
}

// tile is the register tile being emitted.
type tile struct {
	*gemm
	h, nv  int
	masked bool
	turn   int
}

func (t *tile) acc(i, v int) reg.VecPhysical { return t.v(i*t.nv + v) }
func (t *tile) b(v int) reg.VecPhysical      { return t.v(t.h*t.nv + v) }
func (t *tile) maskReg() int                 { return len(t.isa.Regs) - 1 }

func (t *tile) mask() Op {
	if t.isa.Masks {
		return reg.K1
	}
	return t.v(t.maskReg())
}

func (t *tile) isMasked(v int) bool { return t.masked && v == t.nv-1 }

// broadcastReg takes turns among the registers that are left.
func (t *tile) broadcastReg() reg.VecPhysical {
	first := (t.h + 1) * t.nv
	left := len(t.isa.Regs) - first
	if t.masked && !t.isa.Masks {
		left--
	}
	t.turn++
	return t.v(first + t.turn%min(left, 4))
}

// unroll is the number of steps of k in the inner loop.
const unroll = 2

// inner runs over k.
func (t *tile) inner() {
	loop, rest, last := t.label("k"), t.label("rest"), t.label("last")
	t.SUBQ(Imm(unroll), gK)
	t.JLT(LabelRef(rest))
	t.align()
	t.Label(loop)
	for range unroll {
		t.step()
	}
	t.SUBQ(Imm(unroll), gK)
	t.JGE(LabelRef(loop))
	t.Label(rest)
	t.ADDQ(Imm(unroll), gK)
	t.JZ(LabelRef(last))
	t.step()
	t.Label(last)
}

// step adds column p of A times row p of B, and moves on to the next p.
func (t *tile) step() {
	for v := range t.nv {
		m := Mem{Base: gB, Disp: v * t.isa.Width}
		if t.isMasked(v) {
			t.loadMasked(m, t.mask(), t.b(v))
		} else {
			t.load(m, t.b(v))
		}
	}
	for i := range t.h {
		a := t.broadcastReg()
		t.broadcast(row(i), a)
		for v := range t.nv {
			t.fma(a, t.b(v), t.acc(i, v))
		}
	}
	t.ADDQ(gCS, gA)
	if t.h > 5 {
		t.ADDQ(gCS, gA5)
	}
	t.ADDQ(gBRow, gB)
}

// row addresses row i of the panel in the current column of A.
func row(i int) Mem {
	m := Mem{Base: gA}
	if i >= 5 {
		m.Base = gA5
		i -= 5
	}
	switch i {
	case 1, 2, 4:
		m.Index, m.Scale = gRS, uint8(i)
	case 3:
		m.Index, m.Scale = gRS3, 1
	}
	return m
}

// finish puts the accumulators into C as Mode says. Where C is read it is
// multiplied by Beta, which is 1 more often than not and costs nothing then.
func (t *tile) finish() {
	unscaled, read, end := t.label("unscaled"), t.label("read"), t.label("end")
	scalar, c := t.b(0), t.v((t.h+1)*t.nv)
	t.MOVQ(t.arg("Mode"), gTmp)
	t.TESTQ(I32(gemmScale), gTmp)
	t.JZ(LabelRef(unscaled))
	t.broadcast(t.arg("Alpha"), scalar)
	for i := range t.h * t.nv {
		t.mul(scalar, t.v(i), t.v(i))
	}
	t.Label(unscaled)
	t.TESTQ(I32(gemmRead), gTmp)
	t.MOVQ(gC, gTmp)
	t.JNZ(LabelRef(read))
	t.eachRow(func(i, v int, m Mem) { t.put(t.acc(i, v), v, m) })
	t.JMP(LabelRef(end))

	t.Label(read)
	t.broadcast(t.arg("Beta"), scalar)
	t.eachRow(func(i, v int, m Mem) {
		t.get(m, v, c)
		t.fma(scalar, c, t.acc(i, v))
		t.put(t.acc(i, v), v, m)
	})
	t.Label(end)
}

func (t *tile) eachRow(f func(i, v int, m Mem)) {
	for i := range t.h {
		for v := range t.nv {
			f(i, v, Mem{Base: gTmp, Disp: v * t.isa.Width})
		}
		if i < t.h-1 {
			t.ADDQ(gCRow, gTmp)
		}
	}
}

func (t *tile) get(m Mem, v int, dst reg.VecPhysical) {
	if t.isMasked(v) {
		t.loadMasked(m, t.mask(), dst)
	} else {
		t.load(m, dst)
	}
}

func (t *tile) put(src reg.VecPhysical, v int, m Mem) {
	if t.isMasked(v) {
		t.storeMasked(src, t.mask(), m)
	} else {
		t.store(src, m)
	}
}
