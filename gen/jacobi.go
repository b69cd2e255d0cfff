package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// jacobi rotates rows pair by pair. Pairs come in rounds of disjoint ones, these
// in groups of one pair to a lane of a vector. The inner products of the pairs,
// their lanes still to be summed, go through a tree that transposes as it adds, so
// that each ends in the lane of its pair; there angles and thresholds of a whole
// group are found at once. The groups of a round do so one after another, which
// lets the processor work on the long chains of several at a time, and then the
// pairs rotate.
//
// Rows are rotated without their cosines (fast rotations, Gentleman 1973): a
// multiply-add for each entry. What row i lacks is √κ_i, which it gets in the
// end. κ and the squared lengths stand in lanes too, those of the first rows of
// the pairs and those of the second, and move on with the circle of rows from
// round to round.
//
// On AVX-512, too, vectors have 256 bits: there are twice as many groups to a round, and the
// angles of one are found while others rotate.
type jacobi struct {
	e    *emitter
	free []int
}

var (
	jRounds, jPairs, jRows = reg.RDX, reg.RSI, reg.RDI
	jDot, jRow             = reg.R8, reg.R9
	jP, jQ, jI             = reg.R10, reg.R11, reg.R12
	jMask, jCount, jWork   = reg.R13, reg.RBX, reg.RCX
	jSlot, jFirst, jPair   = reg.R14, reg.R15, reg.RBP
)

// The slot of a group in the workspace: what multiplies the first rows on their
// way to the second and the reverse, squared lengths and κ of either, and where
// their successors in the next round come from. A slot more on each side hands
// lengths and κ on; before all is the off measure.
const (
	jAlpha = iota
	jBeta
	jLength // of the first rows, then of the second
	jLength2
	jKappa
	jKappa2
	jNext
	jNext2
	jFields
)

func (j *jacobi) field(f int) Mem { return Mem{Base: jSlot, Disp: f * j.e.isa.Width} }

func (j *jacobi) firstSlot() { j.e.LEAQ(Mem{Base: jWork, Disp: (1 + jFields) * j.e.isa.Width}, jSlot) }

func emitJacobi(e *emitter, s Spec) {
	e.text(s.Name(), "func(rounds, batch, real int, first, pairs *int32, rows *"+e.elem.Go+", dot, row int, count, last int, tol, floor "+e.elem.Go+", work *"+e.elem.Go+") int")
	j := &jacobi{e: by256(e)}
	e = j.e
	e.Load(e.Param("rounds"), jRounds)
	e.Load(e.Param("pairs"), jPairs)
	e.Load(e.Param("rows"), jRows)
	e.Load(e.Param("dot"), jDot)
	e.Load(e.Param("row"), jRow)
	e.Load(e.Param("work"), jWork)
	e.Load(e.Param("count"), jCount)
	e.CMPQ(jPairs, e.paramMem("first"))
	e.JNE(LabelRef("round"))
	j.lengths()
	e.Load(e.Param("pairs"), jPairs)
	e.TESTQ(jRounds, jRounds)
	e.JZ(LabelRef("units"))
	e.Label("round")
	e.XORQ(jPair, jPair)
	e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	e.Label("group")
	g := j.products(jDot, "dot")[0]
	j.angles(g)
	j.nextGroup("group")
	e.TESTQ(jPair, jPair)
	e.JZ(LabelRef("moved"))
	j.rotate()
	e.Label("moved")
	j.moveOn()
	e.DECQ(jRounds)
	e.JNZ(LabelRef("round"))
	e.CMPQ(e.paramMem("last"), I8(0))
	e.JEQ(LabelRef("end"))
	e.TESTQ(jCount, jCount)
	e.JZ(LabelRef("end"))
	j.factors("settle", func(i, w int, v int) {
		e.sqrt(j.field(jKappa+i), e.v(w))
		e.copy(w, v)
	})
	e.JMP(LabelRef("scale"))
	e.Label("units")
	j.factors("unit", func(i, w int, v int) {
		j.unit(j.field(jLength+i), j.field(jKappa+i), w, v, func(dst Op) { e.broadcastParam("floor", dst) })
	})
	e.Label("scale")
	j.scale()
	e.Label("end")
	e.Store(jCount, e.ReturnIndex(0))
	e.ret()
}

// nextGroup goes to the next pairs and slot, and to loop unless the round that
// begins at jFirst is over.
func (j *jacobi) nextGroup(loop string) {
	j.e.ADDQ(I32(8*j.e.lanes()), jPairs)
	j.e.ADDQ(I32(jFields*j.e.isa.Width), jSlot)
	j.e.MOVQ(jPairs, jI)
	j.e.SUBQ(jFirst, jI)
	j.e.CMPQ(jI, j.e.paramMem("batch"))
	j.e.JL(LabelRef(loop))
}

