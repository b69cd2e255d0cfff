package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// stripVectors is the width of the widest strip, which package kernels cuts a
// matrix that L2 holds into.
const stripVectors = 16

// strips runs over matrices of at most stripVectors vectors of columns on AVX-512:
// what all rows share, x or y, stays in registers, A is read in the order of its
// addresses, and the loop loads nothing else. Wider ones go on.
func (g gemv) strips(strip func(vectors int)) {
	if !g.e.isa.Masks {
		return
	}
	wide := g.e.label("wide")
	g.e.CMPQ(vN, I32(stripVectors*g.e.lanes()))
	g.e.JGT(LabelRef(wide))
	g.e.TESTQ(vM, vM)
	g.e.JZ(LabelRef(wide))
	g.e.TESTQ(vN, vN)
	g.e.JZ(LabelRef(wide))
	g.e.LEAQ(Mem{Base: vN, Disp: -1}, vLeft)
	g.e.ANDQ(Imm(uint64(g.e.lanes()-1)), vLeft)
	g.e.INCQ(vLeft)
	g.e.laneMask(vLeft, reg.K1, nil)
	g.e.LEAQ(Mem{Base: vN, Disp: g.e.lanes() - 1}, vLeft)
	g.e.SHRQ(Imm(6-shift(g.e.elem)), vLeft)
	for vectors := stripVectors; vectors > 1; vectors-- {
		g.e.CMPQ(vLeft, Imm(uint64(vectors)))
		g.e.JEQ(LabelRef("strip" + itoa(vectors)))
	}
	for vectors := range stripVectors {
		g.e.Label("strip" + itoa(vectors+1))
		strip(vectors + 1)
		g.e.ret()
	}
	g.e.Label(wide)
}

// sharedFirst is the first register of what rows share; those below are among the
// sixteen that instructions without AVX-512 know.
const sharedFirst = 8

// shared fills a register with each vector of x or y, the last under the mask.
func (g gemv) shared(vectors int, p reg.Register) {
	for u := range vectors {
		g.get(Mem{Base: p, Disp: u * g.e.isa.Width}, u == vectors-1, g.e.v(sharedFirst+u))
	}
}

// stripRows runs body for every row, whose entry of the vector of rows is at p.
func (g gemv) stripRows(p reg.Register, body func()) {
	loop := g.e.label("row")
	g.e.align()
	g.e.Label(loop)
	body()
	g.e.ADDQ(vRow1, vA)
	g.e.ADDQ(Imm(uint64(g.e.elem.Size)), p)
	g.e.DECQ(vM)
	g.e.JNZ(LabelRef(loop))
}

func (g gemv) stripAt(u int) Mem { return Mem{Base: vA, Disp: u * g.e.isa.Width} }

// fetchStrip fetches a vector of the row after the next. The processor foresees
// lines that follow one another, which a strip breaks off: it then fetches those
// behind the strip, and not these.
func (g gemv) fetchStrip(u int) {
	g.e.PREFETCHT0(Mem{Base: vA, Index: vRow1, Scale: 2, Disp: u * g.e.isa.Width})
}

// stripN takes the inner product of each row with x, in two sums.
func (g gemv) stripN(vectors int) {
	g.shared(vectors, vX)
	const sum, t = 0, 2
	g.stripRows(vY, func() {
		for u := range vectors {
			g.fetchStrip(u)
			x, acc := g.e.v(sharedFirst+u), g.e.v(sum+u%2)
			switch last := u == vectors-1; {
			case last && u < 2:
				either(g.e.elem, g.e.VMULPS_Z, g.e.VMULPD_Z)(g.stripAt(u), x, reg.K1, acc)
			case last:
				either(g.e.elem, g.e.VFMADD231PS, g.e.VFMADD231PD)(g.stripAt(u), x, reg.K1, acc)
			case u < 2:
				g.e.mul(g.stripAt(u), x, acc)
			default:
				g.e.fma(g.stripAt(u), x, acc)
			}
		}
		if vectors > 1 {
			g.e.add(g.e.v(sum+1), g.e.v(sum), g.e.v(sum))
		}
		g.e.reduce(sum, t)
		either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(g.e.x(sum), Mem{Base: vY})
	})
}

// stripT adds every row, times its factor, to y. Where it fetches the last vector too,
// it loses a tenth on Zen 5.
func (g gemv) stripT(vectors int) {
	g.shared(vectors, vY)
	factor := g.e.v(0)
	g.stripRows(vX, func() {
		g.e.broadcast(Mem{Base: vX}, factor)
		for u := range vectors - 1 {
			g.fetchStrip(u)
			g.e.fma(g.stripAt(u), factor, g.e.v(sharedFirst+u))
		}
		either(g.e.elem, g.e.VFMADD231PS, g.e.VFMADD231PD)(g.stripAt(vectors-1), factor, reg.K1, g.e.v(sharedFirst+vectors-1))
	})
	for u := range vectors {
		g.put(g.e.v(sharedFirst+u), u == vectors-1, Mem{Base: vY, Disp: u * g.e.isa.Width})
	}
}

// stripGer adds y, times the factor of the row, to every row.
func (g gemv) stripGer(vectors int) {
	g.shared(vectors, vY)
	factor := g.e.v(0)
	g.stripRows(vX, func() {
		g.e.broadcast(Mem{Base: vX}, factor)
		for u := range vectors {
			t, last := g.e.v(1+u%7), u == vectors-1
			g.get(g.stripAt(u), last, t)
			g.e.fma(factor, g.e.v(sharedFirst+u), t)
			g.put(t, last, g.stripAt(u))
		}
	})
}
