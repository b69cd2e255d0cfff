package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gemmFields are the fields of asm.GemmArgs.
var gemmFields = []field{
	{"M", "int", "rows of C, at least 1"},
	{"K", "int", "columns of A and rows of B, at least 1"},
	{"A", "*T", "entry (i, p) is at A + i*ARow + p*ACol"},
	{"ARow", "int", ""},
	{"ACol", "int", "1 unless the table says Extended"},
	{"B", "*T", "entry (p, j) of a tile is at B + p*BRow + j"},
	{"BRow", "int", ""},
	{"BTile", "int", "elements from one full tile to the next"},
	{"Full", "int", "full tiles, NR columns each"},
	{"Tail", "int", "narrower tiles after them; or without full ones one as wide, if Narrow, or a vector wider, if those have two"},
	{"TailVecs", "int", "vectors in each of those"},
	{"TailRow", "int", "BRow of those"},
	{"TailTile", "int", "BTile of those"},
	{"Lanes", "int", "lanes used of the last vector of the last tile, at least 1"},
	{"Pack", "*T", "if not nil, the first panel copies the tiles of B there, K rows each one after another, and B, BRow, BTile, TailRow and TailTile say so afterwards; where the table says Extended, with M at least 2*MR and BTile, TailTile their columns"},
	{"Narrow", "int", "columns beyond the last tile, which is one of the tail then and takes them along; or 0"},
	{"C", "*T", "row-major"},
	{"CRow", "int", ""},
	{"Ahead", "uintptr", "address of what is needed next: rows of a full tile's width, one fetched in every round of such tiles"},
	{"AheadRow", "int", ""},
	{"Far", "uintptr", "the same of something else, for which every other tile fetches"},
	{"FarRow", "int", ""},
	{"FarTiles", "int", "tiles that take turns between Ahead and Far; those after them fetch for the former if even"},
	{"Mode", "int", "0: C = A*B; GemmRead adds Beta*C, GemmScale multiplies A*B by Alpha"},
	{"Alpha", "T", ""},
	{"Beta", "T", ""},
}

// gemm emits one micro-kernel: a whole block of C, row panel by row panel, and
// in each tile by tile. Register plan, for a tile of h rows and nv vectors:
// h·nv accumulators, nv vectors of the current row of B, and the rest take
// turns as broadcasts of A. Rows 0–8 of a panel are addressed from a with the
// multiples of rs that an address can hold. Taller panels address the rest
// from a9, whose register is that of the tile's place in B, kept in memory
// then; so is the mask of AVX2, which not every tile has a register for.
type gemm struct {
	e *emitter
	Spec
	name    string
	place   Op   // where B's current tile begins
	acol    Op   // distance of the columns of A, in gRS7 where no panel has a row 7
	mask    Mem  // of AVX2
	packing bool // while the panel that lays B down is emitted
	frame   struct {
		rows, arow, acol, crow, lastFull, lastTail, fetched, ahead, aheadRow, far, farRow, farTiles, pack, narrowLast, narrowAt Mem
	}
}

var (
	gArgs         = reg.RDI
	gK            = reg.RDX
	gA            = reg.RAX
	gRS, gRS3     = reg.RSI, reg.R12
	gRS5, gRS7    = reg.R13, reg.RBP
	gB, gBRow     = reg.RBX, reg.R8
	gBRow3        = reg.R14
	gFar          = gBRow3 // fetchRows/8 rows of B, in the panel that packs
	gTile, gTiles = reg.R11, reg.R10
	gC, gCRow     = reg.RCX, reg.R9
	gTmp          = reg.R15
	gA9           = gTile // in panels of more than reach rows
)

// reach is the number of rows that an address reaches from one register.
const reach = 9

// Bits of GemmArgs.Mode.
const (
	gemmRead  = 1
	gemmScale = 2
)

func (g *gemm) arg(name string) Mem {
	return Mem{Base: gArgs, Disp: fieldOffset(gemmFields, name, g.e.elem)}
}

func emitGemm(e *emitter, s Spec) {
	g := &gemm{e: e, Spec: s, name: s.Name()}
	e.text(g.name, "func(args *"+e.elem.Go+")")
	local := e.AllocLocal(120)
	g.frame.rows, g.frame.arow = local, local.Offset(8)
	g.frame.crow = local.Offset(16)
	g.frame.lastFull, g.frame.lastTail = local.Offset(24), local.Offset(32)
	g.frame.fetched = local.Offset(40)
	g.frame.ahead, g.frame.aheadRow = local.Offset(48), local.Offset(56)
	g.frame.narrowLast, g.frame.narrowAt = local.Offset(64), local.Offset(72)
	g.frame.acol, g.frame.pack = local.Offset(80), local.Offset(88)
	g.frame.far, g.frame.farRow, g.frame.farTiles = local.Offset(96), local.Offset(104), local.Offset(112)
	g.acol = g.frame.acol
	if s.Tallest() < 8 {
		g.acol = gRS7
	}
	g.place = gTile
	if s.Tallest() > reach {
		g.place = e.AllocLocal(8)
	}
	if !s.ISA.Masks {
		g.mask = e.AllocLocal(s.ISA.Width)
	}
	g.entry()
	g.packPanel()
	for h := g.Tallest(); h >= 1; h-- {
		g.panel(h)
	}
	e.Label("done")
	e.ret()
}

