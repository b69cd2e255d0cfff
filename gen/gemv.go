package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Gemv and ger kernels take several rows of A at a time, so that a vector of x
// or y is loaded once for all of them, in the end one. Row i of a group is
// addressed from vA with an odd multiple of the stride in vRow[i].
var (
	vM, vN       = reg.RDX, reg.RBX
	vA, vX, vY   = reg.RSI, reg.R8, reg.R9
	vRow1, vRow3 = reg.R10, reg.R11
	vRow5, vRow7 = reg.R12, reg.R13
	vAt, vXAt    = reg.R14, reg.R15
	vLeft        = reg.RDI
)

const gemvMask = 15 // vector register of the mask, on AVX2

type gemv struct{ *emitter }

func (g gemv) begin(s Spec) {
	g.text(s.Name(), "func(m, n int, a *"+g.elem.Go+", lda int, x, y *"+g.elem.Go+")")
	g.Load(g.Param("n"), vN)
	g.MOVQ(vN, vLeft)
	g.ANDQ(Imm(uint64(g.lanes()-1)), vLeft)
	g.laneMask(vLeft, reg.K1, g.v(gemvMask))
	g.Load(g.Param("m"), vM)
	g.Load(g.Param("a"), vA)
	g.Load(g.Param("lda"), vRow1)
	g.Load(g.Param("x"), vX)
	g.Load(g.Param("y"), vY)
	g.SHLQ(Imm(shift(g.elem)), vRow1)
	g.LEAQ(Mem{Base: vRow1, Index: vRow1, Scale: 2}, vRow3)
	g.LEAQ(Mem{Base: vRow1, Index: vRow1, Scale: 4}, vRow5)
	g.LEAQ(Mem{Base: vRow3, Index: vRow1, Scale: 4}, vRow7)
}

// groups runs body for the first of counts rows while there are that many, then
// for the next of them, and in the end for single rows.
func (g gemv) groups(counts []int, body func(rows int)) {
	for _, rows := range counts {
		loop, done := g.label("rows"), g.label("fewer")
		g.Label(loop)
		g.CMPQ(vM, Imm(uint64(rows)))
		g.JLT(LabelRef(done))
		body(rows)
		g.LEAQ(multiple(vA, vRow1, vRow3, vRow5, vRow7, rows), vA)
		g.SUBQ(Imm(uint64(rows)), vM)
		g.JMP(LabelRef(loop))
		g.Label(done)
	}
	g.ret()
}

// columns runs over vN columns by vectors, unroll at a time, then one, then the
// remainder under the mask. vAt walks along the first row and vXAt along other.
func (g gemv) columns(other reg.GPPhysical, unroll int, body func(u int, masked bool)) {
	g.MOVQ(vA, vAt)
	g.MOVQ(other, vXAt)
	g.MOVQ(vN, vLeft)
	for _, by := range []int{unroll, 1} {
		loop, done := g.label("block"), g.label("rest")
		g.Label(loop)
		g.CMPQ(vLeft, Imm(uint64(by*g.lanes())))
		g.JLT(LabelRef(done))
		for u := range by {
			body(u, false)
		}
		g.ADDQ(I32(by*g.isa.Width), vAt)
		g.ADDQ(I32(by*g.isa.Width), vXAt)
		g.SUBQ(I32(by*g.lanes()), vLeft)
		g.JMP(LabelRef(loop))
		g.Label(done)
	}
	end := g.label("end")
	g.TESTQ(vLeft, vLeft)
	g.JZ(LabelRef(end))
	body(0, true)
	g.Label(end)
}

func (g gemv) row(i, u int) Mem {
	m := multiple(vAt, vRow1, vRow3, vRow5, vRow7, i)
	m.Disp = u * g.isa.Width
	return m
}

func (g gemv) maskOp() Op {
	if g.isa.Masks {
		return reg.K1
	}
	return g.v(gemvMask)
}

