package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// amd64Program writes the instructions of a program. Constants are operands in
// memory: one lane of them on AVX-512, which broadcasts it in passing, a whole
// vector on AVX2.
type amd64Program struct {
	step
	pool *constants
}

// constants are those of a kernel, each once.
type constants struct {
	symbol string
	elem   Elem
	copies int // of each, one after another
	bits   []uint64
}

func (e *emitter) constants(s Spec) *constants {
	c := &constants{symbol: s.Op + "_" + s.Elem.Name, elem: s.Elem, copies: 1}
	if e.isa != avx512 {
		c.copies = e.lanes()
	}
	return c
}

func (c *constants) offset(bits uint64) int {
	i := slices.Index(c.bits, bits)
	if i < 0 {
		i = len(c.bits)
		c.bits = append(c.bits, bits)
	}
	return i * c.copies * c.elem.Size
}

func (c *constants) at(bits uint64) Mem {
	return NewDataAddr(Symbol{Name: c.symbol, Static: true}, c.offset(bits))
}

// emitConstants writes them to the file.
func (e *emitter) emitConstants(c *constants) {
	e.StaticGlobal(c.symbol)
	e.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, b := range c.bits {
		for j := range c.copies {
			at := (i*c.copies + j) * c.elem.Size
			if c.elem == f32 {
				e.AddDatum(at, U32(b))
			} else {
				e.AddDatum(at, U64(b))
			}
		}
	}
}

func (m amd64Program) loadVector(vector, dst int) { m.load(vector, dst) }

// addBias: R9 is zero where the kernel got no bias.
func (m amd64Program) addBias(vector, t, x int) {
	none := m.e.label("plain")
	m.e.TESTQ(reg.R9, reg.R9)
	m.e.JZ(LabelRef(none))
	if m.mask == nil {
		m.e.add(m.at(vector), m.e.v(x), m.e.v(x))
	} else {
		m.load(vector, t)
		m.e.add(m.e.v(t), m.e.v(x), m.e.v(x))
	}
	m.e.Label(none)
}

func (m amd64Program) constant(bits uint64, dst int) {
	if m.e.isa == avx512 {
		m.e.broadcast(m.pool.at(bits), m.e.v(dst))
	} else {
		m.e.load(m.pool.at(bits), m.e.v(dst))
	}
}

func (m amd64Program) move(src, dst int) {
	either(m.e.elem, m.e.VMOVAPS, m.e.VMOVAPD)(m.e.v(src), m.e.v(dst))
}

// asMemory: the second operand, and that of min and max has to be a register
// so that it can come first, where a NaN of the other wins.
func (m amd64Program) asMemory(in instruction, i int) bool {
	switch in.op {
	case opMin, opMax, opSelect, opScale:
		return false
	}
	return i == 1
}

func (m amd64Program) operand(a argument) Op {
	if a.constant {
		return m.pool.at(a.bits)
	}
	return m.e.v(a.register)
}

// mnemonics are an instruction of two sources: for float32 and float64, and both
// with a broadcast operand in memory.
type mnemonics [4]func(...Op)

func (m amd64Program) write(forms mnemonics, memory bool, ops ...Op) {
	f := either(m.e.elem, forms[0], forms[1])
	if memory && m.e.isa == avx512 {
		f = either(m.e.elem, forms[2], forms[3])
	}
	f(ops...)
}

func (m amd64Program) operate(in instruction, a, b, c argument, dst int) {
	e, d := m.e, m.e.v(dst)
	switch in.op {
	case opAdd:
		m.write(mnemonics{e.VADDPS, e.VADDPD, e.VADDPS_BCST, e.VADDPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opSub:
		m.write(mnemonics{e.VSUBPS, e.VSUBPD, e.VSUBPS_BCST, e.VSUBPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opMul:
		m.write(mnemonics{e.VMULPS, e.VMULPD, e.VMULPS_BCST, e.VMULPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opDiv:
		m.write(mnemonics{e.VDIVPS, e.VDIVPD, e.VDIVPS_BCST, e.VDIVPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opAnd:
		m.write(mnemonics{e.VANDPS, e.VANDPD, e.VANDPS_BCST, e.VANDPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opOr:
		m.write(mnemonics{e.VORPS, e.VORPD, e.VORPS_BCST, e.VORPD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opMin:
		either(e.elem, e.VMINPS, e.VMINPD)(m.operand(a), m.operand(b), d)
	case opMax:
		either(e.elem, e.VMAXPS, e.VMAXPD)(m.operand(a), m.operand(b), d)
	case opFMA:
		m.write(mnemonics{e.VFMADD231PS, e.VFMADD231PD, e.VFMADD231PS_BCST, e.VFMADD231PD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opFNMA:
		m.write(mnemonics{e.VFNMADD231PS, e.VFNMADD231PD, e.VFNMADD231PS_BCST, e.VFNMADD231PD_BCST}, b.constant, m.operand(b), m.operand(a), d)
	case opShl:
		either(e.elem, e.VPSLLD, e.VPSLLQ)(Imm(uint64(in.n)), m.operand(a), d)
	case opScale:
		either(e.elem, e.VSCALEFPS, e.VSCALEFPD)(m.operand(b), m.operand(a), d)
	case opSelect:
		m.selectBySign(m.operand(a), m.operand(b), m.operand(c), d)
	default:
		panic(fmt.Sprintf("gen: opcode %d", in.op))
	}
}

func (m amd64Program) selectBySign(x, negative, positive, dst Op) {
	if !m.e.isa.Masks {
		either(m.e.elem, m.e.VBLENDVPS, m.e.VBLENDVPD)(x, negative, positive, dst)
		return
	}
	either(m.e.elem, m.e.VPMOVD2M, m.e.VPMOVQ2M)(x, reg.K2)
	either(m.e.elem, m.e.VBLENDMPS, m.e.VBLENDMPD)(negative, positive, reg.K2, dst)
}

// multiplyAdd overwrites a by a·b + c: 213 where c may be in memory, 132 where
// b is.
func (m amd64Program) multiplyAdd(in instruction, a, b, c argument) bool {
	e, d := m.e, m.e.v(a.register)
	if b.constant {
		forms := mnemonics{e.VFMADD132PS, e.VFMADD132PD, e.VFMADD132PS_BCST, e.VFMADD132PD_BCST}
		if in.op == opFNMA {
			forms = mnemonics{e.VFNMADD132PS, e.VFNMADD132PD, e.VFNMADD132PS_BCST, e.VFNMADD132PD_BCST}
		}
		m.write(forms, true, m.operand(b), m.operand(c), d)
		return true
	}
	forms := mnemonics{e.VFMADD213PS, e.VFMADD213PD, e.VFMADD213PS_BCST, e.VFMADD213PD_BCST}
	if in.op == opFNMA {
		forms = mnemonics{e.VFNMADD213PS, e.VFNMADD213PD, e.VFNMADD213PS_BCST, e.VFNMADD213PD_BCST}
	}
	m.write(forms, c.constant, m.operand(c), m.operand(b), d)
	return true
}
