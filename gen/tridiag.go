package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tridiag reduces rows of a symmetric matrix of small order to tridiagonal form
// by Householder reflections H = I - tau·v·vᵀ (LAPACK sytd2). The trailing matrix
// B, both triangles of it, becomes H·B·H = B - v·wᵀ - w·vᵀ, but not before the
// next reflector is known, which needs one row of it: the same pass over B then
// applies the one and multiplies by the other (Howell and others 2008). The
// product adds up rows of B times entries of v, so that no lanes need be added.
// Register plan of that pass, for a block of nb vectors of columns: nb each of
// the last v and w and of the product, an entry of B, three broadcasts.
type tridiag struct{ e *emitter }

var (
	tA, tLda         = reg.RSI, reg.R8 // tA: row i
	tI               = reg.RDX
	tPrev            = reg.RDI          // the last v
	tW, tU           = reg.R9, reg.R10  // w, and the product
	tCol, tEnd       = reg.RBX, reg.R11 // bytes in a row: of a column, behind the last
	tRow, tJ         = reg.R12, reg.R13 // a row of B and its number
	tFirst, tScratch = reg.R14, reg.R15 // the vector of column i+1 in a row; scratch
)

// Registers of what is not that pass.
const (
	tWi, tScale, tOne = 0, 1, 2
	tSum, tX          = 3, 4
	tAlpha, tTau      = 5, 6
	tRoot, tSign      = 7, 8
	tLower, tHot      = 14, 15 // masks where there are no opmasks
)

func emitTridiag(e *emitter, s Spec) {
	t := tridiag{e}
	e.text(s.Name(), "func(first, last, n int, a *"+e.elem.Go+", lda int, d, e, tau, work *"+e.elem.Go+")")
	e.Load(e.Param("first"), tI)
	e.Load(e.Param("n"), tEnd)
	e.Load(e.Param("a"), tA)
	e.Load(e.Param("lda"), tLda)
	e.Load(e.Param("work"), tW)
	e.SHLQ(Imm(shift(e.elem)), tLda)
	e.SHLQ(Imm(shift(e.elem)), tEnd)
	e.ADDQ(I32(e.isa.Width-1), tEnd)
	e.ANDQ(I32(-e.isa.Width), tEnd)
	e.LEAQ(Mem{Base: tW, Index: tEnd, Scale: 1}, tU)
	e.LEAQ(Mem{Base: tU, Index: tEnd, Scale: 1}, tPrev) // zeros, before the first row
	e.MOVQ(tLda, tScratch)
	e.IMULQ(tI, tScratch)
	e.ADDQ(tScratch, tA)
	begin := e.label("row")
	e.TESTQ(tI, tI)
	e.JZ(LabelRef(begin))
	e.MOVQ(tA, tPrev)
	e.SUBQ(tLda, tPrev)
	e.Label(begin)
	t.row()
	t.reflector()
	t.vector()
	t.trailing()
	t.image()
	e.MOVQ(tA, tPrev)
	e.ADDQ(tLda, tA)
	e.INCQ(tI)
	e.CMPQ(tI, e.paramMem("last"))
	e.JL(LabelRef(begin))
	e.ret()
}

func (t tridiag) entry(base reg.Register, disp int) Mem {
	return Mem{Base: base, Index: tI, Scale: uint8(t.e.elem.Size), Disp: disp * t.e.elem.Size}
}

func (t tridiag) in(base reg.Register) Mem { return Mem{Base: base, Index: tCol, Scale: 1} }

// scalar instructions
func (t tridiag) movs(src, dst Op)    { either(t.e.elem, t.e.VMOVSS, t.e.VMOVSD)(src, dst) }
func (t tridiag) subs(a, b, dst Op)   { either(t.e.elem, t.e.VSUBSS, t.e.VSUBSD)(a, b, dst) }
func (t tridiag) muls(a, b, dst Op)   { either(t.e.elem, t.e.VMULSS, t.e.VMULSD)(a, b, dst) }
func (t tridiag) divs(a, b, dst Op)   { either(t.e.elem, t.e.VDIVSS, t.e.VDIVSD)(a, b, dst) }
func (t tridiag) nmadd(a, b, c Op)    { either(t.e.elem, t.e.VFNMADD231PS, t.e.VFNMADD231PD)(a, b, c) }
func (t tridiag) nmadds(a, b, c Op)   { either(t.e.elem, t.e.VFNMADD231SS, t.e.VFNMADD231SD)(a, b, c) }
func (t tridiag) andNot(m, a, dst Op) { either(t.e.elem, t.e.VANDNPS, t.e.VANDNPD)(a, m, dst) }

func (t tridiag) spread(i int) {
	either(t.e.elem, func(x, y Op) { t.e.VBROADCASTSS(x, y) }, func(x, y Op) { t.e.VBROADCASTSD(x, y) })(t.e.x(i), t.e.v(i))
}

