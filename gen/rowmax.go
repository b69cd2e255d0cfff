package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitRowMax: rows are short as a rule, so that one register takes the largest magnitudes
// of a row.
func emitRowMax(e *emitter, s Spec) {
	const abs, best = 14, 0
	p := e.elem.Go
	e.text(s.Name(), "func(m, n int, a *"+p+", lda int, y *"+p+")")
	rows, row, y, stride := reg.RDX, reg.RSI, reg.RDI, reg.R8
	vectors, rest, at, left := reg.R9, reg.R10, reg.R11, reg.R12
	last := e.isa.Regs[len(e.isa.Regs)-1]
	mask := Op(reg.K1)
	if !e.isa.Masks {
		mask = last
	}
	e.Load(e.Param("m"), rows)
	e.Load(e.Param("n"), vectors)
	e.Load(e.Param("a"), row)
	e.Load(e.Param("lda"), stride)
	e.Load(e.Param("y"), y)
	e.SHLQ(Imm(shift(e.elem)), stride)
	e.MOVQ(vectors, rest)
	e.ANDQ(I32(e.lanes()-1), rest)
	e.MOVQ(rest, reg.RAX)
	e.laneMask(reg.RAX, reg.K1, last)
	e.SUBQ(rest, vectors)
	e.absMask(abs)
	e.align()
	e.Label("row")
	e.zero(e.v(best))
	e.MOVQ(row, at)
	e.MOVQ(vectors, left)
	e.TESTQ(left, left)
	e.JZ(LabelRef("tail"))
	e.Label("vector")
	e.load(Mem{Base: at}, e.v(1))
	e.and(e.v(abs), e.v(1), e.v(1))
	e.maxMagnitude(1, best, 2)
	e.ADDQ(I32(e.isa.Width), at)
	e.SUBQ(I32(e.lanes()), left)
	e.JNZ(LabelRef("vector"))
	e.Label("tail")
	e.TESTQ(rest, rest)
	e.JZ(LabelRef("whole"))
	e.loadMasked(Mem{Base: at}, mask, e.v(1))
	e.and(e.v(abs), e.v(1), e.v(1))
	e.maxMagnitude(1, best, 2)
	e.Label("whole")
	e.spreadMax(best)
	either(e.elem, e.VMOVSS, e.VMOVSD)(e.x(best), Mem{Base: y})
	e.ADDQ(stride, row)
	e.ADDQ(I32(e.elem.Size), y)
	e.DECQ(rows)
	e.JNZ(LabelRef("row"))
	e.ret()
}
