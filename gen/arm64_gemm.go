package main

// arm64Gemm emits the micro-kernel of NEON: a block of C, row panel by row
// panel, in each tile by tile, like the one of amd64. Register plan, for a
// tile of h rows and nv vectors: h·nv accumulators, nv vectors of the current
// row of B, and the rest take turns as entries of A, which FMLA multiplies by
// the low lane of: no broadcast is needed, and A is read where it lies.
//
// NEON has no masks. Of a vector that is used in part, as many entries are
// loaded as are used and the last of them again for the others, except for the
// fourth lane, which stays zero. So the lanes not used repeat the last one
// bit for bit, and storing them again to its place in C changes nothing.
type arm64Gemm struct {
	*arm64Emitter
	Spec
}

const (
	nArgs  = gpr(0)
	nK     = gpr(1)
	nB     = gpr(2)
	nBRow  = gpr(3)
	nTile  = gpr(4)
	nTiles = gpr(5)
	nC     = gpr(6)
	nCRow  = gpr(7)
	nTmp   = gpr(8)
	nTmp2  = gpr(9)
	nARow  = gpr(20)
	nRows  = gpr(21) // left
	nA     = gpr(22) // of this panel, as nPanel is in C
	nPanel = gpr(23)
	nLast  = gpr(24) // how many tiles are left at the one used in part; 0: none
	nLane1 = gpr(25) // where its lanes 1 and 2 come from, in bytes from the row
	nLane2 = gpr(26)
)

// nRow points to row i of the panel in the current column of A.
func nRow(i int) gpr { return [...]gpr{10, 11, 12, 13, 14, 15, 16, 17, 19}[i] }

func (g *arm64Gemm) arg(name string) address {
	return address{base: nArgs, disp: fieldOffset(gemmFields, name, g.elem)}
}

func neonGemm(e *arm64Emitter, s Spec) {
	g := &arm64Gemm{e, s}
	g.entry()
	for h := g.Tallest(); h >= 1; h-- {
		g.panel(h)
	}
	g.label("done")
	g.RET()
}

// entry loads what all panels share and falls into the choice of a height.
func (g *arm64Gemm) entry() {
	g.param("args", nArgs)
	g.MOV(g.arg("ARow"), nARow)
	g.shl(nARow)
	g.MOV(g.arg("CRow"), nCRow)
	g.shl(nCRow)
	g.MOV(g.arg("A"), nA)
	g.MOV(g.arg("C"), nPanel)
	g.MOV(g.arg("M"), nRows)
	g.chooseHeight()
}

// chooseHeight jumps to the panel for the rows left: MR of them, or, for the
// last two panels, heights that differ by one at most.
func (g *arm64Gemm) chooseHeight() {
	g.label("choose")
	g.CMPI(2*g.MR, nRows)
	g.B("GE", panelLabel(g.MR))
	for rows := 2*g.MR - 1; rows > g.Tallest(); rows-- {
		g.CMPI(rows, nRows)
		g.B("EQ", panelLabel((rows+1)/2))
	}
	for rows := g.Tallest() - 1; rows >= 1; rows-- {
		g.CMPI(rows, nRows)
		g.B("EQ", panelLabel(rows))
	}
}

func panelLabel(h int) string { return "rows" + itoa(h) }

// panel emits the row panel of height h: its full tiles, then its tail.
func (g *arm64Gemm) panel(h int) {
	tail, end := g.fresh("tail"), g.fresh("end")
	g.label(panelLabel(h))
	g.MOVR(nPanel, nC)
	g.MOV(g.arg("B"), nTile)

	g.MOV(g.arg("Full"), nTiles)
	g.CBZ(nTiles, tail)
	g.loadBRow("BRow")
	g.lastTile()
	g.MOV(g.arg("Tail"), nTmp)
	g.CMPI(0, nTmp)
	g.CSEL("EQ", nLast, zr, nLast) // else the tail has it
	g.tiles(h, g.NV, "BTile")

	g.label(tail)
	g.MOV(g.arg("Tail"), nTiles)
	g.CBZ(nTiles, end)
	g.loadBRow("TailRow")
	g.lastTile()
	g.MOV(g.arg("TailVecs"), nTmp)
	for nv := g.NV - 1; nv >= 1; nv-- {
		narrower := g.fresh("narrower")
		if nv > 1 {
			g.CMPI(nv, nTmp)
			g.B("NE", narrower)
		}
		g.tiles(h, nv, "TailTile")
		g.B("", end)
		g.label(narrower)
	}

	g.label(end)
	g.nextPanel(h)
}