func (j *jacobi) take() int {
	i := j.free[len(j.free)-1]
	j.free = j.free[:len(j.free)-1]
	return i
}

func (j *jacobi) give(i ...int) { j.free = append(j.free, i...) }

// pair sets jP and jQ to the rows of the pair at m.
func (j *jacobi) pair(m Mem) {
	j.e.MOVLQSX(m, jP)
	m.Disp += 4
	j.e.MOVLQSX(m, jQ)
	j.e.ADDQ(jRows, jP)
	j.e.ADDQ(jRows, jQ)
}

// products returns the registers of x·y or, for lengths, of x·x and y·y of all pairs
// of a group: of the bytes of a row up to limit, those of lengths from jPair on.
func (j *jacobi) products(limit Op, kind string) (sums []int) {
	j.freeAll()
	var tree [2][]partial
	for k := range j.e.lanes() {
		j.pair(Mem{Base: jPairs, Disp: 8 * k})
		for i, r := range j.inner(limit, kind) {
			tree[i] = j.push(tree[i], partial{1, r})
		}
	}
	for _, t := range tree {
		if len(t) > 0 {
			sums = append(sums, t[0].reg)
		}
	}
	return sums
}

func (j *jacobi) freeAll() {
	j.free = nil
	for i := j.e.isa.Vectors - 1; i >= 0; i-- {
		j.give(i)
	}
}

// inner leaves the products of the pair at hand in registers, not yet summed over
// their lanes.
func (j *jacobi) inner(limit Op, kind string) (sums []int) {
	loop, done := j.e.label(kind), j.e.label("summed")
	x, y := j.take(), j.take()
	sums = append(sums, j.take())
	if kind == "lengths" {
		sums = append(sums, j.take())
	}
	term := func(add func(a, b, c Op), p, q Mem) {
		j.e.load(p, j.e.v(x))
		if kind == "dot" {
			add(q, j.e.v(x), j.e.v(sums[0]))
			return
		}
		j.e.load(q, j.e.v(y))
		add(j.e.v(x), j.e.v(x), j.e.v(sums[0]))
		add(j.e.v(y), j.e.v(y), j.e.v(sums[1]))
	}
	at := func(base reg.Register) Mem { return Mem{Base: base, Index: jI, Scale: 1} }
	if kind == "dot" {
		term(j.e.mul, Mem{Base: jP}, Mem{Base: jQ})
		j.e.MOVQ(I32(j.e.isa.Width), jI)
	} else {
		j.e.MOVQ(jPair, jI)
		term(j.e.mul, at(jP), at(jQ))
		j.e.ADDQ(I32(j.e.isa.Width), jI)
	}
	j.e.CMPQ(jI, limit)
	j.e.JGE(LabelRef(done))
	j.e.Label(loop)
	term(j.e.fma, at(jP), at(jQ))
	j.e.ADDQ(I32(j.e.isa.Width), jI)
	j.e.CMPQ(jI, limit)
	j.e.JL(LabelRef(loop))
	j.e.Label(done)
	j.give(y, x)
	return sums
}

// partial is a node of the tree: 2^(level−1) pairs have been added into reg.
type partial struct{ level, reg int }

// push adds a node and joins it with its equals.
func (j *jacobi) push(tree []partial, p partial) []partial {
	for len(tree) > 0 && tree[len(tree)-1].level == p.level {
		last := tree[len(tree)-1]
		tree = tree[:len(tree)-1]
		t := j.take()
		j.join(p.level, last.reg, p.reg, t)
		j.give(t, p.reg)
		p = partial{p.level + 1, last.reg}
	}
	return append(tree, p)
}

// join shuffles x and y so that half the lanes of each meet the other half,
// and adds: in pairs of lanes first, then between blocks of 128 bits. The sum
// goes to x; y and t are scratch.
func (j *jacobi) join(level, x, y, t int) {
	vx, vy, vt := j.e.v(x), j.e.v(y), j.e.v(t)
	inBlocks := 1
	if j.e.elem == f32 {
		inBlocks = 2
	}
	switch {
	case level == 1:
		either(j.e.elem, j.e.VUNPCKLPS, j.e.VUNPCKLPD)(vy, vx, vt)
		either(j.e.elem, j.e.VUNPCKHPS, j.e.VUNPCKHPD)(vy, vx, vx)
	case level <= inBlocks:
		j.e.VUNPCKLPD(vy, vx, vt)
		j.e.VUNPCKHPD(vy, vx, vx)
	default:
		j.e.VPERM2F128(Imm(0x20), vy, vx, vt)
		j.e.VPERM2F128(Imm(0x31), vy, vx, vx)
	}
	j.e.add(vt, vx, vx)
}

