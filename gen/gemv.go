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

// vPieces are the lanes of the last vector, on AVX2.
var vPieces = lanePieces{reg.RAX, reg.RCX, reg.RBP}

type gemv struct{ e *emitter }

// signature is that of the plain kernels.
func (g gemv) signature() string {
	return "func(m, n int, a *" + g.e.elem.Go + ", lda int, x, y *" + g.e.elem.Go + ")"
}

func (g gemv) begin(s Spec, signature string) {
	g.e.text(s.Name(), signature)
	g.e.Load(g.e.Param("n"), vN)
	g.e.MOVQ(vN, vLeft)
	g.e.ANDQ(Imm(uint64(g.e.lanes()-1)), vLeft)
	g.e.laneMask(vLeft, reg.K1, g.e.v(gemvMask))
	g.e.Load(g.e.Param("m"), vM)
	g.e.Load(g.e.Param("a"), vA)
	g.e.Load(g.e.Param("lda"), vRow1)
	g.e.Load(g.e.Param("x"), vX)
	g.e.Load(g.e.Param("y"), vY)
	g.e.SHLQ(Imm(shift(g.e.elem)), vRow1)
	g.e.LEAQ(Mem{Base: vRow1, Index: vRow1, Scale: 2}, vRow3)
	g.e.LEAQ(Mem{Base: vRow1, Index: vRow1, Scale: 4}, vRow5)
	g.e.LEAQ(Mem{Base: vRow3, Index: vRow1, Scale: 4}, vRow7)
}

// singleTo is the length in bytes up to which rows are taken one by one: package
// kernels cuts a matrix that fits into the caches into such rows. Longer ones are
// those of a matrix in memory.
const singleTo = 8192

// memoryRows is the number of rows that are read from memory at once: the
// processor fetches ahead along each of them, in a page of its own.
const memoryRows = 8

// memoryRun is the number of vectors of each in turn: the longer, the better for
// pages, and as many as there are registers.
const memoryRun = 8

// singleFrom is the length from which rows in the caches are taken one by one,
// which reads A as the processor foresees. Shorter ones would wait for their sums
// too often.
const singleFrom = 4096

// inCaches runs body for groups of so many rows, or single ones where these
// are long; on AVX-512, where short rows come in strips, for single ones alone.
func (g gemv) inCaches(body func(rows int), counts ...int) {
	if g.e.isa.Masks {
		counts = []int{1}
	} else {
		g.singleRows()
	}
	g.groups(counts, body)
}

// singleRows has rows between singleFrom and singleTo taken one by one.
func (g gemv) singleRows() {
	group := g.e.label("groups")
	g.e.CMPQ(vN, I32(singleFrom/g.e.elem.Size))
	g.e.JLT(LabelRef(group))
	g.e.CMPQ(vN, I32(singleTo/g.e.elem.Size))
	g.e.JLE(LabelRef("rows1"))
	g.e.Label(group)
}

// groups runs body for the first of counts rows while there are that many, then
// for the next of them, and in the end for single rows.
func (g gemv) groups(counts []int, body func(rows int)) {
	for _, rows := range counts {
		g.rowLoop("rows"+itoa(rows), rows, func() { body(rows) })
	}
	g.e.ret()
}

// rowLoop runs body for the next so many rows while there are that many.
func (g gemv) rowLoop(name string, rows int, body func()) {
	done := g.e.label("fewer")
	g.e.Label(name)
	g.e.CMPQ(vM, Imm(uint64(rows)))
	g.e.JLT(LabelRef(done))
	body()
	g.e.LEAQ(multiple(vA, vRow1, vRow3, vRow5, vRow7, rows), vA)
	g.e.SUBQ(Imm(uint64(rows)), vM)
	g.e.JMP(LabelRef(name))
	g.e.Label(done)
}

// inMemory runs body for groups of memoryRows, if rows are longer than singleTo or
// just as many, and the ISA is that for memory. Others are left to inCaches. The body
// does a block of up to memoryRun vectors.
func (g gemv) inMemory(other reg.GPPhysical, begin func(), body func(vectors int, masked bool), end func()) {
	if g.e.isa.Masks {
		return
	}
	rows, cached := g.e.label("together"), g.e.label("cached")
	g.e.CMPQ(vM, Imm(memoryRows))
	g.e.JEQ(LabelRef(rows))
	g.e.CMPQ(vN, I32(singleTo/g.e.elem.Size))
	g.e.JLE(LabelRef(cached))
	g.e.Label(rows)
	g.rowLoop("memory", memoryRows, func() {
		begin()
		g.blocks(other, memoryRun, func(vectors int, masked bool) {
			if masked {
				g.e.laneMask(vLeft, reg.K1, g.e.v(gemvMask)) // which blocks use
			}
			body(vectors, masked)
		})
		end()
	})
	g.e.MOVQ(vN, vLeft)
	g.e.ANDQ(Imm(uint64(g.e.lanes()-1)), vLeft)
	g.e.laneMask(vLeft, reg.K1, g.e.v(gemvMask))
	g.e.Label(cached)
}

