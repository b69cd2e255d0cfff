package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The qd transformation with a shift, by fractions d = p/r:
//
//	r' = e·r + p,  p' = (q − shift)·p − (shift·e)·r,  nextQ = r'/r,  nextE = q·e·r/r'
//
// The chain of p and r goes through four entries in scalar registers; while it goes
// through the next four, vectors of quotients are made of those. Every eight entries
// p and r are scaled by a power of 2.
const (
	qdHalf = 4
	// r may be from 2^−qdExponent to 2^qdExponent.
	qdExponent = 480
)

// Vector registers.
const qdShift, qdOne, qdLeast, qdLeastE, qdP, qdR, qdT, qdRs, qdPs, qdU = 0, 1, 2, 3, 4, 5, 6, 7, 11, 15

var (
	qdN, qdLeft          = reg.RDX, reg.RBX
	qdQ, qdE, qdNQ, qdNE = reg.RSI, reg.RDI, reg.R9, reg.R10
	qdLow, qdSpan        = reg.R11, reg.R12
)

// qd works on vectors of 32 bytes on every ISA: quotients take less time than the
// chain, which bounds.
type qd struct{ e *emitter }

func (g qd) y(i int) reg.VecPhysical { return avx2.Regs[i] }

// emitQD returns the number of entries done, all unless the range does not suffice.
func emitQD(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, shift float64, q, e, nextQ, nextE, state *float64) int")
	g := qd{e}
	exponents := e.AllocLocal(8)
	g.begin(exponents)
	e.Label("block")
	e.CMPQ(qdLeft, Imm(2*qdHalf))
	e.JLT(LabelRef("half"))
	g.half(0)
	g.half(1)
	g.scale(exponents)
	g.advance(2 * qdHalf)
	e.JMP(LabelRef("block"))
	e.Label("half")
	e.CMPQ(qdLeft, Imm(qdHalf))
	e.JLT(LabelRef("rest"))
	g.half(0)
	g.scale(exponents)
	g.advance(qdHalf)
	e.Label("rest")
	g.reduce()
	g.rest()
	g.end()
	e.Label("fail")
	g.reduce()
	g.end()
}

func (g qd) advance(entries int) {
	for _, r := range []reg.Register{qdQ, qdE, qdNQ, qdNE} {
		g.e.ADDQ(Imm(uint64(8*entries)), r)
	}
}

func (g qd) begin(exponents Mem) {
	g.e.MOVQ(U64(math.Float64bits(1)), reg.RAX)
	g.e.VMOVQ(reg.RAX, g.e.x(qdOne))
	g.e.VBROADCASTSD(g.e.x(qdOne), g.y(qdOne))
	g.e.MOVQ(U64(math.Float64bits(math.Inf(1))), reg.RAX)
	g.e.MOVQ(reg.RAX, exponents)
	g.e.MOVQ(U64(math.Float64bits(math.Ldexp(1, -qdExponent))), qdLow)
	g.e.MOVQ(U64(2*qdExponent<<52), qdSpan)
	g.e.VMOVSD(g.e.paramMem("shift"), g.e.x(qdShift))
	g.e.Load(g.e.Param("state"), reg.RAX)
	g.e.VMOVSD(Mem{Base: reg.RAX}, g.e.x(qdP))
	g.e.VMOVSD(Mem{Base: reg.RAX, Disp: 8}, g.e.x(qdR))
	g.e.VBROADCASTSD(Mem{Base: reg.RAX, Disp: 16}, g.y(qdLeast))
	g.e.VBROADCASTSD(Mem{Base: reg.RAX, Disp: 24}, g.y(qdLeastE))
	g.e.Load(g.e.Param("n"), qdN)
	g.e.MOVQ(qdN, qdLeft)
	g.e.Load(g.e.Param("q"), qdQ)
	g.e.Load(g.e.Param("e"), qdE)
	g.e.Load(g.e.Param("nextQ"), qdNQ)
	g.e.Load(g.e.Param("nextE"), qdNE)
}

// end stores the state and returns.
func (g qd) end() {
	g.e.Load(g.e.Param("state"), reg.RAX)
	for i, v := range []int{qdP, qdR, qdLeast, qdLeastE} {
		g.e.VMOVSD(g.e.x(v), Mem{Base: reg.RAX, Disp: 8 * i})
	}
	g.e.SUBQ(qdLeft, qdN)
	g.e.Store(qdN, g.e.ReturnIndex(0))
	g.e.ret()
}

// entry makes the next p and r.
func (g qd) entry(q, e Mem, p, r, nextP, nextR int) {
	g.e.VMULSD(e, g.e.x(qdShift), g.e.x(qdT))
	g.e.VMULSD(g.e.x(r), g.e.x(qdT), g.e.x(qdT))
	g.e.VMOVSD(e, g.e.x(nextR))
	g.e.VFMADD213SD(g.e.x(p), g.e.x(r), g.e.x(nextR))
	g.e.VSUBSD(q, g.e.x(qdShift), g.e.x(nextP))
	g.e.VFNMSUB213SD(g.e.x(qdT), g.e.x(p), g.e.x(nextP))
}