// fmaRow adds row i of A times vector v to dst; t is scratch.
func (g gemv) fmaRow(i, u int, masked bool, v, dst, t reg.VecPhysical) {
	if !masked {
		g.fma(g.row(i, u), v, dst)
		return
	}
	g.loadMasked(g.row(i, u), g.maskOp(), t)
	g.fma(t, v, dst)
}

// emitGemvN: y = A·x, the dot products of rows.
func emitGemvN(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s)
	g.groups([]int{8, 4, 1}, func(rows int) {
		sets := 8 / rows // of sums, so that eight do not wait for one another
		for i := range 8 {
			g.zero(g.v(i))
		}
		g.columns(vX, sets, func(u int, masked bool) {
			x := g.v(8 + u%4)
			m := Mem{Base: vXAt, Disp: u * g.isa.Width}
			if masked {
				g.loadMasked(m, g.maskOp(), x)
			} else {
				g.load(m, x)
			}
			for i := range rows {
				g.fmaRow(i, u, masked, x, g.v(i*sets+u), g.v(13))
			}
		})
		for i := range rows {
			for n := sets; n > 1; n /= 2 {
				for u := range n / 2 {
					g.add(g.v(i*sets+u+n/2), g.v(i*sets+u), g.v(i*sets+u))
				}
			}
			g.reduce(i*sets, 13)
			either(g.elem, g.VMOVSS, g.VMOVSD)(g.x(i*sets), Mem{Base: vY, Disp: i * g.elem.Size})
		}
		g.ADDQ(Imm(uint64(rows*g.elem.Size)), vY)
	})
}

// emitGemvT: y += Aᵀ·x, rows of A added up in their order.
func emitGemvT(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s)
	g.groups([]int{8, 4, 1}, func(rows int) {
		for i := range rows {
			g.broadcast(Mem{Base: vX, Disp: i * g.elem.Size}, g.v(i))
		}
		g.ADDQ(Imm(uint64(rows*g.elem.Size)), vX)
		g.columns(vY, 4, func(u int, masked bool) {
			y, m := g.v(8+u), Mem{Base: vXAt, Disp: u * g.isa.Width}
			if masked {
				g.loadMasked(m, g.maskOp(), y)
			} else {
				g.load(m, y)
			}
			for i := range rows {
				g.fmaRow(i, u, masked, g.v(i), y, g.v(13))
			}
			if masked {
				g.storeMasked(y, g.maskOp(), m)
			} else {
				g.store(y, m)
			}
		})
	})
}

// emitGer: A += x·yᵀ. A row is read and written once, which binds in every
// level of memory; four rows share a vector of y, because two loads to a store
// would be all that a core can do.
func emitGer(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s)
	g.groups([]int{4, 1}, func(rows int) {
		for i := range rows {
			g.broadcast(Mem{Base: vX, Disp: i * g.elem.Size}, g.v(i))
		}
		g.ADDQ(Imm(uint64(rows*g.elem.Size)), vX)
		g.columns(vY, 8/rows, func(u int, masked bool) {
			y, m := g.v(4+u%2), Mem{Base: vXAt, Disp: u * g.isa.Width}
			if masked {
				g.loadMasked(m, g.maskOp(), y)
			} else {
				g.load(m, y)
			}
			for i := range rows {
				g.addToRow(i, u, masked, y, g.v(6+(u*rows+i)%8))
			}
		})
	})
}

// addToRow adds v times the factor of row i to that row of A; t is scratch.
func (g gemv) addToRow(i, u int, masked bool, v, t reg.VecPhysical) {
	if masked {
		g.loadMasked(g.row(i, u), g.maskOp(), t)
		g.fma(g.v(i), v, t)
		g.storeMasked(t, g.maskOp(), g.row(i, u))
		return
	}
	g.load(g.row(i, u), t)
	g.fma(g.v(i), v, t)
	g.store(t, g.row(i, u))
}