// row applies the last v and w to row i, from column i+2 on, and sums its
// squares there. It stores d and keeps entry i+1 as alpha.
func (t tridiag) row() {
	e := t.e
	e.broadcast(t.entry(tW, 0), e.v(tWi))
	t.movs(t.entry(tA, 0), e.x(tX))
	t.subs(e.x(tWi), e.x(tX), e.x(tX))
	t.subs(e.x(tWi), e.x(tX), e.x(tX))
	e.Load(e.Param("d"), tScratch)
	t.movs(e.x(tX), t.entry(tScratch, 0))
	t.movs(t.entry(tA, 1), e.x(tAlpha))
	t.subs(t.entry(tW, 1), e.x(tAlpha), e.x(tAlpha))
	t.nmadds(t.entry(tPrev, 1), e.x(tWi), e.x(tAlpha))
	e.LEAQ(Mem{Base: tI, Disp: 1}, reg.RCX)
	e.MOVQ(reg.RCX, tFirst)
	e.SHLQ(Imm(shift(e.elem)), tFirst)
	e.ANDQ(I32(-e.isa.Width), tFirst)
	e.ANDQ(I32(e.lanes()-1), reg.RCX) // lane of column i+1
	t.masks()
	e.zero(e.v(tSum))
	e.MOVQ(tFirst, tCol)
	loop, enter := e.label("update"), e.label("enter")
	t.updated()
	if e.isa.Masks {
		either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(tX), reg.K1, e.v(tX))
	} else {
		t.andNot(e.v(tLower), e.v(tX), e.v(tX))
	}
	e.JMP(LabelRef(enter))
	e.Label(loop)
	t.updated()
	e.Label(enter)
	e.store(e.v(tX), t.in(tA))
	e.fma(e.v(tX), e.v(tX), e.v(tSum))
	e.ADDQ(I32(e.isa.Width), tCol)
	e.CMPQ(tCol, tEnd)
	e.JL(LabelRef(loop))
	e.reduce(tSum, tX)
}

// updated leaves a vector of row i in tX.
func (t tridiag) updated() {
	t.e.load(t.in(tA), t.e.v(tX))
	either(t.e.elem, t.e.VSUBPS, t.e.VSUBPD)(t.in(tW), t.e.v(tX), t.e.v(tX)) // the entry of the last v is 1
	t.nmadd(t.in(tPrev), t.e.v(tWi), t.e.v(tX))
}

// masks makes those of the lanes behind that of column i+1, in CX, and of that
// lane alone. Without opmasks the first is inverted.
func (t tridiag) masks() {
	e := t.e
	if e.isa.Masks {
		e.MOVQ(I32(1), tScratch)
		e.SHLQ(reg.CL, tScratch)
		e.KMOVW(tScratch.As32(), reg.K2)
		e.NEGQ(tScratch)
		e.KMOVW(tScratch.As32(), reg.K1)
		e.KANDNW(reg.K1, reg.K2, reg.K1)
		return
	}
	e.LEAQ(e.laneTable(), tScratch)
	e.SHLQ(Imm(shift(e.elem)), reg.RCX)
	e.SUBQ(reg.RCX, tScratch)
	e.VMOVUPS(Mem{Base: tScratch, Disp: e.isa.Width - e.elem.Size}, e.v(tLower))
	e.VMOVUPS(Mem{Base: tScratch, Disp: e.isa.Width}, e.v(tHot))
	t.andNot(e.v(tHot), e.v(tLower), e.v(tHot))
}

// reflector finds beta, tau and the scale of v behind its first entry. Where the
// squares come near underflow, their norm would be too inexact for an orthogonal
// reflector, and the row counts as zero there.
func (t tridiag) reflector() {
	e := t.e
	none, done := e.label("none"), e.label("reflector")
	e.constant(1, tOne)
	e.constant(tinySquare(e.elem), tX)
	e.absMask(tSign)
	either(e.elem, e.VUCOMISS, e.VUCOMISD)(e.x(tX), e.x(tSum))
	e.JBE(LabelRef(none))
	either(e.elem, e.VFMADD231SS, e.VFMADD231SD)(e.x(tAlpha), e.x(tAlpha), e.x(tSum))
	either(e.elem, e.VSQRTSS, e.VSQRTSD)(e.x(tSum), e.x(tSum), e.x(tRoot))
	t.andNot(e.x(tSign), e.x(tAlpha), e.x(tSign))
	either(e.elem, e.VORPS, e.VORPD)(e.x(tSign), e.x(tRoot), e.x(tRoot)) // -beta
	either(e.elem, e.VADDSS, e.VADDSD)(e.x(tRoot), e.x(tAlpha), e.x(tTau))
	t.divs(e.x(tTau), e.x(tOne), e.x(tScale))
	t.divs(e.x(tRoot), e.x(tTau), e.x(tTau))
	e.zero(e.v(tAlpha))
	t.subs(e.x(tRoot), e.x(tAlpha), e.x(tAlpha))
	e.JMP(LabelRef(done))
	e.Label(none)
	e.zero(e.v(tTau))
	e.zero(e.v(tScale))
	e.Label(done)
	e.Load(e.Param("e"), tScratch)
	t.movs(e.x(tAlpha), t.entry(tScratch, 0))
	e.Load(e.Param("tau"), tScratch)
	t.movs(e.x(tTau), t.entry(tScratch, 0))
	t.spread(tScale)
}

