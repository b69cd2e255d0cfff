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
	if !g.isa.Masks {
		return
	}
	wide := g.label("wide")
	g.CMPQ(vN, I32(stripVectors*g.lanes()))
	g.JGT(LabelRef(wide))
	g.TESTQ(vM, vM)
	g.JZ(LabelRef(wide))
	g.TESTQ(vN, vN)
	g.JZ(LabelRef(wide))
	g.LEAQ(Mem{Base: vN, Disp: -1}, vLeft)
	g.ANDQ(Imm(uint64(g.lanes()-1)), vLeft)
	g.INCQ(vLeft)
	g.laneMask(vLeft, reg.K1, nil)
	g.LEAQ(Mem{Base: vN, Disp: g.lanes() - 1}, vLeft)
	g.SHRQ(Imm(6-shift(g.elem)), vLeft)
	for vectors := stripVectors; vectors > 1; vectors-- {
		g.CMPQ(vLeft, Imm(uint64(vectors)))
		g.JEQ(LabelRef("strip" + itoa(vectors)))
	}
	for vectors := range stripVectors {
		g.Label("strip" + itoa(vectors+1))
		strip(vectors + 1)
		g.ret()
	}
	g.Label(wide)
}

// sharedFirst is the first register of what rows share; those below are among the
// sixteen that instructions without AVX-512 know.
const sharedFirst = 8

// shared fills a register with each vector of x or y, the last under the mask.
func (g gemv) shared(vectors int, p reg.Register) {
	for u := range vectors {
		g.get(Mem{Base: p, Disp: u * g.isa.Width}, u == vectors-1, g.v(sharedFirst+u))
	}
}

// stripRows runs body for every row, whose entry of the vector of rows is at p.
func (g gemv) stripRows(p reg.Register, body func()) {
	loop := g.label("row")
	g.align()
	g.Label(loop)
	body()
	g.ADDQ(vRow1, vA)
	g.ADDQ(Imm(uint64(g.elem.Size)), p)
	g.DECQ(vM)
	g.JNZ(LabelRef(loop))
}

func (g gemv) stripAt(u int) Mem { return Mem{Base: vA, Disp: u * g.isa.Width} }

// stripN takes the inner product of each row with x, in two sums.
func (g gemv) stripN(vectors int) {
	g.shared(vectors, vX)
	const sum, t = 0, 2
	g.stripRows(vY, func() {
		for u := range vectors {
			x, acc := g.v(sharedFirst+u), g.v(sum+u%2)
			switch last := u == vectors-1; {
			case last && u < 2:
				either(g.elem, g.VMULPS_Z, g.VMULPD_Z)(g.stripAt(u), x, reg.K1, acc)
			case last:
				either(g.elem, g.VFMADD231PS, g.VFMADD231PD)(g.stripAt(u), x, reg.K1, acc)
			case u < 2:
				g.mul(g.stripAt(u), x, acc)
			default:
				g.fma(g.stripAt(u), x, acc)
			}
		}
		if vectors > 1 {
			g.add(g.v(sum+1), g.v(sum), g.v(sum))
		}
		g.reduce(sum, t)
		either(g.elem, g.VMOVSS, g.VMOVSD)(g.x(sum), Mem{Base: vY})
	})
}

// stripT adds every row, times its factor, to y.
func (g gemv) stripT(vectors int) {
	g.shared(vectors, vY)
	factor := g.v(0)
	g.stripRows(vX, func() {
		g.broadcast(Mem{Base: vX}, factor)
		for u := range vectors - 1 {
			g.fma(g.stripAt(u), factor, g.v(sharedFirst+u))
		}
		either(g.elem, g.VFMADD231PS, g.VFMADD231PD)(g.stripAt(vectors-1), factor, reg.K1, g.v(sharedFirst+vectors-1))
	})
	for u := range vectors {
		g.put(g.v(sharedFirst+u), u == vectors-1, Mem{Base: vY, Disp: u * g.isa.Width})
	}
}

// stripGer adds y, times the factor of the row, to every row.
func (g gemv) stripGer(vectors int) {
	g.shared(vectors, vY)
	factor := g.v(0)
	g.stripRows(vX, func() {
		g.broadcast(Mem{Base: vX}, factor)
		for u := range vectors {
			t, last := g.v(1+u%7), u == vectors-1
			g.get(g.stripAt(u), last, t)
			g.fma(factor, g.v(sharedFirst+u), t)
			g.put(t, last, g.stripAt(u))
		}
	})
}