// entry loads what all panels share and falls into the choice of a height.
func (g *gemm) entry() {
	g.e.Load(g.e.Param("args"), gArgs)
	shl := func(r reg.GPPhysical) { g.e.SHLQ(Imm(shift(g.e.elem)), r) }
	for _, p := range []struct {
		name string
		r    reg.GPPhysical
	}{{"ARow", gRS}, {"CRow", gCRow}} {
		g.e.MOVQ(g.arg(p.name), p.r)
		shl(p.r)
	}
	g.e.LEAQ(Mem{Base: gRS, Index: gRS, Scale: 2}, gRS3)
	g.e.LEAQ(Mem{Base: gRS, Index: gRS, Scale: 4}, gRS5)
	if g.acol == gRS7 {
		g.e.MOVQ(g.arg("ACol"), gRS7)
		shl(gRS7)
	} else {
		g.e.LEAQ(Mem{Base: gRS3, Index: gRS, Scale: 4}, gRS7)
	}
	g.e.MOVQ(g.arg("Lanes"), gTmp)
	g.e.laneMask(gTmp, reg.K1, g.e.v(0))
	if !g.e.isa.Masks {
		g.e.store(g.e.v(0), g.mask)
	}
	g.lastTiles()
	if g.Narrow() > 0 {
		g.narrowEntry()
	}
	g.e.MOVQ(g.arg("A"), gTmp)
	g.e.MOVQ(gTmp, g.frame.arow)
	g.e.MOVQ(g.arg("C"), gTmp)
	g.e.MOVQ(gTmp, g.frame.crow)
	for _, p := range []struct {
		name string
		slot Mem
	}{{"Ahead", g.frame.ahead}, {"Far", g.frame.far}, {"FarTiles", g.frame.farTiles}} {
		g.e.MOVQ(g.arg(p.name), gTmp)
		g.e.MOVQ(gTmp, p.slot)
	}
	for _, p := range []struct {
		name string
		slot Mem
	}{{"AheadRow", g.frame.aheadRow}, {"FarRow", g.frame.farRow}, {"ACol", g.frame.acol}} {
		g.e.MOVQ(g.arg(p.name), gTmp)
		shl(gTmp)
		g.e.MOVQ(gTmp, p.slot)
	}
	g.e.MOVQ(g.arg("M"), gTmp)
	g.e.MOVQ(gTmp, g.frame.rows)
	g.e.CMPQ(g.arg("Pack"), Imm(0))
	g.e.JNE(LabelRef("pack"))
	g.chooseHeight()
}

// lastTiles notes which count of tiles left marks the masked one, among the
// full tiles and in the tail: 1 where the columns end there and the last
// vector is not full, or 0, which never occurs.
func (g *gemm) lastTiles() {
	end := g.e.label("unmasked")
	g.e.MOVQ(I32(0), g.frame.lastFull)
	g.e.MOVQ(I32(0), g.frame.lastTail)
	g.e.CMPQ(g.arg("Lanes"), Imm(uint64(g.e.lanes())))
	g.e.JE(LabelRef(end))
	g.e.MOVQ(I32(1), g.frame.lastTail)
	g.e.CMPQ(g.arg("Tail"), Imm(0))
	g.e.JNE(LabelRef(end))
	g.e.MOVQ(I32(1), g.frame.lastFull)
	g.e.Label(end)
}

// chooseHeight jumps to the panel for the rows left, in gTmp: MR of them, or,
// for the last two panels, heights that differ by one at most. Where MR and one
// more row would be left for two panels, three share them: of sums so few as the
// lower of two has, each waits for the one before.
func (g *gemm) chooseHeight() {
	g.e.Label("choose")
	g.e.MOVQ(gTmp, g.frame.rows)
	g.e.CMPQ(g.arg("Full"), Imm(0))
	g.e.JNE(LabelRef("tall"))
	g.e.CMPQ(g.arg("TailVecs"), Imm(uint64(g.NV)))
	g.e.JLT(LabelRef("tall"))
	g.heights(g.low(), g.low())
	g.e.Label("tall")
	g.heights(g.MR, g.Tallest())
}

