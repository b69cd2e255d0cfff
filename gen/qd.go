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
type qd struct{ *emitter }

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
		g.ADDQ(Imm(uint64(8*entries)), r)
	}
}

func (g qd) begin(exponents Mem) {
	g.MOVQ(U64(math.Float64bits(1)), reg.RAX)
	g.VMOVQ(reg.RAX, g.x(qdOne))
	g.VBROADCASTSD(g.x(qdOne), g.y(qdOne))
	g.MOVQ(U64(math.Float64bits(math.Inf(1))), reg.RAX)
	g.MOVQ(reg.RAX, exponents)
	g.MOVQ(U64(math.Float64bits(math.Ldexp(1, -qdExponent))), qdLow)
	g.MOVQ(U64(2*qdExponent<<52), qdSpan)
	g.VMOVSD(g.paramMem("shift"), g.x(qdShift))
	g.Load(g.Param("state"), reg.RAX)
	g.VMOVSD(Mem{Base: reg.RAX}, g.x(qdP))
	g.VMOVSD(Mem{Base: reg.RAX, Disp: 8}, g.x(qdR))
	g.VBROADCASTSD(Mem{Base: reg.RAX, Disp: 16}, g.y(qdLeast))
	g.VBROADCASTSD(Mem{Base: reg.RAX, Disp: 24}, g.y(qdLeastE))
	g.Load(g.Param("n"), qdN)
	g.MOVQ(qdN, qdLeft)
	g.Load(g.Param("q"), qdQ)
	g.Load(g.Param("e"), qdE)
	g.Load(g.Param("nextQ"), qdNQ)
	g.Load(g.Param("nextE"), qdNE)
}

// end stores the state and returns.
func (g qd) end() {
	g.Load(g.Param("state"), reg.RAX)
	for i, v := range []int{qdP, qdR, qdLeast, qdLeastE} {
		g.VMOVSD(g.x(v), Mem{Base: reg.RAX, Disp: 8 * i})
	}
	g.SUBQ(qdLeft, qdN)
	g.Store(qdN, g.ReturnIndex(0))
	g.ret()
}

// entry makes the next p and r.
func (g qd) entry(q, e Mem, p, r, nextP, nextR int) {
	g.VMULSD(e, g.x(qdShift), g.x(qdT))
	g.VMULSD(g.x(r), g.x(qdT), g.x(qdT))
	g.VMOVSD(e, g.x(nextR))
	g.VFMADD213SD(g.x(p), g.x(r), g.x(nextR))
	g.VSUBSD(q, g.x(qdShift), g.x(nextP))
	g.VFNMSUB213SD(g.x(qdT), g.x(p), g.x(nextP))
}

// check leaves where r is out of range, negative or NaN.
func (g qd) check(r int, fail string) {
	g.VMOVQ(g.x(r), reg.RAX)
	g.SUBQ(qdLow, reg.RAX)
	g.CMPQ(reg.RAX, qdSpan)
	g.JHI(LabelRef(fail))
}

// scale brings r to [2, 4): the complement of an exponent is that of twice the
// inverse power.
func (g qd) scale(exponents Mem) {
	g.VMOVSD(exponents, g.x(qdT))
	g.VANDNPD(g.x(qdT), g.x(qdR), g.x(qdT))
	g.VMULSD(g.x(qdT), g.x(qdR), g.x(qdR))
	g.VMULSD(g.x(qdT), g.x(qdP), g.x(qdP))
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
	g.SUBQ(Imm(qdHalf), qdLeft)
	g.pack(qdRs, qdRs+1, qdRs+2, qdRs+3, qdT)
	g.pack(qdR, qdRs, qdRs+1, qdRs+2, qdR)
	g.pack(qdPs, qdPs+1, qdPs+2, qdPs+3, qdPs)
	g.VMOVAPD(g.x(p), g.x(qdP))
	before, next, ps, t := g.y(qdR), g.y(qdT), g.y(qdPs), g.y(qdU)
	g.VDIVPD(before, next, t)
	g.store(t, at(qdNQ, 0))
	g.VDIVPD(next, g.y(qdOne), t)
	g.mul(t, ps, ps)
	g.VMINPD(ps, g.y(qdLeast), g.y(qdLeast))
	g.mul(before, t, t)
	g.mul(at(qdQ, 0), t, t)
	g.mul(at(qdE, 0), t, t)
	g.store(t, at(qdNE, 0))
	g.VMINPD(t, g.y(qdLeastE), g.y(qdLeastE))
	g.VMOVAPD(g.x(r), g.x(qdR))
}

// pack fills dst, which may be a, with four scalars.
func (g qd) pack(a, b, c, d, dst int) {
	g.VUNPCKLPD(g.x(d), g.x(c), g.x(qdU))
	g.VUNPCKLPD(g.x(b), g.x(a), g.x(dst))
	g.VINSERTF128(Imm(1), g.x(qdU), g.y(dst), g.y(dst))
}

// rest does fewer than four entries.
func (g qd) rest() {
	p, r, t := qdPs, qdRs, qdU
	g.XORQ(reg.RCX, reg.RCX)
	g.JMP(LabelRef("more"))
	g.Label("entry")
	at := func(base reg.Register) Mem { return Mem{Base: base, Index: reg.RCX, Scale: 8} }
	g.entry(at(qdQ), at(qdE), qdP, qdR, p, r)
	g.check(r, "done")
	g.VDIVSD(g.x(qdR), g.x(r), g.x(t))
	g.VMOVSD(g.x(t), at(qdNQ))
	g.VDIVSD(g.x(r), g.x(qdOne), g.x(t))
	g.VMULSD(g.x(p), g.x(t), g.x(qdT))
	g.VMINSD(g.x(qdT), g.x(qdLeast), g.x(qdLeast))
	g.VMULSD(g.x(qdR), g.x(t), g.x(t))
	g.VMULSD(at(qdQ), g.x(t), g.x(t))
	g.VMULSD(at(qdE), g.x(t), g.x(t))
	g.VMOVSD(g.x(t), at(qdNE))
	g.VMINSD(g.x(t), g.x(qdLeastE), g.x(qdLeastE))
	g.VMOVAPD(g.x(p), g.x(qdP))
	g.VMOVAPD(g.x(r), g.x(qdR))
	g.INCQ(reg.RCX)
	g.DECQ(qdLeft)
	g.Label("more")
	g.TESTQ(qdLeft, qdLeft)
	g.JNZ(LabelRef("entry"))
	g.Label("done")
}

// reduce brings the minima to the low lanes.
func (g qd) reduce() {
	for _, i := range []int{qdLeast, qdLeastE} {
		g.VEXTRACTF128(Imm(1), g.y(i), g.x(qdT))
		g.VMINPD(g.x(qdT), g.x(i), g.x(i))
		g.VPERMILPD(Imm(1), g.x(i), g.x(qdT))
		g.VMINSD(g.x(qdT), g.x(i), g.x(i))
	}
}
