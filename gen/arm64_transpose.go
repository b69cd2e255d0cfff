package main

// neonTranspose copies an m × n matrix into its transpose, in square blocks of
// one vector a side; blocks at an edge go entry by entry.
func neonTranspose(e *arm64Emitter, _ Spec) {
	t := &arm64Transpose{e, e.lanes()}
	e.param("m", nM)
	e.param("src", nSrcRow)
	e.param("ss", nSS)
	e.param("dst", nDstCol)
	e.param("ds", nDS)
	e.shl(nSS)
	e.shl(nDS)

	e.label("rows")
	e.param("n", nN)
	e.MOVR(nSrcRow, nSrc)
	e.MOVR(nDstCol, nDst)
	e.label("columns")
	e.CMPI(t.side, nM)
	e.B("LT", "edge")
	e.CMPI(t.side, nN)
	e.B("LT", "edge")
	t.block()
	e.label("next")
	e.ADDI(neon.Width, nSrc)
	e.ADDShifted(nDS, t.log2(), nDst)
	e.SUBSI(t.side, nN)
	e.B("GT", "columns")
	e.ADDShifted(nSS, t.log2(), nSrcRow)
	e.ADDI(neon.Width, nDstCol)
	e.SUBSI(t.side, nM)
	e.B("GT", "rows")
	e.RET()

	e.label("edge")
	t.edge()
	e.B("", "next")
}

const (
	nM      = gpr(0) // rows and columns left
	nN      = gpr(1)
	nSS     = gpr(2)
	nDS     = gpr(3)
	nSrcRow = gpr(4) // where this row of blocks begins
	nDstCol = gpr(5)
	nSrc    = gpr(6) // this block
	nDst    = gpr(7)
	nFrom   = gpr(8) // walk over its rows
	nTo     = gpr(9)
	nI      = gpr(10) // of an edge's: rows and columns left, and where
	nJ      = gpr(11)
	nFromAt = gpr(12)
	nToAt   = gpr(13)
	nEntry  = gpr(14)
)

type arm64Transpose struct {
	*arm64Emitter
	side int
}

func (t *arm64Transpose) log2() int { return either(t.elem, 2, 1) }

// block transposes in registers: entries of neighbouring rows are interleaved,
// then, with four to a vector, pairs of them.
func (t *arm64Transpose) block() {
	t.MOVR(nSrc, nFrom)
	t.MOVR(nDst, nTo)
	for i := range vec(t.side) {
		t.FMOVQ(address{base: nFrom}, i)
		t.ADD(nSS, nFrom)
	}
	first := vec(4)
	if t.elem == f32 {
		t.VZIP(f32, 0, 2, 4, 5)
		t.VZIP(f32, 1, 3, 6, 7)
		t.VZIP(f32, 4, 6, 0, 1)
		t.VZIP(f32, 5, 7, 2, 3)
		first = 0
	} else {
		t.VZIP(f64, 0, 1, 4, 5)
	}
	for i := range vec(t.side) {
		t.FSTQ(first+i, address{base: nTo})
		t.ADD(nDS, nTo)
	}
}

// edge copies a block of min(side, m) rows and min(side, n) columns.
func (t *arm64Transpose) edge() {
	t.MOVI(t.side, nEntry)
	t.CMP(nEntry, nM)
	t.CSEL("LT", nM, nEntry, nI)
	t.MOVR(nSrc, nFrom)
	t.MOVR(nDst, nTo)
	t.label("edge_row")
	t.MOVI(t.side, nEntry)
	t.CMP(nEntry, nN)
	t.CSEL("LT", nN, nEntry, nJ)
	t.MOVR(nFrom, nFromAt)
	t.MOVR(nTo, nToAt)
	t.label("edge_entry")
	t.FLD(t.elem, address{base: nFromAt, post: t.elem.Size}, 0)
	t.FST(t.elem, 0, address{base: nToAt})
	t.ADD(nDS, nToAt)
	t.SUBSI(1, nJ)
	t.B("NE", "edge_entry")
	t.ADD(nSS, nFrom)
	t.ADDI(t.elem.Size, nTo)
	t.SUBSI(1, nI)
	t.B("NE", "edge_row")
}