// columns runs over vN columns by vectors, unroll at a time, then one, then the
// remainder under the mask. vAt walks along the first row and vXAt along other.
func (g gemv) columns(other reg.GPPhysical, unroll int, body func(u int, masked bool)) {
	g.blocks(other, unroll, func(vectors int, masked bool) {
		for u := range vectors {
			body(u, masked)
		}
	})
}

// blocks is columns for bodies that do so many vectors in an order of their own.
func (g gemv) blocks(other reg.GPPhysical, unroll int, body func(vectors int, masked bool)) {
	g.e.MOVQ(vA, vAt)
	g.e.MOVQ(other, vXAt)
	g.e.MOVQ(vN, vLeft)
	for _, by := range []int{unroll, 1} {
		loop, done := g.e.label("block"), g.e.label("rest")
		g.e.Label(loop)
		g.e.CMPQ(vLeft, Imm(uint64(by*g.e.lanes())))
		g.e.JLT(LabelRef(done))
		body(by, false)
		g.e.ADDQ(I32(by*g.e.isa.Width), vAt)
		g.e.ADDQ(I32(by*g.e.isa.Width), vXAt)
		g.e.SUBQ(I32(by*g.e.lanes()), vLeft)
		g.e.JMP(LabelRef(loop))
		g.e.Label(done)
	}
	end := g.e.label("end")
	g.e.TESTQ(vLeft, vLeft)
	g.e.JZ(LabelRef(end))
	if !g.e.isa.Masks {
		g.e.MOVQ(vLeft, vPieces.n)
	}
	body(1, true)
	g.e.Label(end)
}

func (g gemv) row(i, u int) Mem {
	m := multiple(vAt, vRow1, vRow3, vRow5, vRow7, i)
	m.Disp = u * g.e.isa.Width
	return m
}

// get loads a vector, under the mask where masked says so.
func (g gemv) get(m Mem, masked bool, dst reg.VecPhysical) {
	if masked {
		g.e.loadMasked(m, g.maskOp(), dst)
	} else {
		g.e.load(m, dst)
	}
}

// put stores a vector, which it may clobber, as it does vLeft, the last of columns.
func (g gemv) put(src reg.VecPhysical, masked bool, m Mem) {
	if !masked {
		g.e.store(src, m)
		return
	}
	if !g.e.isa.Masks { // an address of one register
		g.e.LEAQ(m, vLeft)
		m = Mem{Base: vLeft}
	}
	g.e.splitLanes(vPieces)
	g.e.storeLast(src, vPieces, m)
}

func (g gemv) maskOp() Op {
	if g.e.isa.Masks {
		return reg.K1
	}
	return g.e.v(gemvMask)
}

// fmaRow adds row i of A times vector v to dst; t is scratch.
func (g gemv) fmaRow(i, u int, masked bool, v, dst, t reg.VecPhysical) {
	if !masked {
		g.e.fma(g.row(i, u), v, dst)
		return
	}
	g.e.loadMasked(g.row(i, u), g.maskOp(), t)
	g.e.fma(t, v, dst)
}

// emitGemvN: y = A·x, the dot products of rows.
func emitGemvN(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s, g.signature())
	g.strips(g.stripN)
	g.inMemory(vX, func() { g.e.zeroAll(memoryRows) }, func(vectors int, masked bool) {
		for u := range vectors {
			g.get(Mem{Base: vXAt, Disp: u * g.e.isa.Width}, masked, g.e.v(memoryRows+u))
		}
		for i := range memoryRows {
			for u := range vectors {
				g.fmaRow(i, u, masked, g.e.v(memoryRows+u), g.e.v(i), g.e.v(13))
			}
		}
	}, func() {
		for i := range memoryRows {
			g.e.reduce(i, 13)
			either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(g.e.x(i), Mem{Base: vY, Disp: i * g.e.elem.Size})
		}
		g.e.ADDQ(Imm(uint64(memoryRows*g.e.elem.Size)), vY)
	})
	g.inCaches(func(rows int) {
		sets := g.dots(rows)
		for i := range rows {
			either(g.e.elem, g.e.VMOVSS, g.e.VMOVSD)(g.e.x(i*sets), Mem{Base: vY, Disp: i * g.e.elem.Size})
		}
		g.e.ADDQ(Imm(uint64(rows*g.e.elem.Size)), vY)
	}, 8, 4, 1)
}

