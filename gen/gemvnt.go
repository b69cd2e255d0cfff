package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const gemvAlpha = 14 // vector register of alpha

// emitGemvNT: both products of a bidiagonal reduction's step. Four rows, or one,
// meet x, and while they are in L1, having got their factors from that, they are
// added to y.
func emitGemvNT(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s, "func(m, n int, alpha "+e.elem.Go+", a *"+e.elem.Go+", lda int, x, y, out, factor *"+e.elem.Go+")")
	out, factor := vRow5, vRow7 // which no group is high enough for
	g.e.Load(g.e.Param("out"), out)
	g.e.Load(g.e.Param("factor"), factor)
	g.e.broadcastParam("alpha", g.e.v(gemvAlpha))
	g.groups([]int{4, 1}, func(rows int) {
		sets := g.dots(rows)
		for i := range rows {
			g.factor(i, i*sets, out, factor)
		}
		g.e.ADDQ(Imm(uint64(rows*g.e.elem.Size)), out)
		g.e.ADDQ(Imm(uint64(rows*g.e.elem.Size)), factor)
		g.addScaled(rows)
	})
}

// factor finishes the sum of row i, adds alpha times that to out, takes the result
// off the row's factor, and fills register i with this.
func (g gemv) factor(i, sum int, out, factor reg.Register) {
	const t = 13
	at := func(base reg.Register) Mem { return Mem{Base: base, Disp: i * g.e.elem.Size} }
	either(g.e.elem, g.e.VFMADD213SS, g.e.VFMADD213SD)(at(out), g.e.x(gemvAlpha), g.e.x(sum))
	either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(g.e.x(sum), at(out))
	either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(at(factor), g.e.x(t))
	either(g.e.elem, g.e.VSUBSS, g.e.VSUBSD)(g.e.x(sum), g.e.x(t), g.e.x(t))
	either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(g.e.x(t), at(factor))
	either(g.e.elem, g.e.VBROADCASTSS, g.e.VBROADCASTSD)(g.e.x(t), g.e.v(i))
}
