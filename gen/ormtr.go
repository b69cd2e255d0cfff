package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ormtr applies the reflectors H = I - tau·v·vᵀ of a tridiagonal reduction to the
// rows of a matrix Q, one after another, the first first. One pass over the rows
// applies a reflector and multiplies by the next. Register plan, for a block of
// nb vectors of columns: nb each of the last product, tau·vᵀ·Q, and of the next,
// two broadcasts and entries of Q.
type ormtr struct{ e *emitter }

var (
	oA, oLda   = reg.RSI, reg.R8
	oQ, oLdq   = reg.RDI, reg.R9 // oQ: the block in row 0
	oTau       = reg.R10
	oV, oPrev  = reg.R11, reg.R12 // v and the last v
	oTop, oRow = reg.R13, reg.R14 // rows i and j of the block
	oI, oJ     = reg.RAX, reg.RBX
	oN, oCols  = reg.RDX, reg.R15
)

func emitOrmtr(e *emitter, s Spec) {
	o := ormtr{e}
	e.text(s.Name(), "func(n, cols int, a *"+e.elem.Go+", lda int, tau, q *"+e.elem.Go+", ldq int)")
	e.Load(e.Param("n"), oN)
	e.Load(e.Param("cols"), oCols)
	e.Load(e.Param("a"), oA)
	e.Load(e.Param("lda"), oLda)
	e.Load(e.Param("tau"), oTau)
	e.Load(e.Param("q"), oQ)
	e.Load(e.Param("ldq"), oLdq)
	for _, r := range []reg.GPPhysical{oLda, oLdq, oCols} {
		e.SHLQ(Imm(shift(e.elem)), r)
	}
	widest := 4
	if e.isa.Masks {
		widest = 8
	}
	e.blocks(widest, oCols, oQ, o.block)
	e.ret()
}

func (o ormtr) block(nb int) {
	e := o.e
	last, next, b := 0, nb, 2*nb
	temps := min(nb, len(e.isa.Regs)-b-2)
	at := func(base reg.Register, k int) Mem { return Mem{Base: base, Disp: k * e.isa.Width} }
	subtract := either(e.elem, e.VSUBPS, e.VSUBPD)
	nmadd := either(e.elem, e.VFNMADD231PS, e.VFNMADD231PD)
	for k := range nb {
		e.zero(e.v(last + k))
	}
	e.XORQ(oI, oI)
	e.MOVQ(oA, oV)
	e.MOVQ(oA, oPrev)
	e.MOVQ(oQ, oTop)
	step, loop := e.label("reflector"), e.label("rows")
	e.Label(step)
	for k := range nb { // the first entry of the last v is 1, that of the next 0
		x := e.v(b + 2 + k%temps)
		e.load(at(oTop, k), x)
		subtract(e.v(last+k), x, x)
		e.store(x, at(oTop, k))
		e.zero(e.v(next + k))
	}
	e.ADDQ(oLdq, oTop)
	e.MOVQ(oTop, oRow)
	e.LEAQ(Mem{Base: oI, Disp: 1}, oJ)
	e.align()
	e.Label(loop)
	for k, base := range []reg.Register{oPrev, oV} {
		e.broadcast(Mem{Base: base, Index: oJ, Scale: uint8(e.elem.Size)}, e.v(b+k))
	}
	for k := range nb {
		x := e.v(b + 2 + k%temps)
		e.load(at(oRow, k), x)
		nmadd(e.v(b), e.v(last+k), x)
		e.store(x, at(oRow, k))
		e.fma(e.v(b+1), x, e.v(next+k))
	}
	e.ADDQ(oLdq, oRow)
	e.INCQ(oJ)
	e.CMPQ(oJ, oN)
	e.JL(LabelRef(loop))
	e.broadcast(Mem{Base: oTau, Index: oI, Scale: uint8(e.elem.Size)}, e.v(b))
	for k := range nb {
		e.mul(e.v(b), e.v(next+k), e.v(last+k))
	}
	e.MOVQ(oV, oPrev)
	e.ADDQ(oLda, oV)
	e.INCQ(oI)
	e.LEAQ(Mem{Base: oI, Disp: 1}, oJ)
	e.CMPQ(oJ, oN)
	e.JL(LabelRef(step))
}