func (g *arm64Gemm) loadBRow(field string) {
	g.MOV(g.arg(field), nBRow)
	g.shl(nBRow)
}

// lastTile sets nLast to 1 where the last vector of the columns is used in
// part.
func (g *arm64Gemm) lastTile() {
	g.MOV(g.arg("Lanes"), nLast)
	g.CMPI(g.lanes(), nLast)
	g.CSET("NE", nLast)
}

func (g *arm64Gemm) nextPanel(h int) {
	g.MOVI(h, nTmp)
	g.MADD(nTmp, nA, nARow, nA)
	g.MADD(nTmp, nPanel, nCRow, nPanel)
	g.SUBSI(h, nRows)
	g.B("NE", "choose")
	g.B("", "done")
}

// tiles emits the loop over nTiles tiles of nv vectors.
func (g *arm64Gemm) tiles(h, nv int, step string) {
	loop, whole, next := g.fresh("tiles"), g.fresh("whole"), g.fresh("next")
	g.label(loop)
	g.CMP(nLast, nTiles)
	g.B("NE", whole)
	g.tile(h, nv, true)
	g.B("", next)
	g.label(whole)
	g.tile(h, nv, false)
	g.label(next)
	g.ADDI(nv*neon.Width, nC)
	g.MOV(g.arg(step), nTmp)
	g.shl(nTmp)
	g.ADD(nTmp, nTile)
	g.SUBSI(1, nTiles)
	g.B("NE", loop)
}

// arm64Tile is the register tile being emitted.
type arm64Tile struct {
	*arm64Gemm
	h, nv   int
	partial bool // the last vector is used in part
	turn    int
}

// tile emits C's tile of h rows and nv vectors.
func (g *arm64Gemm) tile(h, nv int, partial bool) {
	t := &arm64Tile{arm64Gemm: g, h: h, nv: nv, partial: partial}
	if partial && g.elem == f32 {
		t.clampLanes()
	}
	g.MOVR(nA, nRow(0))
	for i := 1; i < h; i++ {
		g.ADD3(nARow, nRow(i-1), nRow(i))
	}
	g.MOVR(nTile, nB)
	g.zeroAll(h * nv)
	g.MOV(g.arg("K"), nK)
	t.inner()
	t.finish()
}

// clampLanes finds the offsets of lanes 1 and 2 of the last vector, or of the
// last lane before them.
func (t *arm64Tile) clampLanes() {
	vector := (t.nv - 1) * neon.Width
	t.MOV(t.arg("Lanes"), nTmp)
	t.CMPI(1, nTmp)
	t.MOVI(vector, nTmp2)
	t.MOVI(vector+4, nLane1)
	t.MOVI(vector+8, nLane2)
	t.CSEL("EQ", nTmp2, nLane1, nLane1)
	t.CMPI(3, nTmp)
	t.CSEL("EQ", nLane2, nLane1, nLane2)
}

func (t *arm64Tile) acc(i, v int) vec { return vec(i*t.nv + v) }
func (t *arm64Tile) b(v int) vec      { return vec(t.h*t.nv + v) }

// entry takes turns among the registers that are left.
func (t *arm64Tile) entry() vec {
	first := (t.h + 1) * t.nv
	t.turn++
	return vec(first + t.turn%(neon.Vectors-first))
}

// inner runs over k, four steps in a turn.
func (t *arm64Tile) inner() {
	const unroll = 4
	loop, rest, one, last := t.fresh("k"), t.fresh("rest"), t.fresh("one"), t.fresh("last")
	t.SUBSI(unroll, nK)
	t.B("LT", rest)
	t.align()
	t.label(loop)
	t.measure(t.String(), unroll, func() {
		t.step(func(i int) address { return address{base: nRow(i), post: unroll * t.elem.Size} })
		for u := 1; u < unroll; u++ {
			t.step(func(i int) address { return address{base: nRow(i), disp: (u - unroll) * t.elem.Size} })
		}
		t.SUBSI(unroll, nK)
		t.B("GE", loop)
	})
	t.label(rest)
	t.ADDSI(unroll, nK)
	t.B("EQ", last)
	t.label(one)
	t.step(func(i int) address { return address{base: nRow(i), post: t.elem.Size} })
	t.SUBSI(1, nK)
	t.B("NE", one)
	t.label(last)
}

