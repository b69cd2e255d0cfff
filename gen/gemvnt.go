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
	out, factor := reg.RAX, reg.RCX
	g.Load(g.Param("out"), out)
	g.Load(g.Param("factor"), factor)
	g.broadcastParam("alpha", g.v(gemvAlpha))
	g.groups([]int{4, 1}, func(rows int) {
		sets := g.dots(rows)
		for i := range rows {
			g.factor(i, i*sets, out, factor)
		}
		g.ADDQ(Imm(uint64(rows*g.elem.Size)), out)
		g.ADDQ(Imm(uint64(rows*g.elem.Size)), factor)
		g.addScaled(rows)
	})
}

// factor finishes the sum of row i, adds alpha times that to out, takes the result
// off the row's factor, and fills register i with this.
func (g gemv) factor(i, sum int, out, factor reg.Register) {
	const t = 13
	at := func(base reg.Register) Mem { return Mem{Base: base, Disp: i * g.elem.Size} }
	either(g.elem, g.VFMADD213SS, g.VFMADD213SD)(at(out), g.x(gemvAlpha), g.x(sum))
	either(g.elem, g.VMOVSS, g.VMOVSD)(g.x(sum), at(out))
	either(g.elem, g.VMOVSS, g.VMOVSD)(at(factor), g.x(t))
	either(g.elem, g.VSUBSS, g.VSUBSD)(g.x(sum), g.x(t), g.x(t))
	either(g.elem, g.VMOVSS, g.VMOVSD)(g.x(t), at(factor))
	either(g.elem, g.VBROADCASTSS, g.VBROADCASTSD)(g.x(t), g.v(i))
}
