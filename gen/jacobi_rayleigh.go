package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitLaneRayleigh: a product of two rows of A and one of W has sums for even
// and odd entries, four that hide each other's latency. Adding zero to a scaled
// entry leaves no negative zeros.
func emitLaneRayleigh(e *emitter, s Spec) {
	e.text(s.Name(), "func(rows, n, row int, w, a, d *"+e.elem.Go+")")
	const zero, one, x, y, quotient, acc = 0, 1, 2, 3, 4, 5
	var (
		rows, n, row, w, a, d = reg.R13, reg.RBX, reg.RCX, reg.RSI, reg.RDI, reg.RDX
		left, upper, lower, k = reg.R8, reg.R9, reg.R10, reg.R11
		i                     = reg.R12
	)
	e.Load(e.Param("rows"), rows)
	e.Load(e.Param("n"), n)
	e.Load(e.Param("row"), row)
	e.Load(e.Param("w"), w)
	e.Load(e.Param("a"), a)
	e.Load(e.Param("d"), d)
	e.zero(e.v(zero))
	e.constant(1, one)
	width := e.isa.Width
	entries := func(body func(u int, at func(base reg.Register) Mem)) {
		loop := e.label("entries")
		e.XORQ(i, i)
		e.Label(loop)
		for u := range 2 {
			body(u, func(base reg.Register) Mem { return Mem{Base: base, Index: i, Scale: 1, Disp: u * width} })
		}
		e.ADDQ(I32(2*width), i)
		e.CMPQ(i, row)
		e.JL(LabelRef(loop))
	}
	clearSums := func(count int) {
		for u := range count {
			e.zero(e.v(acc + u))
		}
	}

	e.Label("vector")
	clearSums(2)
	entries(func(u int, at func(base reg.Register) Mem) {
		e.load(at(w), e.v(x))
		e.fma(e.v(x), e.v(x), e.v(acc+u))
	})
	e.add(e.v(acc+1), e.v(acc), e.v(y))
	e.sqrt(e.v(y), e.v(y))
	e.div(e.v(one), e.v(y), e.v(y))
	entries(func(_ int, at func(base reg.Register) Mem) {
		e.load(at(w), e.v(x))
		either(e.elem, e.VFMADD213PS, e.VFMADD213PD)(e.v(zero), e.v(y), e.v(x))
		e.store(e.v(x), at(w))
	})

	e.zero(e.v(quotient))
	e.MOVQ(a, upper)
	e.MOVQ(w, k)
	e.MOVQ(n, left)
	e.Label("pair")
	e.LEAQ(Mem{Base: upper, Index: row, Scale: 1}, lower)
	clearSums(4)
	entries(func(u int, at func(base reg.Register) Mem) {
		e.load(at(w), e.v(x))
		e.fma(at(upper), e.v(x), e.v(acc+2*u))
		e.fma(at(lower), e.v(x), e.v(acc+2*u+1))
	})
	for u := range 2 {
		e.add(e.v(acc+u), e.v(acc+2+u), e.v(x))
		e.fma(Mem{Base: k, Disp: u * width}, e.v(x), e.v(quotient))
	}
	e.LEAQ(Mem{Base: lower, Index: row, Scale: 1}, upper)
	e.ADDQ(I32(2*width), k)
	e.SUBQ(I32(2), left)
	e.JG(LabelRef("pair"))
	e.store(e.v(quotient), Mem{Base: d})
	e.ADDQ(I32(width), d)
	e.ADDQ(row, w)
	e.DECQ(rows)
	e.JNZ(LabelRef("vector"))
	e.ret()
}