// tinySquare is the sum of squares up to which such a sum may have lost digits to
// underflow.
func tinySquare(elem Elem) float64 { return either(elem, 0x1p-80, 0x1p-918) }

// vector scales v, whose first entry is 1.
func (t tridiag) vector() {
	e := t.e
	scaled := func() {
		e.load(t.in(tA), e.v(tX))
		e.mul(e.v(tScale), e.v(tX), e.v(tX))
	}
	loop, enter := e.label("scale"), e.label("enter")
	e.MOVQ(tFirst, tCol)
	scaled()
	if e.isa.Masks {
		either(e.elem, e.VMOVAPS, e.VMOVAPD)(e.v(tOne), reg.K2, e.v(tX))
	} else {
		e.and(e.v(tOne), e.v(tHot), e.v(tOne))
		e.add(e.v(tOne), e.v(tX), e.v(tX)) // where the product is a zero, of either sign
	}
	e.JMP(LabelRef(enter))
	e.Label(loop)
	scaled()
	e.Label(enter)
	e.store(e.v(tX), t.in(tA))
	e.ADDQ(I32(e.isa.Width), tCol)
	e.CMPQ(tCol, tEnd)
	e.JL(LabelRef(loop))
}

// trailing is the pass over B.
func (t tridiag) trailing() {
	widest := 4
	if t.e.isa.Masks {
		widest = 8
	}
	left := reg.RCX
	t.e.MOVQ(tEnd, left)
	t.e.SUBQ(tFirst, left)
	t.e.MOVQ(tFirst, tCol)
	t.e.blocks(widest, left, tCol, t.block)
}

func (t tridiag) block(nb int) {
	e := t.e
	v, w, sum, b := 0, nb, 2*nb, 3*nb
	temps := min(nb, len(e.isa.Regs)-b-3)
	at := func(base reg.Register, k int) Mem {
		return Mem{Base: base, Index: tCol, Scale: 1, Disp: k * e.isa.Width}
	}
	for k := range nb {
		e.load(at(tPrev, k), e.v(v+k))
		e.load(at(tW, k), e.v(w+k))
		e.zero(e.v(sum + k))
	}
	e.LEAQ(Mem{Base: tA, Index: tLda, Scale: 1}, tRow)
	e.LEAQ(Mem{Base: tI, Disp: 1}, tJ)
	loop := e.label("rows")
	e.align()
	e.Label(loop)
	for k, base := range []reg.Register{tPrev, tW, tA} {
		e.broadcast(Mem{Base: base, Index: tJ, Scale: uint8(e.elem.Size)}, e.v(b+k))
	}
	for k := range nb {
		x := e.v(b + 3 + k%temps)
		e.load(at(tRow, k), x)
		t.nmadd(e.v(b), e.v(w+k), x)
		t.nmadd(e.v(b+1), e.v(v+k), x)
		e.store(x, at(tRow, k))
		e.fma(e.v(b+2), x, e.v(sum+k))
	}
	e.ADDQ(tLda, tRow)
	e.INCQ(tJ)
	e.CMPQ(tJ, e.paramMem("n"))
	e.JL(LabelRef(loop))
	for k := range nb {
		e.store(e.v(sum+k), at(tU, k))
	}
}

// image turns the product u = B·v into w = tau·u - tau²·(v·u)/2·v.
func (t tridiag) image() {
	e := t.e
	e.zero(e.v(tSum))
	e.MOVQ(tFirst, tCol)
	dot, loop := e.label("dot"), e.label("image")
	e.Label(dot)
	e.load(t.in(tU), e.v(tX))
	e.fma(t.in(tA), e.v(tX), e.v(tSum))
	e.ADDQ(I32(e.isa.Width), tCol)
	e.CMPQ(tCol, tEnd)
	e.JL(LabelRef(dot))
	e.reduce(tSum, tX)
	e.Load(e.Param("tau"), tScratch)
	e.broadcast(t.entry(tScratch, 0), e.v(tTau))
	e.constant(0.5, tScale)
	t.muls(e.x(tTau), e.x(tScale), e.x(tScale))
	t.muls(e.x(tTau), e.x(tScale), e.x(tScale))
	t.muls(e.x(tScale), e.x(tSum), e.x(tSum))
	t.spread(tSum)
	e.MOVQ(tFirst, tCol)
	e.Label(loop)
	e.load(t.in(tU), e.v(tX))
	e.mul(e.v(tTau), e.v(tX), e.v(tX))
	t.nmadd(t.in(tA), e.v(tSum), e.v(tX))
	e.store(e.v(tX), t.in(tW))
	e.ADDQ(I32(e.isa.Width), tCol)
	e.CMPQ(tCol, tEnd)
	e.JL(LabelRef(loop))
}