// lengths fills the slots of all groups with squared lengths and κ, which is one
// or, where v follows, takes the drift out of its length.
func (j *jacobi) lengths() {
	e := j.e
	e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	e.Label("start")
	e.XORQ(jPair, jPair)
	e.MOVQ(jDot, jMask)
	e.Label("half")
	sums := j.products(jMask, "lengths")
	one, t := j.take(), j.take()
	e.constant(1, one)
	e.TESTQ(jPair, jPair)
	e.JNZ(LabelRef("kappa"))
	for i, r := range sums {
		e.store(e.v(r), j.field(jLength+i))
		e.store(e.v(one), j.field(jKappa+i))
	}
	e.MOVQ(jDot, jPair)
	e.MOVQ(jRow, jMask)
	e.CMPQ(jPair, jMask)
	e.JL(LabelRef("half"))
	e.JMP(LabelRef("started"))
	e.Label("kappa")
	e.constant(0x1p-20, t) // rows that are not there have no length
	for i, r := range sums {
		e.max(e.v(t), e.v(r), e.v(r))
		e.div(e.v(one), e.v(r), e.v(r))
		e.store(e.v(r), j.field(jKappa+i))
		e.mul(j.field(jLength+i), e.v(r), e.v(r))
		e.store(e.v(r), j.field(jLength+i))
	}
	e.Label("started")
	j.nextGroup("start")
}

// state takes registers for lengths and κ of a group and loads them.
func (j *jacobi) state(at map[int]Mem) (a, b, ka, kb int) {
	var r [4]int
	for i := range r {
		r[i] = j.take()
		j.e.load(at[jLength+i], j.e.v(r[i]))
	}
	return r[0], r[1], r[2], r[3]
}

// eachPair runs body for every pair of the round that begins at jFirst, its rows at
// jP and jQ, jPair being the place of its lane in the vectors of jSlot.
func (j *jacobi) eachPair(body func()) {
	e := j.e
	slot, next, done := e.label("slot"), e.label("pair"), e.label("done")
	j.firstSlot()
	e.MOVQ(e.paramMem("real"), jMask)
	e.ADDQ(jFirst, jMask)
	e.Label(slot)
	e.XORQ(jPair, jPair)
	e.Label(next)
	j.pair(Mem{Base: jFirst})
	body()
	e.ADDQ(I32(8), jFirst)
	e.CMPQ(jFirst, jMask)
	e.JGE(LabelRef(done))
	e.ADDQ(I32(e.elem.Size), jPair)
	e.CMPQ(jPair, I32(e.isa.Width))
	e.JL(LabelRef(next))
	e.ADDQ(I32(jFields*e.isa.Width), jSlot)
	e.JMP(LabelRef(slot))
	e.Label(done)
}

// entries runs body for the vectors of the rows at hand from jI on, up to limit.
func (j *jacobi) entries(limit Op, body func(p, q Mem)) {
	e := j.e
	loop := e.label("entries")
	e.Label(loop)
	body(Mem{Base: jP, Index: jI, Scale: 1}, Mem{Base: jQ, Index: jI, Scale: 1})
	e.ADDQ(I32(e.isa.Width), jI)
	e.CMPQ(jI, limit)
	e.JL(LabelRef(loop))
}

// rotate applies x, y = x + βy, y − αx to the pairs of the round.
func (j *jacobi) rotate() {
	const alpha, beta, x, y, u = 0, 1, 2, 3, 4
	j.eachPair(func() {
		j.e.broadcast(j.field(jAlpha).Idx(jPair, 1), j.e.v(alpha))
		j.e.broadcast(j.field(jBeta).Idx(jPair, 1), j.e.v(beta))
		j.e.XORQ(jI, jI)
		j.entries(jRow, func(p, q Mem) { j.turn(alpha, beta, x, y, u, p, q) })
	})
}

// turn rotates the vectors at p and q by way of the registers x and y; u is
// scratch.
func (j *jacobi) turn(alpha, beta, x, y, u int, p, q Mem) {
	e := j.e
	e.load(p, e.v(x))
	e.load(q, e.v(y))
	e.copy(x, u)
	e.fma(e.v(beta), e.v(y), e.v(x))
	e.fnma(e.v(alpha), e.v(u), e.v(y))
	e.store(e.v(x), p)
	e.store(e.v(y), q)
}