// dots multiplies rows of A by x. Their sums end in every register that is a
// multiple of sets.
func (g gemv) dots(rows int) (sets int) {
	sets = 8 / rows // of sums, so that eight do not wait for one another
	for i := range 8 {
		g.e.zero(g.e.v(i))
	}
	g.columns(vX, sets, func(u int, masked bool) {
		x := g.e.v(8 + u%4)
		g.get(Mem{Base: vXAt, Disp: u * g.e.isa.Width}, masked, x)
		for i := range rows {
			g.fmaRow(i, u, masked, x, g.e.v(i*sets+u), g.e.v(13))
		}
	})
	for i := range rows {
		for n := sets; n > 1; n /= 2 {
			for u := range n / 2 {
				g.e.add(g.e.v(i*sets+u+n/2), g.e.v(i*sets+u), g.e.v(i*sets+u))
			}
		}
		g.e.reduce(i*sets, 13)
	}
	return sets
}

// emitGemvT: y += Aᵀ·x, rows of A added up in their order.
func emitGemvT(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s, g.signature())
	g.strips(g.stripT)
	g.inMemory(vY, func() { g.factors(memoryRows) }, func(vectors int, masked bool) {
		g.addBlock(memoryRows, vectors, masked)
	}, func() {})
	g.inCaches(func(rows int) {
		g.factors(rows)
		g.addScaled(rows)
	}, 8, 4, 1)
}

// factors fills a register for each row with its factor from x, and moves on in x.
func (g gemv) factors(rows int) {
	for i := range rows {
		g.e.broadcast(Mem{Base: vX, Disp: i * g.e.elem.Size}, g.e.v(i))
	}
	g.e.ADDQ(Imm(uint64(rows*g.e.elem.Size)), vX)
}

// addScaled adds rows of A, times the registers from the first on, to y.
func (g gemv) addScaled(rows int) {
	g.blocks(vY, 4, func(vectors int, masked bool) { g.addBlock(rows, vectors, masked) })
}

// addBlock adds so many vectors of rows, row after row, to y.
func (g gemv) addBlock(rows, vectors int, masked bool) {
	at := func(u int) Mem { return Mem{Base: vXAt, Disp: u * g.e.isa.Width} }
	for u := range vectors {
		g.get(at(u), masked, g.e.v(8+u))
	}
	for i := range rows {
		for u := range vectors {
			g.fmaRow(i, u, masked, g.e.v(i), g.e.v(8+u), g.e.v(13))
		}
	}
	for u := range vectors {
		g.put(g.e.v(8+u), masked, at(u))
	}
}

// emitGer: A += x·yᵀ. A row is read and written once, which binds in every
// level of memory; four rows share a vector of y, because two loads to a store
// would be all that a core can do.
func emitGer(e *emitter, s Spec) {
	g := gemv{e}
	g.begin(s, g.signature())
	g.strips(g.stripGer)
	g.inMemory(vY, func() { g.factors(memoryRows) }, func(vectors int, masked bool) {
		y := func(u int) Op { return Mem{Base: vXAt, Disp: u * g.e.isa.Width} }
		if masked {
			g.get(y(0).(Mem), masked, g.e.v(memoryRows+1))
			y = func(int) Op { return g.e.v(memoryRows + 1) }
		}
		for i := range memoryRows {
			for u := range vectors {
				g.addToRow(i, u, masked, y(u), g.e.v(memoryRows+u))
			}
		}
	}, func() {})
	g.inCaches(func(rows int) {
		g.factors(rows)
		g.columns(vY, 8/rows, func(u int, masked bool) {
			y, m := g.e.v(4+u%2), Mem{Base: vXAt, Disp: u * g.e.isa.Width}
			g.get(m, masked, y)
			for i := range rows {
				g.addToRow(i, u, masked, y, g.e.v(6+(u*rows+i)%8))
			}
		})
	}, 4, 1)
}

// addToRow adds v times the factor of row i to that row of A; t is scratch.
func (g gemv) addToRow(i, u int, masked bool, v Op, t reg.VecPhysical) {
	g.get(g.row(i, u), masked, t)
	g.e.fma(v, g.e.v(i), t)
	g.put(t, masked, g.row(i, u))
}
