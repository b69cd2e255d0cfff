package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Vector registers of turns.
const turnScale, turnSign, turnCoarse, turnSums, turnT, turnA, turnFirst, turnGap, turnSecond = 0, 1, 2, 3, 5, 6, 7, 8, 9

// emitTurns: a division bounds it, 16 cycles for 8 entries on Zen 4.
func emitTurns(e *emitter, s Spec) {
	p := "*" + e.elem.Go
	e.text(s.Name(), "func(n int, scale, sign float64, ratio *float64, a, b, first, second "+p+", sums *float64)")
	m := mixedOf(e, e.elem)
	ratio, a, b, first, second, sums := reg.RSI, reg.RDI, reg.R8, reg.R9, reg.R10, reg.R11
	m.e.Load(m.e.Param("n"), reg.RDX)
	m.e.Load(m.e.Param("ratio"), ratio)
	m.e.Load(m.e.Param("a"), a)
	m.e.Load(m.e.Param("b"), b)
	m.e.Load(m.e.Param("first"), first)
	m.e.Load(m.e.Param("second"), second)
	m.e.Load(m.e.Param("sums"), sums)
	m.e.broadcastParam("scale", m.e.v(turnScale))
	m.e.broadcastParam("sign", m.e.v(turnSign))
	m.coarse(turnCoarse)
	m.e.zero(m.e.v(turnSums))
	m.e.zero(m.e.v(turnSums + 1))
	t, u, tu, gap := m.e.v(turnT), m.e.v(turnFirst), m.e.v(turnSecond), m.e.v(turnGap)
	n := m.bytes()
	m.loop([]reg.Register{ratio, a, b, first, second}, []int{m.e.isa.Width, n, n, n, n}, func() {
		m.e.load(Mem{Base: ratio}, t)
		m.e.mul(m.e.v(turnScale), t, t)
		m.fetch(a, turnA)
		m.fetch(b, turnFirst)
		m.e.fma(m.e.v(turnA), t, u)
		m.e.mul(m.e.v(turnSign), t, gap)
		m.e.VFNMADD213PD(m.e.v(turnSign), t, gap)
		m.e.VDIVPD(gap, u, u)
		m.e.mul(t, u, tu)
		m.e.fma(u, u, m.e.v(turnSums))
		m.e.fma(tu, tu, m.e.v(turnSums+1))
		m.flush(turnFirst, turnCoarse)
		m.flush(turnSecond, turnCoarse)
		m.addTo(turnFirst, first)
		m.addTo(turnSecond, second)
	})
	for i := range 2 {
		m.e.reduce(turnSums+i, turnT)
		m.e.VMOVSD(m.e.x(turnSums+i), Mem{Base: sums, Disp: 8 * i})
	}
	m.e.ret()
}