// step adds a column of A times a row of B.
func (t *arm64Tile) step(a func(i int) address) {
	t.get(nB, t.b)
	t.ADD(nBRow, nB)
	for i := range t.h {
		x := t.entry()
		t.FLD(t.elem, a(i), x)
		for v := range t.nv {
			t.fmaLow(t.b(v), x, t.acc(i, v))
		}
	}
}

// get loads a row of the tile, of B or C.
func (t *arm64Tile) get(row gpr, d func(v int) vec) {
	whole := t.nv
	if t.partial {
		whole--
	}
	v := 0
	for ; v+1 < whole; v += 2 {
		t.FLDPQ(address{base: row, disp: v * neon.Width}, d(v), d(v+1))
	}
	if v < whole {
		t.FMOVQ(address{base: row, disp: v * neon.Width}, d(v))
	}
	if !t.partial {
		return
	}
	t.FLD(t.elem, address{base: row, disp: whole * neon.Width}, d(whole))
	if t.elem == f32 {
		t.ADD3(nLane1, row, nTmp2)
		t.VLD1(t.elem, nTmp2, d(whole), 1)
		t.ADD3(nLane2, row, nTmp2)
		t.VLD1(t.elem, nTmp2, d(whole), 2)
	}
}

// put stores a row of the tile in C.
func (t *arm64Tile) put(s func(v int) vec, row gpr) {
	whole := t.nv
	if t.partial {
		whole--
	}
	v := 0
	for ; v+1 < whole; v += 2 {
		t.FSTPQ(s(v), s(v+1), address{base: row, disp: v * neon.Width})
	}
	if v < whole {
		t.FSTQ(s(v), address{base: row, disp: v * neon.Width})
	}
	if !t.partial {
		return
	}
	t.FST(t.elem, s(whole), address{base: row, disp: whole * neon.Width})
	if t.elem == f32 {
		t.ADD3(nLane1, row, nTmp2)
		t.VST1(t.elem, s(whole), 1, nTmp2)
		t.ADD3(nLane2, row, nTmp2)
		t.VST1(t.elem, s(whole), 2, nTmp2)
	}
}

// finish puts the accumulators into C as Mode says. Where C is read it is
// multiplied by Beta, which is 1 more often than not and costs nothing then.
func (t *arm64Tile) finish() {
	unscaled, read, end := t.fresh("unscaled"), t.fresh("read"), t.fresh("stored")
	scalar := vec(neon.Vectors - 1)
	t.MOV(t.arg("Mode"), nTmp)
	t.TST(gemmScale, nTmp)
	t.B("EQ", unscaled)
	t.FLD(t.elem, t.arg("Alpha"), scalar)
	for i := range vec(t.h * t.nv) {
		t.FMULElem(t.elem, scalar, i, i)
	}
	t.label(unscaled)
	t.TST(gemmRead, nTmp)
	t.MOVR(nC, nTmp)
	t.B("NE", read)
	t.eachRow(func(i int) {})
	t.B("", end)

	t.label(read)
	t.FLD(t.elem, t.arg("Beta"), scalar)
	t.eachRow(func(i int) {
		t.get(nTmp, t.b)
		for v := range t.nv {
			t.fmaLow(t.b(v), scalar, t.acc(i, v))
		}
	})
	t.label(end)
}

// eachRow stores the rows of the tile after f, with nTmp at the row in C.
func (t *arm64Tile) eachRow(f func(i int)) {
	for i := range t.h {
		f(i)
		t.put(func(v int) vec { return t.acc(i, v) }, nTmp)
		if i < t.h-1 {
			t.ADD(nCRow, nTmp)
		}
	}
}

// String names the tile like the kernel.
func (t *arm64Tile) String() string {
	s := itoa(t.h) + "x" + itoa(t.nv*t.lanes())
	if t.partial {
		s += " partial"
	}
	return s
}