// heights is chooseHeight for panels of mr rows, or of max at most.
func (g *gemm) heights(mr, max int) {
	if max == mr {
		g.e.CMPQ(gTmp, Imm(uint64(2*mr+1)))
		g.e.JEQ(LabelRef(g.panelLabel(mr - 1)))
	}
	g.e.CMPQ(gTmp, Imm(uint64(2*mr)))
	g.e.JGE(LabelRef(g.panelLabel(mr)))
	for rows := max; rows >= 1; rows-- {
		g.e.CMPQ(gTmp, Imm(uint64(rows)))
		g.e.JEQ(LabelRef(g.panelLabel(rows)))
	}
	for rows := max + 1; rows < 2*mr; rows++ {
		g.e.CMPQ(gTmp, Imm(uint64(rows)))
		g.e.JEQ(LabelRef(g.panelLabel((rows + 1) / 2)))
	}
}

func (g *gemm) panelLabel(h int) string { return "rows" + itoa(h) }

// packPanel emits the panel of MR rows that lays B down as it goes, and then moves
// Pack to B. No write barrier is needed: the caller keeps both B and Pack alive
// elsewhere.
func (g *gemm) packPanel() {
	g.e.Label("pack")
	g.e.MOVQ(g.arg("Pack"), gTmp)
	g.e.MOVQ(gTmp, g.frame.pack)
	g.packing = true
	g.panelBody(g.MR)
	g.packing = false
	g.e.MOVQ(g.arg("Pack"), gTmp)
	g.e.MOVQ(gTmp, g.arg("B"))
	g.e.MOVQ(I32(0), g.arg("Pack"))
	for _, layout := range [][3]string{{"BRow", "BTile", ""}, {"TailRow", "TailTile", ""}} {
		row, tile := g.arg(layout[0]), g.arg(layout[1])
		g.e.MOVQ(tile, gTmp) // the columns of a tile
		g.e.MOVQ(gTmp, row)
		g.e.IMULQ(g.arg("K"), gTmp)
		g.e.MOVQ(gTmp, tile)
	}
	g.nextPanel(g.MR)
}

// panel emits the row panel of height h.
func (g *gemm) panel(h int) {
	g.e.Label(g.panelLabel(h))
	g.panelBody(h)
	g.nextPanel(h)
}

// panelBody emits a panel's full tiles, then its tail.
func (g *gemm) panelBody(h int) {
	id := g.e.label("_")
	g.e.MOVQ(g.frame.crow, gC)
	if g.place == gTile {
		g.e.MOVQ(g.arg("B"), gTile)
	} else {
		g.e.MOVQ(g.arg("B"), gTmp)
		g.e.MOVQ(gTmp, g.place)
	}

	g.e.MOVQ(g.arg("Full"), gTiles)
	g.e.TESTQ(gTiles, gTiles)
	g.e.JZ(LabelRef("panel_tail" + id))
	g.loadBRow("BRow")
	g.tiles(h, g.NV, "BTile", g.frame.lastFull)

	g.e.Label("panel_tail" + id)
	g.e.MOVQ(g.arg("Tail"), gTiles)
	g.e.TESTQ(gTiles, gTiles)
	g.e.JZ(LabelRef("panel_end" + id))
	g.loadBRow("TailRow")
	if h <= g.low() && !g.packing {
		g.wideTail(h, "panel_end"+id)
	}
	for nv := g.NV - 1; nv >= 1; nv-- {
		skip := g.e.label("narrower")
		if nv > 1 {
			g.e.CMPQ(g.arg("TailVecs"), Imm(uint64(nv)))
			g.e.JNE(LabelRef(skip))
		}
		g.tiles(h, nv, "TailTile", g.frame.lastTail)
		g.e.JMP(LabelRef("panel_end" + id))
		g.e.Label(skip)
	}

	g.e.Label("panel_end" + id)
}

// wideTail emits the tile of the tail that is no narrower than the full ones: of as many
// vectors if it takes columns along, or three where the others have two, because one by
// itself would wait for its loads and sums. It has low panels for want of registers.
func (g *gemm) wideTail(h int, end string) {
	narrower, wider := g.e.label("narrower"), g.e.label("wider")
	g.e.CMPQ(g.arg("TailVecs"), Imm(uint64(g.NV)))
	g.e.JLT(LabelRef(narrower))
	if g.NV == 2 {
		g.e.JGT(LabelRef(wider))
	}
	g.tile(&tile{gemm: g, h: h, nv: g.NV, narrow: true})
	g.e.JMP(LabelRef(end))
	if g.NV == 2 {
		g.e.Label(wider)
		g.tiles(h, g.NV+1, "TailTile", g.frame.lastTail)
		g.e.JMP(LabelRef(end))
	}
	g.e.Label(narrower)
}