// check leaves where r is out of range, negative or NaN.
func (g qd) check(r int, fail string) {
	g.e.VMOVQ(g.e.x(r), reg.RAX)
	g.e.SUBQ(qdLow, reg.RAX)
	g.e.CMPQ(reg.RAX, qdSpan)
	g.e.JHI(LabelRef(fail))
}

// scale brings r to [2, 4): the complement of an exponent is that of twice the
// inverse power.
func (g qd) scale(exponents Mem) {
	g.e.VMOVSD(exponents, g.e.x(qdT))
	g.e.VANDNPD(g.e.x(qdT), g.e.x(qdR), g.e.x(qdT))
	g.e.VMULSD(g.e.x(qdT), g.e.x(qdR), g.e.x(qdR))
	g.e.VMULSD(g.e.x(qdT), g.e.x(qdP), g.e.x(qdP))
}

// half does four entries.
func (g qd) half(k int) {
	at := func(base reg.Register, i int) Mem { return Mem{Base: base, Disp: 8 * (k*qdHalf + i)} }
	p, r := qdP, qdR
	for i := range qdHalf {
		g.entry(at(qdQ, i), at(qdE, i), p, r, qdPs+i, qdRs+i)
		p, r = qdPs+i, qdRs+i
	}
	g.check(r, "fail")
	g.e.SUBQ(Imm(qdHalf), qdLeft)
	g.pack(qdRs, qdRs+1, qdRs+2, qdRs+3, qdT)
	g.pack(qdR, qdRs, qdRs+1, qdRs+2, qdR)
	g.pack(qdPs, qdPs+1, qdPs+2, qdPs+3, qdPs)
	g.e.VMOVAPD(g.e.x(p), g.e.x(qdP))
	before, next, ps, t := g.y(qdR), g.y(qdT), g.y(qdPs), g.y(qdU)
	g.e.VDIVPD(before, next, t)
	g.e.store(t, at(qdNQ, 0))
	g.e.VDIVPD(next, g.y(qdOne), t)
	g.e.mul(t, ps, ps)
	g.e.VMINPD(ps, g.y(qdLeast), g.y(qdLeast))
	g.e.mul(before, t, t)
	g.e.mul(at(qdQ, 0), t, t)
	g.e.mul(at(qdE, 0), t, t)
	g.e.store(t, at(qdNE, 0))
	g.e.VMINPD(t, g.y(qdLeastE), g.y(qdLeastE))
	g.e.VMOVAPD(g.e.x(r), g.e.x(qdR))
}

// pack fills dst, which may be a, with four scalars.
func (g qd) pack(a, b, c, d, dst int) {
	g.e.VUNPCKLPD(g.e.x(d), g.e.x(c), g.e.x(qdU))
	g.e.VUNPCKLPD(g.e.x(b), g.e.x(a), g.e.x(dst))
	g.e.VINSERTF128(Imm(1), g.e.x(qdU), g.y(dst), g.y(dst))
}

// rest does fewer than four entries.
func (g qd) rest() {
	p, r, t := qdPs, qdRs, qdU
	g.e.XORQ(reg.RCX, reg.RCX)
	g.e.JMP(LabelRef("more"))
	g.e.Label("entry")
	at := func(base reg.Register) Mem { return Mem{Base: base, Index: reg.RCX, Scale: 8} }
	g.entry(at(qdQ), at(qdE), qdP, qdR, p, r)
	g.check(r, "done")
	g.e.VDIVSD(g.e.x(qdR), g.e.x(r), g.e.x(t))
	g.e.VMOVSD(g.e.x(t), at(qdNQ))
	g.e.VDIVSD(g.e.x(r), g.e.x(qdOne), g.e.x(t))
	g.e.VMULSD(g.e.x(p), g.e.x(t), g.e.x(qdT))
	g.e.VMINSD(g.e.x(qdT), g.e.x(qdLeast), g.e.x(qdLeast))
	g.e.VMULSD(g.e.x(qdR), g.e.x(t), g.e.x(t))
	g.e.VMULSD(at(qdQ), g.e.x(t), g.e.x(t))
	g.e.VMULSD(at(qdE), g.e.x(t), g.e.x(t))
	g.e.VMOVSD(g.e.x(t), at(qdNE))
	g.e.VMINSD(g.e.x(t), g.e.x(qdLeastE), g.e.x(qdLeastE))
	g.e.VMOVAPD(g.e.x(p), g.e.x(qdP))
	g.e.VMOVAPD(g.e.x(r), g.e.x(qdR))
	g.e.INCQ(reg.RCX)
	g.e.DECQ(qdLeft)
	g.e.Label("more")
	g.e.TESTQ(qdLeft, qdLeft)
	g.e.JNZ(LabelRef("entry"))
	g.e.Label("done")
}

// reduce brings the minima to the low lanes.
func (g qd) reduce() {
	for _, i := range []int{qdLeast, qdLeastE} {
		g.e.VEXTRACTF128(Imm(1), g.y(i), g.e.x(qdT))
		g.e.VMINPD(g.e.x(qdT), g.e.x(i), g.e.x(i))
		g.e.VPERMILPD(Imm(1), g.e.x(i), g.e.x(qdT))
		g.e.VMINSD(g.e.x(qdT), g.e.x(i), g.e.x(i))
	}
}