// moveOn brings lengths and κ to their lanes of the next round, from the slot at
// hand or, those of the first rows from the next, those of the second from the one
// before. Where the circle turns, that is a slot of the other kind.
func (j *jacobi) moveOn() {
	e := j.e
	const next, next2, x, y, t = 0, 1, 2, 3, 4
	const slot = jFields
	loop := e.label("move")
	pairs := [2][2]int{{jLength, jLength2}, {jKappa, jKappa2}}
	before := [2]int{5, 6}
	j.firstSlot()
	e.MOVQ(e.paramMem("batch"), jI)
	e.SHLQ(Imm(shift(e.elem)), jI)
	e.ADDQ(jSlot, jI)
	for i, f := range pairs {
		e.load(j.field(f[0]), e.v(before[i]))
		e.load(Mem{Base: jI, Disp: (f[1] - slot) * e.isa.Width}, e.v(x))
		e.store(e.v(x), Mem{Base: jI, Disp: f[0] * e.isa.Width})
	}
	e.Label(loop)
	e.load(j.field(jNext), e.v(next))
	e.load(j.field(jNext2), e.v(next2))
	for i, f := range pairs {
		e.load(j.field(f[0]), e.v(x))
		e.load(j.field(f[1]), e.v(y))
		e.load(j.field(f[0]+slot), e.v(t))
		j.choose(next, t, x)
		e.store(e.v(x), j.field(f[0]))
		e.copy(y, x)
		j.choose(next2, before[i], x)
		e.store(e.v(x), j.field(f[1]))
		e.copy(y, before[i])
	}
	e.ADDQ(I32(slot*e.isa.Width), jSlot)
	e.CMPQ(jSlot, jI)
	e.JL(LabelRef(loop))
}

// choose sets the lanes of x to those of x or of y that index names, y's where its
// bit behind the lanes is set, or on AVX2, whose indices are of 32 bits, its sign.
// AVX2 loses y.
func (j *jacobi) choose(index, y, x int) {
	vi, vx, vy := j.e.v(index), j.e.v(x), j.e.v(y)
	if j.e.isa.Masks {
		either(j.e.elem, j.e.VPERMT2PS, j.e.VPERMT2PD)(vy, vi, vx)
		return
	}
	j.e.VPERMPS(vx, vi, vx)
	j.e.VPERMPS(vy, vi, vy)
	j.e.VBLENDVPS(vi, vy, vx, vx)
}

// factors stores for every row what its w and v are to be multiplied by, in place
// of the factors of a rotation and of κ; find has them for a group's first rows or,
// i = 1, its second.
func (j *jacobi) factors(loop string, find func(i, w, v int)) {
	const w, v = 0, 1
	j.e.Load(j.e.Param("first"), jPairs)
	j.e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	j.e.Label(loop)
	for i := range 2 {
		find(i, w, v)
		j.e.store(j.e.v(w), j.field(jAlpha+i))
		j.e.store(j.e.v(v), j.field(jKappa+i))
	}
	j.nextGroup(loop)
}

// unit finds the factors that make w and v unit vectors: √(κ/a) where a is above
// the floor, else zero, and √κ.
func (j *jacobi) unit(length, kappa Mem, w, v int, floor func(dst Op)) {
	e := j.e
	const a, t = 2, 3
	e.load(length, e.v(a))
	e.load(kappa, e.v(v))
	e.div(e.v(v), e.v(a), e.v(w))
	e.sqrt(e.v(w), e.v(w))
	e.sqrt(e.v(v), e.v(v))
	floor(e.v(t))
	if e.isa.Masks {
		e.greater(e.v(a), e.v(t), reg.K1)
		either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(w), reg.K1, e.v(w))
	} else {
		e.greater(e.v(a), e.v(t), e.v(t))
		e.and(e.v(w), e.v(t), e.v(w))
	}
}

// scale multiplies w and v of all rows by their factors.
func (j *jacobi) scale() {
	e := j.e
	const x, y, t, u = 0, 1, 2, 3
	e.Load(e.Param("first"), jFirst)
	j.eachPair(func() {
		v := e.label("v")
		part := func(field int, limit Op) {
			e.broadcast(j.field(field).Idx(jPair, 1), e.v(x))
			e.broadcast(j.field(field+1).Idx(jPair, 1), e.v(y))
			j.entries(limit, func(p, q Mem) {
				e.mul(p, e.v(x), e.v(t))
				e.mul(q, e.v(y), e.v(u))
				e.store(e.v(t), p)
				e.store(e.v(u), q)
			})
		}
		e.XORQ(jI, jI)
		part(jAlpha, jDot)
		e.CMPQ(jI, jRow)
		e.JGE(LabelRef(v))
		part(jKappa, jRow)
		e.Label(v)
	})
}