func (g *gemm) loadBRow(field string) {
	g.e.MOVQ(g.arg(field), gBRow)
	g.e.SHLQ(Imm(shift(g.e.elem)), gBRow)
	if g.packing {
		g.e.MOVQ(gBRow, gFar)
		g.e.SHLQ(Imm(bitsOf(fetchRows/8)), gFar)
	} else {
		g.e.LEAQ(Mem{Base: gBRow, Index: gBRow, Scale: 2}, gBRow3)
	}
}

func (g *gemm) nextPanel(h int) {
	g.e.IMUL3Q(Imm(uint64(h)), gRS, gTmp)
	g.e.ADDQ(gTmp, g.frame.arow)
	g.e.IMUL3Q(Imm(uint64(h)), gCRow, gTmp)
	g.e.ADDQ(gTmp, g.frame.crow)
	g.e.MOVQ(g.frame.rows, gTmp)
	g.e.SUBQ(Imm(uint64(h)), gTmp)
	g.e.JNZ(LabelRef("choose"))
	g.e.JMP(LabelRef("done"))
}

// tiles emits the loop over gTiles tiles of nv vectors. The one whose count
// left equals last is masked; the others are not, because on Intel a masked
// load takes a place of an FMA.
func (g *gemm) tiles(h, nv int, step string, last Op) {
	loop, plain, narrow, next := g.e.label("tiles"), g.e.label("plain"), g.e.label("narrow"), g.e.label("next")
	narrows := g.Narrow() > 0 && nv < g.NV && !g.packing
	g.e.Label(loop)
	if narrows {
		g.e.CMPQ(gTiles, g.frame.narrowLast)
		g.e.JEQ(LabelRef(narrow))
	}
	g.e.CMPQ(gTiles, last)
	g.e.JNE(LabelRef(plain))
	g.tile(&tile{gemm: g, h: h, nv: nv, masked: true})
	g.e.JMP(LabelRef(next))
	if narrows {
		g.e.Label(narrow)
		g.tile(&tile{gemm: g, h: h, nv: nv, narrow: true})
		g.e.JMP(LabelRef(next))
	}
	g.e.Label(plain)
	g.tile(&tile{gemm: g, h: h, nv: nv})
	g.e.Label(next)
	g.e.ADDQ(I32(nv*g.e.isa.Width), gC)
	g.e.MOVQ(g.arg(step), gTmp)
	g.e.SHLQ(Imm(shift(g.e.elem)), gTmp)
	g.e.ADDQ(gTmp, g.place)
	g.e.DECQ(gTiles)
	g.e.JNZ(LabelRef(loop))
}

// tile emits a tile of C.
func (g *gemm) tile(t *tile) {
	g.e.MOVQ(g.frame.arow, gA)
	g.e.MOVQ(g.place, gB)
	if t.h > reach {
		g.e.LEAQ(Mem{Base: gA, Index: gRS, Scale: 8}, gA9)
		g.e.ADDQ(gRS, gA9)
	}
	if t.masked && !g.e.isa.Masks && !g.spillsMask(t.h, t.nv) {
		g.e.load(g.mask, g.e.v(t.maskReg()))
	}
	for i := range t.h * t.nv {
		g.e.zero(g.e.v(i))
	}
	if t.narrow {
		g.e.MOVQ(g.place, gTmp)
		g.e.ADDQ(g.frame.narrowAt, gTmp)
		for i := range t.narrowSums() {
			g.e.zero(t.narrowSum(i))
		}
	}
	g.e.MOVQ(g.arg("K"), gK)
	if g.packing {
		t.innerPacking()
	} else {
		t.inner()
	}
	t.finish()
	if t.fetches() && !g.packing {
		g.takeTurns()
	}
}

// takeTurns has the next tile fetch for the other of Ahead and Far, as long as
// FarTiles says so.
func (g *gemm) takeTurns() {
	end := g.e.label("turned")
	g.e.CMPQ(g.frame.farTiles, Imm(0))
	g.e.JE(LabelRef(end))
	g.e.DECQ(g.frame.farTiles)
	for _, pair := range [][2]Mem{{g.frame.ahead, g.frame.far}, {g.frame.aheadRow, g.frame.farRow}} {
		g.e.MOVQ(pair[0], gTmp)
		g.e.MOVQ(pair[1], gK)
		g.e.MOVQ(gK, pair[0])
		g.e.MOVQ(gTmp, pair[1])
	}
	g.e.Label(end)
}
