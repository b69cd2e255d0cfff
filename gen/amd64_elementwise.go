package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitFunction: dst = f(x + bias), bias being nil or as long as x.
func emitFunction(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x, bias, dst *"+e.elem.Go+")")
	p := &program{elem: s.Elem, isa: s.ISA}
	x := p.bias(p.load(0), 1)
	result := bodies[s.Op](p, x)
	e.Load(e.Param("bias"), reg.R9)
	e.emitElementwise(s, []string{"x", "bias", "dst"}, p, result)
}

// emitDerivative: dst = dy·f'(z).
func emitDerivative(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, dy, z, dst *"+e.elem.Go+")")
	p := &program{elem: s.Elem, isa: s.ISA}
	result := p.mul(derivatives[s.Op](p, p.load(1)), p.load(0))
	e.emitElementwise(s, []string{"dy", "z", "dst"}, p, result)
}

// emitElementwise runs a program over vectors and stores its results to the
// third.
func (e *emitter) emitElementwise(s Spec, vectors []string, p *program, result value) {
	pool := e.constants(s)
	e.walk(vectors, 1, func(t step) {
		t.store(p.emit(amd64Program{t, pool}, result, e.freeFrom(0)), 2)
	})
	e.ret()
	e.emitConstants(pool)
}

// freeFrom lists the registers from first on that walk leaves to a body.
func (e *emitter) freeFrom(first int) registers {
	n := len(e.isa.Regs)
	if !e.isa.Masks {
		n--
	}
	var free registers
	for i := first; i < n; i++ {
		free = append(free, i)
	}
	return free
}

// emitSumExp: dst = exp(x − shift), and the sum of it.
func emitSumExp(e *emitter, s Spec) {
	const shift, sum = 0, 1
	e.text(s.Name(), "func(n int, x, dst *"+e.elem.Go+", shift "+e.elem.Go+") "+e.elem.Go)
	p := &program{elem: s.Elem, isa: s.ISA}
	result := p.exp(p.sub(p.load(0), p.fixed(shift)))
	e.broadcastParam("shift", e.v(shift))
	e.zero(e.v(sum))
	pool := e.constants(s)
	e.walk([]string{"x", "dst"}, 1, func(t step) {
		r := p.emit(amd64Program{t, pool}, result, e.freeFrom(2))
		e.maskOff(t, r)
		e.add(e.v(r), e.v(sum), e.v(sum))
		t.store(r, 1)
	})
	e.reduce(sum, shift)
	e.returnScalar(sum)
	e.emitConstants(pool)
}

// emitMaxNum: the largest entry, NaN skipped, −Inf for none. The accumulators
// come last in every maximum, where they win over a NaN. The lanes that a
// remainder does not use repeat its first entry.
func emitMaxNum(e *emitter, s Spec) {
	const unroll, x = 4, 4
	e.text(s.Name(), "func(n int, x *"+e.elem.Go+") "+e.elem.Go)
	e.negInf(0)
	for i := 1; i < unroll; i++ {
		either(e.elem, e.VMOVAPS, e.VMOVAPD)(e.v(0), e.v(i))
	}
	e.walk([]string{"x"}, unroll, func(t step) {
		if t.mask == nil {
			t.load(0, x+t.u)
		} else {
			e.loadRepeated(t, x)
		}
		e.maxNum(x+t.u, t.u)
	})
	for i := 1; i < unroll; i++ {
		e.maxNum(i, 0)
	}
	e.foldMax(0, 1)
	e.returnScalar(0)
}

// maxNum sets register acc to the larger of both, or leaves it where x is NaN.
func (e *emitter) maxNum(x, acc int) {
	either(e.elem, e.VMAXPS, e.VMAXPD)(e.v(acc), e.v(x), e.v(acc))
}

// loadRepeated loads the lanes of a remainder and its first entry into the
// others.
func (e *emitter) loadRepeated(t step, dst int) {
	e.broadcast(t.at(0), e.v(dst))
	if e.isa.Masks {
		either(e.elem, e.VMOVUPS, e.VMOVUPD)(t.at(0), t.mask, e.v(dst))
		return
	}
	e.loadMasked(t.at(0), t.mask, e.v(dst+1))
	either(e.elem, e.VBLENDVPS, e.VBLENDVPD)(t.mask, e.v(dst+1), e.v(dst), e.v(dst))
}

// negInf fills register i with −Inf.
func (e *emitter) negInf(i int) {
	if e.elem == f32 {
		e.MOVQ(U64(0xff800000), reg.RAX)
		e.VMOVD(reg.EAX, e.x(i))
		e.VPBROADCASTD(e.x(i), e.v(i))
		return
	}
	e.MOVQ(U64(0xfff<<52), reg.RAX)
	e.VMOVQ(reg.RAX, e.x(i))
	e.VPBROADCASTQ(e.x(i), e.v(i))
}

// foldMax puts the largest lane of register i into its low lane; t is scratch.
// No lane is NaN.
func (e *emitter) foldMax(i, t int) {
	max := either(e.elem, e.VMAXPS, e.VMAXPD)
	y, ty := e.v(i).AsY(), e.v(t).AsY()
	x, tx := e.x(i), e.x(t)
	if e.isa == avx512 {
		e.VEXTRACTF64X4(Imm(1), e.v(i), ty)
		max(ty, y, y)
	}
	e.VEXTRACTF128(Imm(1), y, tx)
	max(tx, x, x)
	e.VPERMILPD(Imm(1), x, tx)
	max(tx, x, x)
	if e.elem == f32 {
		e.VMOVSHDUP(x, tx)
		max(tx, x, x)
	}
}
