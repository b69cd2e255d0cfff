package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitWaxpy takes a vector at a time: loads and the store bind.
func emitWaxpy(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, alpha float64, x *"+e.elem.Go+", y, w *float64)")
	m := mixedOf(e, e.elem)
	x, y, w := reg.RSI, reg.R8, reg.RDI
	m.e.Load(m.e.Param("n"), reg.RDX)
	m.e.Load(m.e.Param("alpha"), m.e.x(0))
	m.e.VBROADCASTSD(m.e.x(0), m.e.v(0))
	m.e.Load(m.e.Param("x"), x)
	m.e.Load(m.e.Param("y"), y)
	m.e.Load(m.e.Param("w"), w)
	m.loop([]reg.Register{x, y, w}, []int{m.bytes(), m.e.isa.Width, m.e.isa.Width}, func() {
		m.fetch(x, 1)
		m.e.VFMADD213PD(Mem{Base: y}, m.e.v(0), m.e.v(1))
		m.e.store(m.e.v(1), Mem{Base: w})
	})
	m.e.ret()
}
