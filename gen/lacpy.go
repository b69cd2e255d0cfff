package main

import (
	"math/bits"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lacpy copies a matrix (LAPACK lacpy): what packs panels. A row goes in
// chunks of four vectors and a rest of one to four, the last of them masked.
// While a rest is copied, that of the row lacpyAhead further on is fetched: the
// rows of a narrow panel lie too far apart for the processor to foresee.
type lacpy struct {
	e    *emitter
	mask Op
}

const (
	lacpyChunk = 4 // vectors
	lacpyAhead = 8 // rows
)

var (
	cM, cChunks  = reg.RDX, reg.RBX
	cSrc, cDst   = reg.RSI, reg.RDI
	cSS, cDS     = reg.R8, reg.R9
	cFrom, cTo   = reg.R10, reg.R11
	cLeft, cRest = reg.R12, reg.R13
	cTmp         = reg.RAX
	cPieces      = lanePieces{reg.R14, reg.R15, reg.RCX}
)

func emitLacpy(e *emitter, s Spec) {
	e.text(s.Name(), "func(m, n int, src *"+e.elem.Go+", ss int, dst *"+e.elem.Go+", ds int)")
	c := &lacpy{e: e}
	e.Load(e.Param("m"), cM)
	e.Load(e.Param("n"), cChunks)
	e.Load(e.Param("src"), cSrc)
	e.Load(e.Param("ss"), cSS)
	e.Load(e.Param("dst"), cDst)
	e.Load(e.Param("ds"), cDS)
	e.SHLQ(Imm(shift(e.elem)), cSS)
	e.SHLQ(Imm(shift(e.elem)), cDS)
	c.split()
	e.Label("row")
	e.MOVQ(cSrc, cFrom)
	e.MOVQ(cDst, cTo)
	e.MOVQ(cChunks, cLeft)
	e.TESTQ(cLeft, cLeft)
	e.JZ(LabelRef("rest"))
	e.Label("chunk")
	c.vectors(lacpyChunk, false)
	e.ADDQ(I32(lacpyChunk*e.isa.Width), cFrom)
	e.ADDQ(I32(lacpyChunk*e.isa.Width), cTo)
	e.DECQ(cLeft)
	e.JNZ(LabelRef("chunk"))
	e.Label("rest")
	for vecs := lacpyChunk; vecs >= 1; vecs-- {
		e.CMPQ(cRest, Imm(uint64(vecs)))
		e.JEQ(LabelRef("rest" + itoa(vecs)))
	}
	e.Label("next")
	e.ADDQ(cSS, cSrc)
	e.ADDQ(cDS, cDst)
	e.DECQ(cM)
	e.JNZ(LabelRef("row"))
	e.ret()
	for vecs := lacpyChunk; vecs >= 1; vecs-- {
		e.Label("rest" + itoa(vecs))
		c.fetch(vecs)
		c.vectors(vecs, true)
		e.JMP(LabelRef("next"))
	}
}

// split turns n, in cChunks, into chunks, the vectors of the rest and the mask
// of its last one.
func (c *lacpy) split() {
	c.mask = reg.K1
	if !c.e.isa.Masks {
		c.mask = c.e.v(lacpyChunk)
	}
	lanes := uint64(c.e.lanes())
	c.e.MOVQ(cChunks, cRest)
	c.e.ANDQ(Imm(lacpyChunk*lanes-1), cRest) // entries of the rest
	c.e.SHRQ(Imm(bitsOf(lacpyChunk*lanes)), cChunks)
	c.e.MOVQ(cRest, cTmp)
	c.e.ADDQ(Imm(lanes-1), cRest)
	c.e.SHRQ(Imm(bitsOf(lanes)), cRest)
	c.e.DECQ(cTmp)
	c.e.ANDQ(Imm(lanes-1), cTmp)
	c.e.INCQ(cTmp) // lanes of the last vector
	c.e.MOVQ(cTmp, cPieces.n)
	c.e.laneMask(cTmp, reg.K1, c.e.v(lacpyChunk))
	c.e.splitLanes(cPieces)
}

func (c *lacpy) fetch(vecs int) {
	c.e.LEAQ(Mem{Base: cFrom, Index: cSS, Scale: lacpyAhead}, cTmp)
	for at := 0; at < vecs*c.e.isa.Width; at += 64 {
		c.e.PREFETCHT0(Mem{Base: cTmp, Disp: at})
	}
}

func (c *lacpy) vectors(n int, masked bool) {
	at := func(base reg.Register, v int) Mem { return Mem{Base: base, Disp: v * c.e.isa.Width} }
	for v := range n {
		if masked && v == n-1 {
			c.e.loadMasked(at(cFrom, v), c.mask, c.e.v(v))
		} else {
			c.e.load(at(cFrom, v), c.e.v(v))
		}
	}
	for v := range n {
		if masked && v == n-1 {
			c.e.storeUpTo(c.e.v(v), cPieces, at(cTo, v))
		} else {
			c.e.store(c.e.v(v), at(cTo, v))
		}
	}
}

// bitsOf is log2 of a power of two.
func bitsOf(n uint64) uint64 { return uint64(bits.TrailingZeros64(n)) }
