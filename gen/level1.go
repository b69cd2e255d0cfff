package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Every level 1 kernel takes n first and its vectors in order; n may be zero.
// A call is short enough for the scheduler when the caller bounds n.

var vectorRegs = []reg.GPPhysical{reg.RSI, reg.RDI, reg.R8}

// step is one vector's worth of work inside walk.
type step struct {
	e    *emitter
	u    int // position in the unrolled block
	mask Op  // nil but for the remainder
}

func (s step) at(ptr int) Mem {
	return Mem{Base: vectorRegs[ptr], Disp: s.u * s.e.isa.Width}
}

func (s step) load(ptr, dst int) {
	if s.mask != nil {
		s.e.loadMasked(s.at(ptr), s.mask, s.e.v(dst))
		return
	}
	s.e.load(s.at(ptr), s.e.v(dst))
}

// store stores a register, which it may clobber.
func (s step) store(src, ptr int) {
	if s.mask == nil {
		s.e.store(s.e.v(src), s.at(ptr))
		return
	}
	s.e.splitLanes(remainder)
	s.e.storeLast(s.e.v(src), remainder, s.at(ptr))
}

// remainder are the registers of walk for it.
var remainder = lanePieces{reg.RDX, reg.R10, reg.R11}

// walk emits the loop of a level 1 kernel: blocks of unroll vectors, one block
// of half as many where that many are left, and so on, and a masked remainder. The parameter n and the vectors named are
// loaded; on AVX2 the last vector register holds the remainder's mask.
func (e *emitter) walk(vectors []string, unroll int, body func(step)) {
	e.walkBlocks(vectors, unroll, func(block []step) {
		for _, t := range block {
			body(t)
		}
	})
}

// walkBlocks is walk for bodies that do a block in an order of their own.
func (e *emitter) walkBlocks(vectors []string, unroll int, body func(block []step)) {
	n := remainder.n
	e.Load(e.Param("n"), n)
	for i, v := range vectors {
		e.Load(e.Param(v), vectorRegs[i])
	}
	done := e.label("done")
	lanes := e.lanes()
	for by := unroll; by >= 1; by /= 2 {
		block, fewer := e.label("block"), e.label("fewer")
		e.CMPQ(n, I32(by*lanes))
		e.JLT(LabelRef(fewer))
		if by == unroll {
			e.align()
			e.Label(block)
		}
		steps := make([]step, by)
		for u := range steps {
			steps[u] = step{e: e, u: u}
		}
		body(steps)
		for i := range vectors {
			e.ADDQ(I32(by*e.isa.Width), vectorRegs[i])
		}
		e.SUBQ(I32(by*lanes), n)
		if by == unroll {
			e.CMPQ(n, I32(by*lanes))
			e.JGE(LabelRef(block))
		}
		e.Label(fewer)
	}
	e.TESTQ(n, n)
	e.JZ(LabelRef(done))
	mask := Op(reg.K1)
	last := e.isa.Regs[len(e.isa.Regs)-1]
	if !e.isa.Masks {
		mask = last
	}
	e.MOVQ(n, remainder.second)
	e.laneMask(remainder.second, reg.K1, last)
	body([]step{{e: e, mask: mask}})
	e.Label(done)
}

func (e *emitter) zeroAll(n int) {
	for i := range n {
		e.zero(e.v(i))
	}
}

// sum adds the first n registers, a power of two, into register 0.
func (e *emitter) sum(n int) {
	for ; n > 1; n /= 2 {
		for i := range n / 2 {
			e.add(e.v(i+n/2), e.v(i), e.v(i))
		}
	}
}

func emitAxpy(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, alpha "+e.elem.Go+", x, y *"+e.elem.Go+")")
	e.broadcastParam("alpha", e.v(0))
	e.walk([]string{"x", "y"}, 8, func(t step) {
		x, y := 1+t.u%4, 5+t.u%4
		t.load(0, x)
		t.load(1, y)
		e.fma(e.v(0), e.v(x), e.v(y))
		t.store(y, 1)
	})
	e.ret()
}

func emitScal(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, alpha "+e.elem.Go+", x *"+e.elem.Go+")")
	e.broadcastParam("alpha", e.v(0))
	e.walk([]string{"x"}, 8, func(t step) {
		x := 1 + t.u
		t.load(0, x)
		e.mul(e.v(0), e.v(x), e.v(x))
		t.store(x, 0)
	})
	e.ret()
}

// pairs is walk for two vectors that are both written. A run of each comes in turn:
// written vector by vector, lines of the two get in each other's way. The registers
// from first on hold x, then y.
func (e *emitter) pairs(first int, body func(block []step, x, y func(u int) int)) {
	const run = 4
	x := func(u int) int { return first + u }
	y := func(u int) int { return first + run + u }
	e.walkBlocks([]string{"x", "y"}, run, func(block []step) {
		for _, t := range block {
			t.load(0, x(t.u))
		}
		for _, t := range block {
			t.load(1, y(t.u))
		}
		body(block, x, y)
	})
	e.ret()
}

