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
