package main

import "math"

// A program is the body of an elementwise kernel: straight-line code on whole
// vectors, written once for every element and architecture. Every instruction
// makes a value of its own; registers come when it is emitted.
type program struct {
	elem Elem
	isa  *ISA
	code []instruction
}

// value is the number of the instruction that makes it.
type value int

type opcode int

const (
	opConst  opcode = iota // bits in every lane
	opFixed                // a register that the kernel has filled
	opLoad                 // the step's vector of an operand
	opBias                 // a plus that vector, unless the operand is nil
	opAdd                  // a + b
	opSub                  // a − b
	opMul                  // a·b
	opDiv                  // a/b
	opMin                  // the smaller of a and b, which is no NaN; NaN where a is
	opMax                  // the larger
	opAnd                  // a & b
	opOr                   // a | b
	opFMA                  // a·b + c, rounded once
	opFNMA                 // c − a·b, rounded once
	opShl                  // the bits of a, shifted left by n
	opScale                // a·2^b, rounded once; AVX-512 alone has it
	opSelect               // b where the sign of a is set, else c
)

// instruction holds the operands of an opcode; n is a shift, a register or the
// number of a kernel's vector.
type instruction struct {
	op      opcode
	a, b, c value
	n       int
	bits    uint64
}

// sources lists the values that an instruction uses.
func (in instruction) sources() []value {
	switch in.op {
	case opConst, opFixed, opLoad:
		return nil
	case opBias, opShl:
		return []value{in.a}
	case opFMA, opFNMA, opSelect:
		return []value{in.a, in.b, in.c}
	}
	return []value{in.a, in.b}
}

func (p *program) push(in instruction) value {
	p.code = append(p.code, in)
	return value(len(p.code) - 1)
}

func (p *program) two(op opcode, a, b value) value { return p.push(instruction{op: op, a: a, b: b}) }

func (p *program) add(a, b value) value { return p.two(opAdd, a, b) }
func (p *program) sub(a, b value) value { return p.two(opSub, a, b) }
func (p *program) mul(a, b value) value { return p.two(opMul, a, b) }
func (p *program) div(a, b value) value { return p.two(opDiv, a, b) }
func (p *program) min(a, b value) value { return p.two(opMin, a, b) }
func (p *program) max(a, b value) value { return p.two(opMax, a, b) }
func (p *program) and(a, b value) value { return p.two(opAnd, a, b) }
func (p *program) or(a, b value) value  { return p.two(opOr, a, b) }

// fma is a·b + c, fnma is c − a·b.
func (p *program) fma(a, b, c value) value {
	return p.push(instruction{op: opFMA, a: a, b: b, c: c})
}
func (p *program) fnma(a, b, c value) value {
	return p.push(instruction{op: opFNMA, a: a, b: b, c: c})
}

func (p *program) shl(a value, n int) value { return p.push(instruction{op: opShl, a: a, n: n}) }

// choose is negative where the sign of x is set, otherwise positive.
func (p *program) choose(x, negative, positive value) value {
	return p.push(instruction{op: opSelect, a: x, b: negative, c: positive})
}

func (p *program) load(vector int) value    { return p.push(instruction{op: opLoad, n: vector}) }
func (p *program) fixed(register int) value { return p.push(instruction{op: opFixed, n: register}) }
func (p *program) bias(x value, vector int) value {
	return p.push(instruction{op: opBias, a: x, n: vector})
}

// k is a constant, rounded to the element.
func (p *program) k(f float64) value {
	return p.bits(either(p.elem, uint64(math.Float32bits(float32(f))), math.Float64bits(f)))
}

func (p *program) bits(b uint64) value { return p.push(instruction{op: opConst, bits: b}) }

// of is single in float32 and double in float64.
func (p *program) of(single, double float64) value { return p.k(either(p.elem, single, double)) }

// signBit has the sign set and nothing else.
func (p *program) signBit() value { return p.bits(1 << (8*p.elem.Size - 1)) }

func (p *program) abs(x value) value    { return p.and(x, p.bits(1<<(8*p.elem.Size-1)-1)) }
func (p *program) negAbs(x value) value { return p.or(x, p.signBit()) }

// lastUses tells for every value which instruction uses it last. The result
// is used after all of them.
func (p *program) lastUses(result value) []int {
	last := make([]int, len(p.code))
	for i, in := range p.code {
		for _, v := range in.sources() {
			last[v] = i
		}
	}
	last[result] = len(p.code)
	return last
}

// machine writes the instructions of an architecture. Registers are numbers.
type machine interface {
	loadVector(vector, dst int)
	addBias(vector, t, x int) // x += the vector, t is scratch
	constant(bits uint64, dst int)
	move(src, dst int)
	// operate writes any other instruction. For opFMA and opFNMA, dst holds c.
	operate(in instruction, a, b, c argument, dst int)
	// asMemory reports whether operand i of an instruction may stay in memory.
	asMemory(in instruction, i int) bool
	// multiplyAdd writes opFMA or opFNMA over a, which dies there, where the
	// architecture can, and else does nothing.
	multiplyAdd(in instruction, a, b, c argument) bool
}

