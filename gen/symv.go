package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// symv multiplies the upper triangle of a symmetric matrix by a vector, block
// row by block row: each entry is loaded once and serves both y += x[r]·row and
// the dot of the row with x. Blocks are a cache line of elements high; their
// diagonal block, which holds both triangles, takes part in the dots alone.
// Register plan, for passes of h rows: h broadcasts of x, h sums of dots, and
// x, y and the entry at hand.
type symv struct {
	e        *emitter
	h, block int
}

var (
	sRows, sCols = reg.RDX, reg.RCX
	sA, sA4      = reg.RSI, reg.R11
	sLda, sLda3  = reg.R8, reg.R9
	sX, sY       = reg.RDI, reg.RBX
	sI           = reg.RAX
)

func emitSymv(e *emitter, s Spec) {
	k := &symv{e: e, h: 4, block: 64 / e.elem.Size}
	if e.isa == avx512 {
		k.h = 8
	}
	e.text(s.Name(), "func(rows, n int, a *"+e.elem.Go+", lda int, x, y *"+e.elem.Go+")")
	e.Load(e.Param("rows"), sRows)
	e.Load(e.Param("n"), sCols)
	e.Load(e.Param("a"), sA)
	e.Load(e.Param("lda"), sLda)
	e.Load(e.Param("x"), sX)
	e.Load(e.Param("y"), sY)
	e.SHLQ(Imm(shift(e.elem)), sLda)
	e.SHLQ(Imm(shift(e.elem)), sCols) // bytes from the diagonal block to the end of the row
	e.LEAQ(Mem{Base: sLda, Index: sLda, Scale: 2}, sLda3)
	next := e.label("block")
	e.Label(next)
	for pass := range k.block / k.h {
		k.pass(pass * k.h)
	}
	e.ADDQ(Imm(64), sA) // the next block begins 64 bytes further right
	e.ADDQ(Imm(64), sX)
	e.ADDQ(Imm(64), sY)
	e.SUBQ(Imm(64), sCols)
	e.SUBQ(Imm(uint64(k.block)), sRows)
	e.JG(LabelRef(next))
	e.ret()
}

func (k *symv) bcast(r int) int { return r }
func (k *symv) dot(r int) int   { return k.h + r }

// pass does h rows of the block from row first on. sA is at the diagonal
// block's column in its first row and moves down by h rows.
func (k *symv) pass(first int) {
	e := k.e
	x, y, a := 2*k.h, 2*k.h+1, 2*k.h+2
	for r := range k.h {
		e.broadcast(Mem{Base: sX, Disp: (first + r) * e.elem.Size}, e.v(k.bcast(r)))
		e.zero(e.v(k.dot(r)))
	}
	rows := k.rowPointers()
	for v := range 64 / e.isa.Width {
		e.load(Mem{Base: sX, Disp: v * e.isa.Width}, e.v(x))
		for r := range k.h {
			m := rows(r)
			m.Disp = v * e.isa.Width
			e.fma(m, e.v(x), e.v(k.dot(r)))
		}
	}
	loop, done := e.label("loop"), e.label("done")
	k.advance(64)
	e.MOVQ(I32(64), sI)
	e.CMPQ(sI, sCols)
	e.JGE(LabelRef(done))
	e.align()
	e.Label(loop)
	e.load(Mem{Base: sX, Index: sI, Scale: 1}, e.v(x))
	e.load(Mem{Base: sY, Index: sI, Scale: 1}, e.v(y))
	for r := range k.h {
		e.load(rows(r), e.v(a+r%3))
		e.fma(e.v(a+r%3), e.v(k.bcast(r)), e.v(y))
		e.fma(e.v(a+r%3), e.v(x), e.v(k.dot(r)))
	}
	e.store(e.v(y), Mem{Base: sY, Index: sI, Scale: 1})
	k.advance(e.isa.Width)
	e.ADDQ(Imm(uint64(e.isa.Width)), sI)
	e.CMPQ(sI, sCols)
	e.JL(LabelRef(loop))
	e.Label(done)
	k.addDots(first)
	e.SUBQ(sCols, sA) // back to the diagonal block, and h rows down
	e.LEAQ(Mem{Base: sA, Index: sLda, Scale: uint8(k.h)}, sA)
}

