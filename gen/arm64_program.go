package main

import (
	"fmt"
	"slices"
)

// arm64Program writes the instructions of a program. Every constant is loaded
// where it is used: NEON's multiply-add overwrites its addend, which is what
// most of them are.
type arm64Program struct {
	neonStep
	pool *neonConstants
}

const (
	biasFlagNEON = gpr(9) // zero where the kernel got no bias
	constantBase = gpr(10)
)

// neonConstants are those of a kernel, each once, as whole vectors.
type neonConstants struct {
	symbol string
	bits   []uint64
}

// constants begins the constants of a kernel and loads their address.
func (e *arm64Emitter) constants(s Spec) *neonConstants {
	c := &neonConstants{symbol: s.Op + "_" + s.Elem.Name}
	e.ins(integer, "MOVD $%s<>(SB), %s", c.symbol, constantBase)
	return c
}

// emitConstants writes them to the file.
func (e *arm64Emitter) emitConstants(c *neonConstants) {
	fmt.Fprintln(&e.out)
	for i, b := range c.bits {
		if e.elem == f32 {
			b |= b << 32
		}
		for half := range 2 {
			fmt.Fprintf(&e.out, "DATA %s<>+%d(SB)/8, $0x%016x\n", c.symbol, neon.Width*i+8*half, b)
		}
	}
	fmt.Fprintf(&e.out, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n", c.symbol, neon.Width*len(c.bits))
}

func (m arm64Program) loadVector(vector, dst int) { m.load(vector, vec(dst)) }

func (m arm64Program) addBias(vector, t, x int) {
	none := m.e.fresh("plain")
	m.e.CBZ(biasFlagNEON, none)
	m.load(vector, vec(t))
	m.e.add(vec(x), vec(t), vec(x))
	m.e.label(none)
}

func (m arm64Program) constant(bits uint64, dst int) {
	i := slices.Index(m.pool.bits, bits)
	if i < 0 {
		i = len(m.pool.bits)
		m.pool.bits = append(m.pool.bits, bits)
	}
	m.e.FMOVQ(address{base: constantBase, disp: neon.Width * i}, vec(dst))
}

func (m arm64Program) move(src, dst int) { m.e.VORR(vec(src), vec(src), vec(dst)) }

func (m arm64Program) asMemory(instruction, int) bool { return false }

func (m arm64Program) multiplyAdd(instruction, argument, argument, argument) bool { return false }

func (m arm64Program) operate(in instruction, a, b, c argument, dst int) {
	e, elem := m.e, m.e.elem
	x, y, d := vec(a.register), vec(b.register), vec(dst)
	switch in.op {
	case opAdd:
		e.FADD(elem, y, x, d)
	case opSub:
		e.FSUB(elem, y, x, d)
	case opMul:
		e.FMUL(elem, y, x, d)
	case opDiv:
		e.FDIV(elem, y, x, d)
	case opMin:
		e.FMIN(elem, y, x, d)
	case opMax:
		e.FMAX(elem, y, x, d)
	case opAnd:
		e.VAND(y, x, d)
	case opOr:
		e.VORR(y, x, d)
	case opFMA:
		e.VFMLA(elem, y, x, d)
	case opFNMA:
		e.VFMLS(elem, y, x, d)
	case opShl:
		e.VSHL(elem, in.n, x, d)
	case opSelect:
		e.CMLT0(elem, x, d)
		e.VBSL(vec(c.register), y, d)
	default:
		panic(fmt.Sprintf("gen: opcode %d", in.op))
	}
}
