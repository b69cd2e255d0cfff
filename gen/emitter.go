package main

import (
	"strconv"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitter writes instructions for one ISA and element. Its methods pick the
// mnemonic, so that a kernel reads as arithmetic; registers are given by
// number, because avo's allocator would reach for Y16 and up on AVX2.
type emitter struct {
	*build.Context
	isa    *ISA
	elem   Elem
	labels int
	tables *maskTables
}

// by256 is e, on AVX-512 with vectors of 256 bits.
func by256(e *emitter) *emitter {
	if e.isa != avx512 {
		return e
	}
	half := *e
	half.isa = avx512by256
	return &half
}

func (e *emitter) v(i int) reg.VecPhysical { return e.isa.Regs[i] }
func (e *emitter) x(i int) reg.VecPhysical { return e.isa.Regs[i].AsX().(reg.VecPhysical) }
func (e *emitter) lanes() int              { return e.isa.Width / e.elem.Size }

// text begins a function.
func (e *emitter) text(name, signature string) {
	e.Function(name)
	e.Attributes(attr.NOSPLIT)
	e.SignatureExpr(signature)
}

// either is single for float32 and double for float64.
func either[F any](elem Elem, single, double F) F {
	if elem == f32 {
		return single
	}
	return double
}

// fma adds a·b to c.
func (e *emitter) fma(a, b, c Op)   { either(e.elem, e.VFMADD231PS, e.VFMADD231PD)(a, b, c) }
func (e *emitter) mul(a, b, dst Op) { either(e.elem, e.VMULPS, e.VMULPD)(a, b, dst) }
func (e *emitter) add(a, b, dst Op) { either(e.elem, e.VADDPS, e.VADDPD)(a, b, dst) }
func (e *emitter) and(a, b, dst Op) { either(e.elem, e.VANDPS, e.VANDPD)(a, b, dst) }

// fmaBroadcast adds the entry at m times b to c, on AVX-512. Where a factor has one use
// only, a broadcast of its own beside the multiply-add takes Zen 4 a third longer.
func (e *emitter) fmaBroadcast(m, b, c Op) {
	either(e.elem, e.VFMADD231PS_BCST, e.VFMADD231PD_BCST)(m, b, c)
}

// mulsub sets c to a·b − c.
func (e *emitter) mulsub(a, b, c Op)   { either(e.elem, e.VFMSUB231PS, e.VFMSUB231PD)(a, b, c) }
func (e *emitter) broadcast(m, dst Op) { either(e.elem, e.VBROADCASTSS, e.VBROADCASTSD)(m, dst) }
func (e *emitter) load(m Mem, dst Op)  { either(e.elem, e.VMOVUPS, e.VMOVUPD)(m, dst) }
func (e *emitter) store(src Op, m Mem) { either(e.elem, e.VMOVUPS, e.VMOVUPD)(src, m) }

func (e *emitter) zero(v reg.VecPhysical) {
	if e.isa == avx512 {
		e.VPXORQ(v, v, v)
	} else {
		e.VXORPS(v, v, v)
	}
}

// loadMasked loads the lanes that mask selects and zeroes the others; it does
// not touch the memory of the others.
func (e *emitter) loadMasked(m Mem, mask, dst Op) {
	if e.isa.Masks {
		either(e.elem, e.VMOVUPS_Z, e.VMOVUPD_Z)(m, mask, dst)
	} else {
		either(e.elem, e.VMASKMOVPS, e.VMASKMOVPD)(m, mask, dst)
	}
}

// lanePieces are registers that storeLast needs on AVX2: the number of lanes, at least
// one, and where the second and the third piece begin.
type lanePieces struct{ n, second, third reg.GPPhysical }

// splitLanes fills p from p.n, on AVX2.
func (e *emitter) splitLanes(p lanePieces) {
	if e.isa.Masks {
		return
	}
	half := e.lanes() / 2
	e.MOVQ(p.n, p.second)
	e.ANDQ(I8(half), p.second)
	e.SHLQ(Imm(shift(e.elem)), p.second)
	if half > 2 {
		e.MOVQ(p.n, p.third)
		e.ANDQ(I8(half|half/2), p.third)
		e.SHLQ(Imm(shift(e.elem)), p.third)
	}
}

// storeLast stores the first lanes of a vector, which it clobbers, but not all of them:
// those in K1, or on AVX2 those in p, in pieces of half a vector, a quarter, an eighth.
// A masked store of AVX2 is one to four micro-operations on Intel, but some 20 to 40 on
// every Zen.
func (e *emitter) storeLast(src reg.VecPhysical, p lanePieces, m Mem) {
	if e.isa.Masks {
		either(e.elem, e.VMOVUPS, e.VMOVUPD)(src, reg.K1, m)
		return
	}
	x := src.AsX()
	second, third := m, m
	second.Index, second.Scale = p.second, 1
	third.Index, third.Scale = p.third, 1
	e.ifLanes(p, e.lanes()/2, func() {
		e.store(x, m)
		e.VEXTRACTF128(Imm(1), src.AsY(), x)
	})
	if e.elem == f64 {
		e.ifLanes(p, 1, func() { e.VMOVSD(x, second) })
		return
	}
	e.ifLanes(p, 2, func() {
		e.VMOVLPS(x, second)
		e.VMOVHLPS(x, x, x)
	})
	e.ifLanes(p, 1, func() { e.VMOVSS(x, third) })
}

// storeUpTo is storeLast for all lanes as well.
func (e *emitter) storeUpTo(src reg.VecPhysical, p lanePieces, m Mem) {
	if !e.isa.Masks {
		e.ifLanes(p, e.lanes(), func() { e.store(src, m) })
	}
	e.storeLast(src, p, m)
}

// ifLanes emits what is done if the number of lanes has a bit set.
func (e *emitter) ifLanes(p lanePieces, bit int, then func()) {
	end := e.label("absent")
	e.TESTQ(I32(bit), p.n)
	e.JZ(LabelRef(end))
	then()
	e.Label(end)
}

// broadcastParam fills every lane of dst with a scalar parameter.
func (e *emitter) broadcastParam(name string, dst Op) {
	e.broadcast(e.paramMem(name), dst)
}

func (e *emitter) paramMem(name string) Mem {
	b, err := e.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// returnScalar stores the low lane of register i as the result and returns.
func (e *emitter) returnScalar(i int) {
	b, err := e.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	either(e.elem, e.VMOVSS, e.VMOVSD)(e.x(i), b.Addr)
	e.ret()
}

func (e *emitter) ret() {
	e.VZEROUPPER()
	e.RET()
}

// reduce adds the lanes of register i into its low lane; t is scratch.
func (e *emitter) reduce(i, t int) {
	y, ty := e.v(i).AsY(), e.v(t).AsY()
	x, tx := e.x(i), e.x(t)
	if e.isa == avx512 {
		e.VEXTRACTF64X4(Imm(1), e.v(i), ty)
		e.add(ty, y, y)
	}
	e.VEXTRACTF128(Imm(1), y, tx)
	e.add(tx, x, x)
	if e.elem == f32 {
		e.VMOVHLPS(x, x, tx)
		e.VADDPS(tx, x, x)
		e.VMOVSHDUP(x, tx)
		e.VADDSS(tx, x, x)
		return
	}
	e.VPERMILPD(Imm(1), x, tx)
	e.VADDSD(tx, x, x)
}

// laneMask makes the mask of the first n lanes, in an opmask register or, on
// AVX2, in a vector register out of the file's table. It clobbers n and CX.
func (e *emitter) laneMask(n reg.GPPhysical, k reg.Register, v reg.VecPhysical) {
	if e.isa.Masks {
		e.MOVQ(n, reg.RCX)
		e.MOVQ(I32(1), n)
		e.SHLQ(reg.CL, n)
		e.DECQ(n)
		e.KMOVW(n.As32(), k)
		return
	}
	e.LEAQ(e.laneTable(), reg.RCX)
	e.SHLQ(Imm(shift(e.elem)), n)
	e.SUBQ(n, reg.RCX)
	e.VMOVUPS(Mem{Base: reg.RCX, Disp: e.isa.Width}, v)
}

// maskTables are the tables that a file's kernels read.
type maskTables struct{ lanes, opmasks bool }

// laneTable is the symbol of 32 bytes of ones before 32 of zeros.
func (e *emitter) laneTable() Mem {
	e.tables.lanes = true
	return NewDataAddr(Symbol{Name: "lanes", Static: true}, 0)
}

// opmaskTable is the symbol of the masks of the first 0 to 16 lanes, 2 bytes each.
func (e *emitter) opmaskTable() Mem {
	e.tables.opmasks = true
	return NewDataAddr(Symbol{Name: "opmasks", Static: true}, 0)
}

func (t maskTables) emit(ctx *build.Context) {
	if t.lanes {
		ctx.StaticGlobal("lanes")
		ctx.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range 8 {
			var v uint64
			if i < 4 {
				v = 1<<64 - 1
			}
			ctx.AddDatum(8*i, U64(v))
		}
	}
	if t.opmasks {
		ctx.StaticGlobal("opmasks")
		ctx.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range 17 {
			ctx.AddDatum(2*i, U16(1<<i-1))
		}
	}
}

func shift(elem Elem) uint64 {
	if elem == f32 {
		return 2
	}
	return 3
}

// label returns a name that no other label of the file has.
func (e *emitter) label(s string) string {
	e.labels++
	return s + strconv.Itoa(e.labels)
}

// align puts the next instruction, the head of a hot loop, at 64 bytes.
func (e *emitter) align() {
	e.Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []Op{Imm(64)}})
}