func emitSwap(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x, y *"+e.elem.Go+")")
	e.pairs(0, func(block []step, x, y func(int) int) {
		for _, t := range block {
			t.store(y(t.u), 0)
		}
		for _, t := range block {
			t.store(x(t.u), 1)
		}
	})
}

// emitRot: x, y = c·x + s·y, c·y − s·x.
func emitRot(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x, y *"+e.elem.Go+", c, s "+e.elem.Go+")")
	e.broadcastParam("c", e.v(0))
	e.broadcastParam("s", e.v(1))
	e.pairs(6, func(block []step, x, y func(int) int) {
		for _, t := range block {
			r := 2 + t.u%4
			e.mul(e.v(0), e.v(x(t.u)), e.v(r))
			e.fma(e.v(1), e.v(y(t.u)), e.v(r))
			t.store(r, 0)
		}
		for _, t := range block {
			r := 2 + t.u%4
			e.mul(e.v(1), e.v(x(t.u)), e.v(r))
			e.mulsub(e.v(0), e.v(y(t.u)), e.v(r))
			t.store(r, 1)
		}
	})
}

func emitDot(e *emitter, s Spec) {
	const unroll = 8
	e.text(s.Name(), "func(n int, x, y *"+e.elem.Go+") "+e.elem.Go)
	e.zeroAll(unroll)
	e.walk([]string{"x", "y"}, unroll, func(t step) {
		x, y := 8+t.u%3, 11+t.u%3
		t.load(0, x)
		t.load(1, y)
		e.fma(e.v(x), e.v(y), e.v(t.u))
	})
	e.sum(unroll)
	e.reduce(0, 1)
	e.returnScalar(0)
}

func emitSumSq(e *emitter, s Spec) {
	const unroll = 8
	e.text(s.Name(), "func(n int, x *"+e.elem.Go+") "+e.elem.Go)
	e.zeroAll(unroll)
	e.walk([]string{"x"}, unroll, func(t step) {
		x := 8 + t.u%6
		t.load(0, x)
		e.fma(e.v(x), e.v(x), e.v(t.u))
	})
	e.sum(unroll)
	e.reduce(0, 1)
	e.returnScalar(0)
}

// absMask fills register i with ones but for the sign bits.
func (e *emitter) absMask(i int) {
	if e.elem == f32 {
		e.MOVQ(U64(0x7fffffff), reg.RAX)
		e.VMOVD(reg.EAX, e.x(i))
		e.VPBROADCASTD(e.x(i), e.v(i))
		return
	}
	e.MOVQ(U64(1<<63-1), reg.RAX)
	e.VMOVQ(reg.RAX, e.x(i))
	e.VPBROADCASTQ(e.x(i), e.v(i))
}

func emitAsum(e *emitter, s Spec) {
	const unroll, abs = 8, 14
	e.text(s.Name(), "func(n int, x *"+e.elem.Go+") "+e.elem.Go)
	e.zeroAll(unroll)
	e.absMask(abs)
	e.walk([]string{"x"}, unroll, func(t step) {
		x := 8 + t.u%6
		t.load(0, x)
		e.and(e.v(abs), e.v(x), e.v(x))
		e.add(e.v(x), e.v(t.u), e.v(t.u))
	})
	e.sum(unroll)
	e.reduce(0, 1)
	e.returnScalar(0)
}

// emitTriple: the sums x·x, y·y and x·y that one-sided Jacobi decides on, in
// one pass over both vectors.
func emitTriple(e *emitter, s Spec) {
	const unroll = 2
	e.text(s.Name(), "func(n int, x, y, sums *"+e.elem.Go+")")
	e.zeroAll(3 * unroll)
	e.walk([]string{"x", "y"}, unroll, func(t step) {
		x, y := 6+2*t.u, 7+2*t.u
		t.load(0, x)
		t.load(1, y)
		e.fma(e.v(x), e.v(x), e.v(3*t.u))
		e.fma(e.v(y), e.v(y), e.v(3*t.u+1))
		e.fma(e.v(x), e.v(y), e.v(3*t.u+2))
	})
	e.Load(e.Param("sums"), reg.RAX)
	for i := range 3 {
		e.add(e.v(i+3), e.v(i), e.v(i))
		e.reduce(i, 3)
		either(e.elem, e.VMOVSS, e.VMOVSD)(e.x(i), Mem{Base: reg.RAX, Disp: i * e.elem.Size})
	}
	e.ret()
}