// rowPointers sets up the pointers that the rows of a pass are addressed by:
// sA for rows 0 to 3, sA4 for rows 4 to 7.
func (k *symv) rowPointers() func(r int) Mem {
	if k.h == 8 {
		k.e.LEAQ(Mem{Base: sA, Index: sLda, Scale: 4}, sA4)
	}
	return func(r int) Mem {
		base := sA
		if r >= 4 {
			base = sA4
		}
		switch r % 4 {
		case 0:
			return Mem{Base: base}
		case 3:
			return Mem{Base: base, Index: sLda3, Scale: 1}
		default:
			return Mem{Base: base, Index: sLda, Scale: uint8(r % 4)}
		}
	}
}

func (k *symv) advance(bytes int) {
	k.e.ADDQ(Imm(uint64(bytes)), sA)
	if k.h == 8 {
		k.e.ADDQ(Imm(uint64(bytes)), sA4)
	}
}

// addDots adds the sums of the dot registers to y[first:first+h], by a
// transposing reduction.
func (k *symv) addDots(first int) {
	e := k.e
	at := Mem{Base: sY, Disp: first * e.elem.Size}
	a, t := k.dot(0), 0 // the broadcasts are free by now
	k.foldPairs(k.h, a, t, func(x, y, lo, hi Op) {
		either(e.elem, e.VUNPCKLPS, e.VUNPCKLPD)(y, x, lo)
		either(e.elem, e.VUNPCKHPS, e.VUNPCKHPD)(y, x, hi)
	})
	n := k.h / 2
	if e.elem == f32 {
		k.foldPairs(n, a, t, func(x, y, lo, hi Op) {
			e.VUNPCKLPD(y, x, lo)
			e.VUNPCKHPD(y, x, hi)
		})
		n /= 2
	}
	blocks := func(low, high uint64) {
		k.foldPairs(n, a, t, func(x, y, lo, hi Op) {
			e.VSHUFF64X2(Imm(low), y, x, lo)
			e.VSHUFF64X2(Imm(high), y, x, hi)
		})
		n = max(n/2, 1)
	}
	sum := e.v(a)
	switch {
	case e.isa == avx512 && e.elem == f64:
		blocks(0x44, 0xee)
		blocks(0x88, 0xdd)
	case e.isa == avx512:
		blocks(0x44, 0xee)
		e.VSHUFF64X2(Imm(0x88), e.v(a), e.v(a), e.v(t))
		e.VSHUFF64X2(Imm(0xdd), e.v(a), e.v(a), e.v(a))
		e.add(e.v(t), e.v(a), e.v(a))
		sum = e.v(a).AsY().(reg.VecPhysical)
	case e.elem == f64:
		k.foldPairs(n, a, t, func(x, y, lo, hi Op) {
			e.VPERM2F128(Imm(0x20), y, x, lo)
			e.VPERM2F128(Imm(0x31), y, x, hi)
		})
	default:
		e.VEXTRACTF128(Imm(1), e.v(a), e.x(t))
		sum = e.x(a)
		e.add(e.x(t), sum, sum)
	}
	e.add(at, sum, sum)
	e.store(sum, at)
}

// foldPairs halves n registers from a on: each pair is shuffled into two
// scratch registers from t on, whose sum takes the pair's place in order.
func (k *symv) foldPairs(n, a, t int, shuffle func(x, y, lo, hi Op)) {
	for i := range n / 2 {
		lo, hi := k.e.v(t+2*(i%2)), k.e.v(t+2*(i%2)+1)
		shuffle(k.e.v(a+2*i), k.e.v(a+2*i+1), lo, hi)
		k.e.add(lo, hi, k.e.v(a+i))
	}
}
