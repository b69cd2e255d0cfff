package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mixed works in float64 on vectors that memory may hold as float32. Counts are
// multiples of 8, so that there are no masks.
type mixed struct {
	e      *emitter
	memory Elem
}

func mixedOf(e *emitter, memory Elem) mixed {
	wide := *e
	wide.elem = f64
	return mixed{&wide, memory}
}

// bytes is what a vector of float64 takes in memory.
func (m mixed) bytes() int { return m.e.lanes() * m.memory.Size }

// half is the register for as many float32 as register i has float64.
func (m mixed) half(i int) reg.VecPhysical {
	if m.e.isa == avx512 {
		return m.e.v(i).AsY().(reg.VecPhysical)
	}
	return m.e.x(i)
}

func (m mixed) fetch(from reg.Register, i int) {
	if m.memory == f32 {
		m.e.VCVTPS2PD(Mem{Base: from}, m.e.v(i))
		return
	}
	m.e.load(Mem{Base: from}, m.e.v(i))
}

// round turns register i into float32.
func (m mixed) round(i int) {
	if m.e.isa == avx512 {
		m.e.VCVTPD2PS(m.e.v(i), m.half(i))
	} else {
		m.e.VCVTPD2PSY(m.e.v(i), m.half(i))
	}
}

// addTo adds register i to what stands at a pointer.
func (m mixed) addTo(i int, to reg.Register) {
	if m.memory == f64 {
		m.e.VADDPD(Mem{Base: to}, m.e.v(i), m.e.v(i))
		m.e.store(m.e.v(i), Mem{Base: to})
		return
	}
	m.round(i)
	m.e.VADDPS(Mem{Base: to}, m.half(i), m.half(i))
	m.e.VMOVUPS(m.half(i), Mem{Base: to})
}

// coarse sets register i to what flush subtracts again.
func (m mixed) coarse(i int) {
	m.e.MOVQ(U64(math.Float64bits(0x1p-10)), reg.RAX)
	m.e.VMOVQ(reg.RAX, m.e.x(i))
	m.e.VBROADCASTSD(m.e.x(i), m.e.v(i))
}

// flush rounds register i to a multiple of 2⁻⁶², coarse having set the other.
func (m mixed) flush(i, coarse int) {
	m.e.add(m.e.v(coarse), m.e.v(i), m.e.v(i))
	m.e.VSUBPD(m.e.v(coarse), m.e.v(i), m.e.v(i))
}

// loop repeats body for each vector of so many entries as RDX says, pointers
// advancing by so many bytes.
func (m mixed) loop(pointers []reg.Register, bytes []int, body func()) {
	next, done := m.e.label("next"), m.e.label("done")
	m.e.TESTQ(reg.RDX, reg.RDX)
	m.e.JZ(LabelRef(done))
	m.e.align()
	m.e.Label(next)
	body()
	for i, p := range pointers {
		m.e.ADDQ(I32(bytes[i]), p)
	}
	m.e.SUBQ(I32(m.e.lanes()), reg.RDX)
	m.e.JNZ(LabelRef(next))
	m.e.Label(done)
}

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