// argument is a register, or a constant in memory.
type argument struct {
	register int
	constant bool
	bits     uint64
}

// registers hands out vector registers by number.
type registers []int

func (r *registers) take() int {
	if len(*r) == 0 {
		panic("gen: a program needs more registers than there are")
	}
	v := (*r)[0]
	*r = (*r)[1:]
	return v
}

func (r *registers) give(v int) { *r = append(registers{v}, *r...) }

// allocation is the state of emitting a program.
type allocation struct {
	*program
	m     machine
	free  registers
	last  []int
	where []int // the register of each value
}

// emit writes the program and returns the register of its result. It uses the
// registers given.
func (p *program) emit(m machine, result value, free registers) int {
	a := allocation{p, m, append(registers(nil), free...), p.lastUses(result), make([]int, len(p.code))}
	for i, in := range p.code {
		switch in.op {
		case opConst:
		case opFixed:
			a.where[i] = in.n
		case opLoad:
			a.where[i] = a.free.take()
			m.loadVector(in.n, a.where[i])
		case opBias:
			a.where[i] = a.where[in.a]
			t := a.free.take()
			m.addBias(in.n, t, a.where[i])
			a.free.give(t)
		case opFMA, opFNMA:
			a.emitFMA(i, in)
		default:
			a.emitOther(i, in)
		}
	}
	return a.where[result]
}

// argument fetches operand k, which may stay in memory where allowed. A
// constant that must not is loaded to a register that scratch collects.
func (a *allocation) argument(in instruction, k int, v value, scratch *[]int) argument {
	def := a.code[v]
	if def.op != opConst {
		return argument{register: a.where[v]}
	}
	if a.m.asMemory(in, k) {
		return argument{constant: true, bits: def.bits}
	}
	r := a.free.take()
	a.m.constant(def.bits, r)
	*scratch = append(*scratch, r)
	return argument{register: r}
}

// release frees what instruction i used last, but for the register kept.
func (a *allocation) release(i int, in instruction, scratch []int, kept int) {
	for _, r := range scratch {
		a.free.give(r)
	}
	freed := map[int]bool{kept: true}
	for _, v := range in.sources() {
		if r := a.where[v]; a.dies(v, i) && !freed[r] {
			freed[r] = true
			a.free.give(r)
		}
	}
}

// dies reports whether v is in a register that instruction i is the last to
// need.
func (a *allocation) dies(v value, i int) bool {
	op := a.code[v].op
	return op != opConst && op != opFixed && a.last[v] == i
}

func (a *allocation) emitOther(i int, in instruction) {
	var scratch []int
	var args [3]argument
	for k, v := range in.sources() {
		args[k] = a.argument(in, k, v, &scratch)
	}
	dst := a.free.take()
	a.m.operate(in, args[0], args[1], args[2], dst)
	a.where[i] = dst
	a.release(i, in, scratch, -1)
}

// emitFMA puts the sum where c was, or, where c lives on, over a factor that
// dies, or else in a copy of c.
func (a *allocation) emitFMA(i int, in instruction) {
	var scratch []int
	dst := -1
	if !a.dies(in.c, i) {
		for _, f := range [][2]value{{in.a, in.b}, {in.b, in.a}} {
			if a.dies(f[0], i) && in.a != in.b && a.overFactor(i, in, f[0], f[1]) {
				return
			}
		}
	}
	if a.dies(in.c, i) {
		dst = a.where[in.c]
	} else {
		dst = a.free.take()
		if c := a.code[in.c]; c.op == opConst {
			a.m.constant(c.bits, dst)
		} else {
			a.m.move(a.where[in.c], dst)
		}
	}
	if a.code[in.a].op == opConst {
		in.a, in.b = in.b, in.a
	}
	x := a.argument(in, 0, in.a, &scratch)
	y := a.argument(in, 1, in.b, &scratch)
	a.m.operate(in, x, y, argument{register: dst}, dst)
	a.where[i] = dst
	a.release(i, in, scratch, dst)
}

func (a *allocation) overFactor(i int, in instruction, dying, other value) bool {
	var arg [2]argument
	for k, v := range []value{other, in.c} {
		arg[k] = argument{register: a.where[v]}
		if def := a.code[v]; def.op == opConst {
			arg[k] = argument{constant: true, bits: def.bits}
		}
	}
	if arg[0].constant && arg[1].constant {
		return false
	}
	if !a.m.multiplyAdd(in, argument{register: a.where[dying]}, arg[0], arg[1]) {
		return false
	}
	a.where[i] = a.where[dying]
	a.release(i, in, nil, a.where[i])
	return true
}
