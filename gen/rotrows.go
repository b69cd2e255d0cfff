package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rotRows turns neighbouring rows by a sequence of rotations, from the last pair
// up (LAPACK lasr): the row that two rotations share stays in registers, so that
// each row is loaded and stored once. Register plan, for a block of nb vectors
// of columns: nb of the row that is carried upward, two temporaries for each
// in turn, cosine and sine.
type rotRows struct {
	e    *emitter
	last Op // mask of the last vector
}

var (
	rrK, rrN, rrLda = reg.RDX, reg.RBX, reg.R8
	rrRow           = reg.RSI // row k of the block
	rrZ             = reg.RDI // the row at work
	rrC, rrS        = reg.R9, reg.R10
	rrI             = reg.RAX
	rrPieces        = lanePieces{reg.R11, reg.R12, reg.R13}
)

func emitRotRows(e *emitter, s Spec) {
	r := rotRows{e: e}
	e.text(s.Name(), "func(k, n int, z *"+e.elem.Go+", ldz int, c, s *"+e.elem.Go+")")
	e.Load(e.Param("k"), rrK)
	e.Load(e.Param("n"), rrN)
	e.Load(e.Param("z"), rrRow)
	e.Load(e.Param("ldz"), rrLda)
	e.Load(e.Param("c"), rrC)
	e.Load(e.Param("s"), rrS)
	e.SHLQ(Imm(shift(e.elem)), rrLda)
	e.MOVQ(rrLda, rrI)
	e.IMULQ(rrK, rrI)
	e.ADDQ(rrI, rrRow)
	widest := 4
	if e.isa.Masks {
		widest = 8
	}
	e.SHLQ(Imm(shift(e.elem)), rrN)
	e.blocks(widest, rrN, rrRow, r.block)
	e.SHRQ(Imm(shift(e.elem)), rrN)
	done := e.label("done")
	e.TESTQ(rrN, rrN)
	e.JZ(LabelRef(done))
	last := e.isa.Regs[len(e.isa.Regs)-1]
	r.last = Op(reg.K1)
	if !e.isa.Masks {
		r.last = last
	}
	e.MOVQ(rrN, rrPieces.n)
	e.laneMask(rrN, reg.K1, last)
	e.splitLanes(rrPieces)
	r.block(1)
	e.Label(done)
	e.ret()
}

// blocks emits the walk over so many bytes of columns in blocks of widest vectors,
// then of half as many, down to one: body works on a block that begins at at. What
// is less than a vector is left in bytes.
func (e *emitter) blocks(widest int, bytes, at reg.GPPhysical, body func(nb int)) {
	for nb := widest; nb >= 1; nb /= 2 {
		loop, done := e.label("columns"), e.label("narrower")
		e.Label(loop)
		e.CMPQ(bytes, I32(nb*e.isa.Width))
		e.JLT(LabelRef(done))
		body(nb)
		e.ADDQ(I32(nb*e.isa.Width), at)
		e.SUBQ(I32(nb*e.isa.Width), bytes)
		if nb == widest {
			e.JMP(LabelRef(loop))
		}
		e.Label(done)
	}
}

// block turns the rows in a block of columns.
func (r rotRows) block(nb int) {
	e := r.e
	at := func(v int) Mem { return Mem{Base: rrZ, Disp: v * e.isa.Width} }
	load := func(v int, dst Op) {
		if r.last != nil {
			e.loadMasked(at(v), r.last, dst)
		} else {
			e.load(at(v), dst)
		}
	}
	store := func(v int, src reg.VecPhysical, m Mem) {
		if r.last != nil {
			e.storeLast(src, rrPieces, m)
		} else {
			e.store(src, m)
		}
	}
	c, s, temp := nb, nb+1, nb+2
	pairs := min(nb, (len(e.isa.Regs)-1-temp)/2)
	e.MOVQ(rrRow, rrZ)
	e.MOVQ(rrK, rrI)
	for v := range nb {
		load(v, e.v(v))
	}
	loop := e.label("rotation")
	e.align()
	e.Label(loop)
	e.broadcast(Mem{Base: rrC, Index: rrI, Scale: uint8(e.elem.Size), Disp: -e.elem.Size}, e.v(c))
	e.broadcast(Mem{Base: rrS, Index: rrI, Scale: uint8(e.elem.Size), Disp: -e.elem.Size}, e.v(s))
	e.MOVQ(rrZ, reg.RCX) // the lower row
	e.SUBQ(rrLda, rrZ)
	for v := range nb {
		x, t := temp+2*(v%pairs), temp+2*(v%pairs)+1
		load(v, e.v(x))
		e.mul(e.v(c), e.v(v), e.v(t))
		e.mul(e.v(s), e.v(v), e.v(v))
		e.fma(e.v(s), e.v(x), e.v(t))
		e.mulsub(e.v(c), e.v(x), e.v(v))
		store(v, e.v(t), Mem{Base: reg.RCX, Disp: v * e.isa.Width})
	}
	e.DECQ(rrI)
	e.JNZ(LabelRef(loop))
	for v := range nb {
		store(v, e.v(v), at(v))
	}
}
