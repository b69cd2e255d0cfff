package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitNarrow rounds by flush where coarse is not zero.
func emitNarrow(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, coarse float64, x *float64, dst *float32)")
	m := mixedOf(e, f32)
	x, dst := reg.RSI, reg.RDI
	m.e.Load(m.e.Param("n"), reg.RDX)
	m.e.Load(m.e.Param("x"), x)
	m.e.Load(m.e.Param("dst"), dst)
	m.e.Load(m.e.Param("coarse"), m.e.x(0))
	m.e.VBROADCASTSD(m.e.x(0), m.e.v(0))
	m.loop([]reg.Register{x, dst}, []int{m.e.isa.Width, m.bytes()}, func() {
		m.e.load(Mem{Base: x}, m.e.v(1))
		m.flush(1, 0)
		m.round(1)
		m.e.VMOVUPS(m.half(1), Mem{Base: dst})
	})
	m.e.ret()
}

func emitAddWide(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x *float32, y *float64)")
	m := mixedOf(e, f32)
	x, y := reg.RSI, reg.RDI
	m.e.Load(m.e.Param("n"), reg.RDX)
	m.e.Load(m.e.Param("x"), x)
	m.e.Load(m.e.Param("y"), y)
	m.loop([]reg.Register{x, y}, []int{m.bytes(), m.e.isa.Width}, func() {
		m.fetch(x, 1)
		m.e.VADDPD(Mem{Base: y}, m.e.v(1), m.e.v(1))
		m.e.store(m.e.v(1), Mem{Base: y})
	})
	m.e.ret()
}