// emitIamax: the first index of the largest |x|. Magnitudes are compared as
// integers, which order NaN above everything. n must be positive.
func emitIamax(e *emitter, s Spec) {
	const abs, best = 14, 0
	e.text(s.Name(), "func(n int, x *"+e.elem.Go+") int")
	e.zero(e.v(best))
	e.absMask(abs)
	e.walk([]string{"x"}, 1, func(t step) {
		t.load(0, 1)
		e.and(e.v(abs), e.v(1), e.v(1))
		e.maxMagnitude(1, best, 2)
	})
	e.spreadMax(best)
	e.findFirst(abs, best)
	e.ret()
}

// maxMagnitude sets dst to the larger of both, lane by lane; t is scratch.
func (e *emitter) maxMagnitude(src, dst, t int) {
	switch {
	case e.elem == f32:
		e.VPMAXUD(e.v(src), e.v(dst), e.v(dst))
	case e.isa == avx512:
		e.VPMAXUQ(e.v(src), e.v(dst), e.v(dst))
	default: // signs are clear, so a signed comparison orders as well
		e.VPCMPGTQ(e.v(dst), e.v(src), e.v(t))
		e.VBLENDVPD(e.v(t), e.v(src), e.v(dst), e.v(dst))
	}
}

// spreadMax puts the largest lane of register i into every lane. Each step
// folds one half onto the other, whatever lies in it.
func (e *emitter) spreadMax(i int) {
	fold := func(shuffle func()) {
		shuffle()
		e.maxMagnitude(1, i, 2)
	}
	if e.isa == avx512 {
		fold(func() { e.VSHUFF64X2(Imm(0x4e), e.v(i), e.v(i), e.v(1)) })
		fold(func() { e.VSHUFF64X2(Imm(0xb1), e.v(i), e.v(i), e.v(1)) })
	} else {
		fold(func() { e.VPERM2F128(Imm(1), e.v(i), e.v(i), e.v(1)) })
	}
	fold(func() { e.VPERMILPD(Imm(0x55), e.v(i), e.v(1)) })
	if e.elem == f32 {
		fold(func() { e.VPERMILPS(Imm(0xb1), e.v(i), e.v(1)) })
	}
}

// findFirst returns the index of the first entry whose magnitude is that of
// every lane of best; there is one. A remainder's masked lanes read as zero,
// which comes after every entry.
func (e *emitter) findFirst(abs, best int) {
	n, x, index, bits := reg.RDX, reg.RSI, reg.RAX, reg.RBX
	e.Load(e.Param("n"), n)
	e.Load(e.Param("x"), x)
	e.XORQ(index, index)
	loop, tail, found := e.label("find"), e.label("tail"), e.label("found")
	compare := func() {
		e.and(e.v(abs), e.v(1), e.v(1))
		if e.isa.Masks {
			either(e.elem, e.VPCMPEQD, e.VPCMPEQQ)(e.v(1), e.v(best), reg.K2)
			e.KMOVW(reg.K2, bits.As32())
		} else {
			either(e.elem, e.VPCMPEQD, e.VPCMPEQQ)(e.v(1), e.v(best), e.v(1))
			either(e.elem, e.VMOVMSKPS, e.VMOVMSKPD)(e.v(1), bits.As32())
		}
		e.TESTL(bits.As32(), bits.As32())
		e.JNZ(LabelRef(found))
	}
	e.Label(loop)
	e.CMPQ(n, Imm(uint64(e.lanes())))
	e.JLT(LabelRef(tail))
	e.load(Mem{Base: x}, e.v(1))
	compare()
	e.ADDQ(Imm(uint64(e.isa.Width)), x)
	e.ADDQ(Imm(uint64(e.lanes())), index)
	e.SUBQ(Imm(uint64(e.lanes())), n)
	e.JMP(LabelRef(loop))
	e.Label(tail)
	last := e.isa.Regs[len(e.isa.Regs)-1]
	mask := Op(reg.K1)
	if !e.isa.Masks {
		mask = last
	}
	e.laneMask(n, reg.K1, last)
	e.loadMasked(Mem{Base: x}, mask, e.v(1))
	compare()
	e.Label(found)
	e.BSFQ(bits, bits)
	e.ADDQ(bits, index)
	e.Store(index, e.ReturnIndex(0))
}

// emitFMALoop runs n rounds of 24 independent FMAs on registers alone: the
// peak that every figure is a share of.
func emitFMALoop(e *emitter, s Spec) {
	const acc = 12
	e.text(s.Name(), "func(n int)")
	n := reg.RDX
	e.Load(e.Param("n"), n)
	e.zeroAll(acc + 2)
	loop := e.label("loop")
	e.align()
	e.Label(loop)
	for range 2 {
		for i := range acc {
			e.fma(e.v(acc), e.v(acc+1), e.v(i))
		}
	}
	e.DECQ(n)
	e.JNZ(LabelRef(loop))
	e.ret()
}
