package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mixed works in float64 on vectors that memory may hold as float32. Counts are
// multiples of 8, so that there are no masks.
type mixed struct {
	emitter
	memory Elem
}

func mixedOf(e *emitter, memory Elem) mixed {
	m := mixed{*e, memory}
	m.elem = f64
	return m
}

// bytes is what a vector of float64 takes in memory.
func (m mixed) bytes() int { return m.lanes() * m.memory.Size }

// half is the register for as many float32 as register i has float64.
func (m mixed) half(i int) reg.VecPhysical {
	if m.isa == avx512 {
		return m.v(i).AsY().(reg.VecPhysical)
	}
	return m.x(i)
}

func (m mixed) fetch(from reg.Register, i int) {
	if m.memory == f32 {
		m.VCVTPS2PD(Mem{Base: from}, m.v(i))
		return
	}
	m.load(Mem{Base: from}, m.v(i))
}

// round turns register i into float32.
func (m mixed) round(i int) {
	if m.isa == avx512 {
		m.VCVTPD2PS(m.v(i), m.half(i))
	} else {
		m.VCVTPD2PSY(m.v(i), m.half(i))
	}
}

// addTo adds register i to what stands at a pointer.
func (m mixed) addTo(i int, to reg.Register) {
	if m.memory == f64 {
		m.VADDPD(Mem{Base: to}, m.v(i), m.v(i))
		m.store(m.v(i), Mem{Base: to})
		return
	}
	m.round(i)
	m.VADDPS(Mem{Base: to}, m.half(i), m.half(i))
	m.VMOVUPS(m.half(i), Mem{Base: to})
}

// coarse sets register i to what flush subtracts again.
func (m mixed) coarse(i int) {
	m.MOVQ(U64(math.Float64bits(0x1p-10)), reg.RAX)
	m.VMOVQ(reg.RAX, m.x(i))
	m.VBROADCASTSD(m.x(i), m.v(i))
}

// flush rounds register i to a multiple of 2⁻⁶², coarse having set the other.
func (m mixed) flush(i, coarse int) {
	m.add(m.v(coarse), m.v(i), m.v(i))
	m.VSUBPD(m.v(coarse), m.v(i), m.v(i))
}

// loop repeats body for each vector of so many entries as RDX says, pointers
// advancing by so many bytes.
func (m mixed) loop(pointers []reg.Register, bytes []int, body func()) {
	next, done := m.label("next"), m.label("done")
	m.TESTQ(reg.RDX, reg.RDX)
	m.JZ(LabelRef(done))
	m.align()
	m.Label(next)
	body()
	for i, p := range pointers {
		m.ADDQ(I32(bytes[i]), p)
	}
	m.SUBQ(I32(m.lanes()), reg.RDX)
	m.JNZ(LabelRef(next))
	m.Label(done)
}

// Vector registers of turns.
const turnScale, turnSign, turnCoarse, turnSums, turnT, turnA, turnFirst, turnGap, turnSecond = 0, 1, 2, 3, 5, 6, 7, 8, 9

// emitTurns: a division bounds it, 16 cycles for 8 entries on Zen 4.
func emitTurns(e *emitter, s Spec) {
	p := "*" + e.elem.Go
	e.text(s.Name(), "func(n int, scale, sign float64, ratio *float64, a, b, first, second "+p+", sums *float64)")
	m := mixedOf(e, e.elem)
	ratio, a, b, first, second, sums := reg.RSI, reg.RDI, reg.R8, reg.R9, reg.R10, reg.R11
	m.Load(m.Param("n"), reg.RDX)
	m.Load(m.Param("ratio"), ratio)
	m.Load(m.Param("a"), a)
	m.Load(m.Param("b"), b)
	m.Load(m.Param("first"), first)
	m.Load(m.Param("second"), second)
	m.Load(m.Param("sums"), sums)
	m.broadcastParam("scale", m.v(turnScale))
	m.broadcastParam("sign", m.v(turnSign))
	m.coarse(turnCoarse)
	m.zero(m.v(turnSums))
	m.zero(m.v(turnSums + 1))
	t, u, tu, gap := m.v(turnT), m.v(turnFirst), m.v(turnSecond), m.v(turnGap)
	n := m.bytes()
	m.loop([]reg.Register{ratio, a, b, first, second}, []int{m.isa.Width, n, n, n, n}, func() {
		m.load(Mem{Base: ratio}, t)
		m.mul(m.v(turnScale), t, t)
		m.fetch(a, turnA)
		m.fetch(b, turnFirst)
		m.fma(m.v(turnA), t, u)
		m.mul(m.v(turnSign), t, gap)
		m.VFNMADD213PD(m.v(turnSign), t, gap)
		m.VDIVPD(gap, u, u)
		m.mul(t, u, tu)
		m.fma(u, u, m.v(turnSums))
		m.fma(tu, tu, m.v(turnSums+1))
		m.flush(turnFirst, turnCoarse)
		m.flush(turnSecond, turnCoarse)
		m.addTo(turnFirst, first)
		m.addTo(turnSecond, second)
	})
	for i := range 2 {
		m.reduce(turnSums+i, turnT)
		m.VMOVSD(m.x(turnSums+i), Mem{Base: sums, Disp: 8 * i})
	}
	m.ret()
}

func emitNarrow(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x *float64, dst *float32)")
	m := mixedOf(e, f32)
	x, dst := reg.RSI, reg.RDI
	m.Load(m.Param("n"), reg.RDX)
	m.Load(m.Param("x"), x)
	m.Load(m.Param("dst"), dst)
	m.coarse(0)
	m.loop([]reg.Register{x, dst}, []int{m.isa.Width, m.bytes()}, func() {
		m.load(Mem{Base: x}, m.v(1))
		m.flush(1, 0)
		m.round(1)
		m.VMOVUPS(m.half(1), Mem{Base: dst})
	})
	m.ret()
}

func emitAddWide(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, x *float32, y *float64)")
	m := mixedOf(e, f32)
	x, y := reg.RSI, reg.RDI
	m.Load(m.Param("n"), reg.RDX)
	m.Load(m.Param("x"), x)
	m.Load(m.Param("y"), y)
	m.loop([]reg.Register{x, y}, []int{m.bytes(), m.isa.Width}, func() {
		m.fetch(x, 1)
		m.VADDPD(Mem{Base: y}, m.v(1), m.v(1))
		m.store(m.v(1), Mem{Base: y})
	})
	m.ret()
}
