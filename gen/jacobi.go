package main

import (
	"math"

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
type jacobi struct {
	*emitter
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

func (j *jacobi) field(f int) Mem { return Mem{Base: jSlot, Disp: f * j.isa.Width} }

func (j *jacobi) firstSlot() { j.LEAQ(Mem{Base: jWork, Disp: (1 + jFields) * j.isa.Width}, jSlot) }

func emitJacobi(e *emitter, s Spec) {
	e.text(s.Name(), "func(rounds, batch, real int, first, pairs *int32, rows *"+e.elem.Go+", dot, row int, count, last int, tol, floor "+e.elem.Go+", work *"+e.elem.Go+") int")
	j := &jacobi{emitter: e}
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
	j.ADDQ(I32(8*j.lanes()), jPairs)
	j.ADDQ(I32(jFields*j.isa.Width), jSlot)
	j.MOVQ(jPairs, jI)
	j.SUBQ(jFirst, jI)
	j.CMPQ(jI, j.paramMem("batch"))
	j.JL(LabelRef(loop))
}

func (j *jacobi) take() int {
	i := j.free[len(j.free)-1]
	j.free = j.free[:len(j.free)-1]
	return i
}

func (j *jacobi) give(i ...int) { j.free = append(j.free, i...) }

// pair sets jP and jQ to the rows of the pair at m.
func (j *jacobi) pair(m Mem) {
	j.MOVLQSX(m, jP)
	m.Disp += 4
	j.MOVLQSX(m, jQ)
	j.ADDQ(jRows, jP)
	j.ADDQ(jRows, jQ)
}

// products returns the registers of x·y or, for lengths, of x·x and y·y of all pairs
// of a group: of the bytes of a row up to limit, those of lengths from jPair on.
func (j *jacobi) products(limit Op, kind string) (sums []int) {
	j.freeAll()
	var tree [2][]partial
	for k := range j.lanes() {
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
	for i := j.isa.Vectors - 1; i >= 0; i-- {
		j.give(i)
	}
}

// inner leaves the products of the pair at hand in registers, not yet summed over
// their lanes.
func (j *jacobi) inner(limit Op, kind string) (sums []int) {
	loop, done := j.label(kind), j.label("summed")
	x, y := j.take(), j.take()
	sums = append(sums, j.take())
	if kind == "lengths" {
		sums = append(sums, j.take())
	}
	term := func(add func(a, b, c Op), p, q Mem) {
		j.load(p, j.v(x))
		if kind == "dot" {
			add(q, j.v(x), j.v(sums[0]))
			return
		}
		j.load(q, j.v(y))
		add(j.v(x), j.v(x), j.v(sums[0]))
		add(j.v(y), j.v(y), j.v(sums[1]))
	}
	at := func(base reg.Register) Mem { return Mem{Base: base, Index: jI, Scale: 1} }
	if kind == "dot" {
		term(j.mul, Mem{Base: jP}, Mem{Base: jQ})
		j.MOVQ(I32(j.isa.Width), jI)
	} else {
		j.MOVQ(jPair, jI)
		term(j.mul, at(jP), at(jQ))
		j.ADDQ(I32(j.isa.Width), jI)
	}
	j.CMPQ(jI, limit)
	j.JGE(LabelRef(done))
	j.Label(loop)
	term(j.fma, at(jP), at(jQ))
	j.ADDQ(I32(j.isa.Width), jI)
	j.CMPQ(jI, limit)
	j.JL(LabelRef(loop))
	j.Label(done)
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
	vx, vy, vt := j.v(x), j.v(y), j.v(t)
	inBlocks := 1
	if j.elem == f32 {
		inBlocks = 2
	}
	switch {
	case level == 1:
		either(j.elem, j.VUNPCKLPS, j.VUNPCKLPD)(vy, vx, vt)
		either(j.elem, j.VUNPCKHPS, j.VUNPCKHPD)(vy, vx, vx)
	case level <= inBlocks:
		j.VUNPCKLPD(vy, vx, vt)
		j.VUNPCKHPD(vy, vx, vx)
	case j.isa == avx512:
		j.VSHUFF64X2(Imm(0x88), vy, vx, vt)
		j.VSHUFF64X2(Imm(0xdd), vy, vx, vx)
	default:
		j.VPERM2F128(Imm(0x20), vy, vx, vt)
		j.VPERM2F128(Imm(0x31), vy, vx, vx)
	}
	j.add(vt, vx, vx)
}

// lengths fills the slots of all groups with squared lengths and κ, which is one
// or, where v follows, takes the drift out of its length.
func (j *jacobi) lengths() {
	e := j.emitter
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
		j.load(at[jLength+i], j.v(r[i]))
	}
	return r[0], r[1], r[2], r[3]
}

// angles finds what the pairs of a group rotate by, from the products g of their
// rows without √κ: nothing up to a cosine of tol, else by the smaller of the angles
// φ of cot 2φ = ζ = (a−b)/(2γ), a and b being squared lengths and γ = g√(κ_a·κ_b),
// which has the tangent sign(ζ)/(|ζ|+√(1+ζ²)).
func (j *jacobi) angles(g int) {
	e := j.emitter
	at := map[int]Mem{}
	for f := range jFields {
		at[f] = j.field(f)
	}
	a, b, ka, kb := j.state(at)
	both, m, r := j.take(), j.take(), j.take()
	e.mul(e.v(ka), e.v(kb), e.v(both))
	j.cosine(g, a, b, both, m, r, func(dst Op) { e.broadcastParam("floor", dst) })
	t := j.take()
	e.broadcastParam("tol", e.v(t))
	j.above(m, t)
	j.give(t)
	still, done := e.label("still"), e.label("found")
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(still))
	e.ORQ(jMask, jPair)
	e.POPCNTQ(jMask, jMask)
	e.ADDQ(jMask, jCount)
	j.turns(g, a, b, ka, kb, both, m, r, func(i, field int) { e.store(e.v(i), at[field]) })
	e.JMP(LabelRef(done))
	e.Label(still)
	e.zero(e.v(m))
	e.store(e.v(m), j.field(jAlpha))
	e.store(e.v(m), j.field(jBeta))
	e.Label(done)
}

// turns hands factors, lengths and κ after the rotation of a group to keep, register
// and field of each.
func (j *jacobi) turns(g, a, b, ka, kb, both, m, r int, keep func(i, field int)) {
	e := j.emitter
	z := j.tangent(g, a, b, both, m, r)
	e.mul(e.v(z), e.v(both), e.v(both)) // t·γ = z·κ_a·κ_b·g
	e.mul(e.v(both), e.v(g), e.v(both))
	e.add(e.v(both), e.v(a), e.v(a))
	e.sub(e.v(b), e.v(both), e.v(b))
	e.zero(e.v(r))
	e.max(e.v(r), e.v(a), e.v(a))
	e.max(e.v(r), e.v(b), e.v(b))
	keep(a, jLength)
	keep(b, jLength2)
	alpha, beta, squares, one := a, b, g, r
	e.mul(e.v(z), e.v(ka), e.v(alpha))
	e.mul(e.v(z), e.v(kb), e.v(beta))
	keep(alpha, jAlpha)
	keep(beta, jBeta)
	e.mul(e.v(alpha), e.v(beta), e.v(squares)) // of the tangent, then of the sine
	e.constant(1, one)
	e.add(e.v(squares), e.v(one), e.v(one))
	e.div(e.v(squares), e.v(one), e.v(squares))
	for i, k := range []int{ka, kb} {
		e.copy(k, one)
		e.fnma(e.v(squares), e.v(k), e.v(one))
		keep(one, jKappa+i)
	}
}

// cosine sets m to the squares of the cosines of the angles between rows, zero
// where a or b is not above the floor, and keeps the largest in the off measure.
// An estimate does: the threshold is no sharp one. r becomes about 1/max(a, b).
func (j *jacobi) cosine(g, a, b, both, m, r int, floor func(dst Op)) {
	e := j.emitter
	t, u := j.take(), j.take()
	if e.isa == avx2 && e.elem == f64 {
		e.constant(1, t)
		e.div(e.v(t), e.v(b), e.v(u))
		e.div(e.v(t), e.v(a), e.v(t))
	} else {
		e.reciprocalEstimate(e.v(a), e.v(t))
		e.reciprocalEstimate(e.v(b), e.v(u))
	}
	e.min(e.v(t), e.v(u), e.v(r))
	e.mul(e.v(g), e.v(t), e.v(t))
	e.mul(e.v(g), e.v(u), e.v(u))
	e.mul(e.v(t), e.v(u), e.v(m))
	e.mul(e.v(m), e.v(both), e.v(m))
	e.min(e.v(a), e.v(b), e.v(t))
	floor(e.v(u))
	if e.isa.Masks {
		e.greater(e.v(t), e.v(u), reg.K1)
		either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(m), reg.K1, e.v(m))
	} else {
		e.greater(e.v(t), e.v(u), e.v(u))
		e.and(e.v(m), e.v(u), e.v(m))
	}
	e.max(Mem{Base: jWork}, e.v(m), e.v(t))
	e.store(e.v(t), Mem{Base: jWork})
	j.give(u, t)
}

// above sets jMask to the lanes where m > t, and m or, with opmasks, K1 to their
// mask.
func (j *jacobi) above(m, t int) {
	if j.isa.Masks {
		j.greater(j.v(m), j.v(t), reg.K1)
		j.KMOVW(reg.K1, jMask.As32())
		return
	}
	j.greater(j.v(m), j.v(t), j.v(m))
	either(j.elem, j.VMOVMSKPS, j.VMOVMSKPD)(j.v(m), jMask.As32())
}

// tangent returns the register of z, the tangent divided by √(κ_a·κ_b), zero for
// pairs that do not rotate. Scaled by r, squares stay in range.
func (j *jacobi) tangent(g, a, b, both, m, r int) int {
	e := j.emitter
	d, z, t := j.take(), j.take(), j.take()
	e.constant(0.5, t)
	e.sub(e.v(a), e.v(b), e.v(d))
	e.mul(e.v(d), e.v(t), e.v(d))
	e.mul(e.v(d), e.v(r), e.v(d))
	e.mul(e.v(g), e.v(r), e.v(z))
	e.mul(e.v(z), e.v(z), e.v(t))
	e.mul(e.v(d), e.v(d), e.v(r))
	e.fma(e.v(both), e.v(t), e.v(r))
	e.sqrt(e.v(r), e.v(r))
	e.absMask(t)
	abs, u := t, j.take()
	e.and(e.v(d), e.v(abs), e.v(u))
	e.add(e.v(u), e.v(r), e.v(r))
	either(e.elem, e.VANDNPS, e.VANDNPD)(e.v(d), e.v(abs), e.v(d))
	either(e.elem, e.VXORPS, e.VXORPD)(e.v(d), e.v(z), e.v(z))
	if e.isa.Masks {
		either(e.elem, e.VDIVPS_Z, e.VDIVPD_Z)(e.v(r), e.v(z), reg.K1, e.v(z))
	} else {
		e.div(e.v(z), e.v(r), e.v(z))
		e.and(e.v(m), e.v(z), e.v(z))
	}
	j.give(u, t, d)
	return z
}

// eachPair runs body for every pair of the round that begins at jFirst, its rows at
// jP and jQ, jPair being the place of its lane in the vectors of jSlot.
func (j *jacobi) eachPair(body func()) {
	e := j.emitter
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
	e := j.emitter
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
		j.broadcast(j.field(jAlpha).Idx(jPair, 1), j.v(alpha))
		j.broadcast(j.field(jBeta).Idx(jPair, 1), j.v(beta))
		j.XORQ(jI, jI)
		j.entries(jRow, func(p, q Mem) { j.turn(alpha, beta, x, y, u, p, q) })
	})
}

// turn rotates the vectors at p and q by way of the registers x and y; u is
// scratch.
func (j *jacobi) turn(alpha, beta, x, y, u int, p, q Mem) {
	e := j.emitter
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
	e := j.emitter
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
	vi, vx, vy := j.v(index), j.v(x), j.v(y)
	if j.isa == avx512 {
		either(j.elem, j.VPERMT2PS, j.VPERMT2PD)(vy, vi, vx)
		return
	}
	j.VPERMPS(vx, vi, vx)
	j.VPERMPS(vy, vi, vy)
	j.VBLENDVPS(vi, vy, vx, vx)
}

// factors stores for every row what its w and v are to be multiplied by, in place
// of the factors of a rotation and of κ; find has them for a group's first rows or,
// i = 1, its second.
func (j *jacobi) factors(loop string, find func(i, w, v int)) {
	const w, v = 0, 1
	j.Load(j.Param("first"), jPairs)
	j.MOVQ(jPairs, jFirst)
	j.firstSlot()
	j.Label(loop)
	for i := range 2 {
		find(i, w, v)
		j.store(j.v(w), j.field(jAlpha+i))
		j.store(j.v(v), j.field(jKappa+i))
	}
	j.nextGroup(loop)
}

// unit finds the factors that make w and v unit vectors: √(κ/a) where a is above
// the floor, else zero, and √κ.
func (j *jacobi) unit(length, kappa Mem, w, v int, floor func(dst Op)) {
	e := j.emitter
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
	e := j.emitter
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

func (e *emitter) sqrt(a, dst Op)   { either(e.elem, e.VSQRTPS, e.VSQRTPD)(a, dst) }
func (e *emitter) max(a, b, dst Op) { either(e.elem, e.VMAXPS, e.VMAXPD)(a, b, dst) }
func (e *emitter) min(a, b, dst Op) { either(e.elem, e.VMINPS, e.VMINPD)(a, b, dst) }

// reciprocalEstimate estimates 1/a to 11 bits or more; AVX2 has it in float32.
func (e *emitter) reciprocalEstimate(a, dst Op) {
	if e.isa == avx512 {
		either(e.elem, e.VRCP14PS, e.VRCP14PD)(a, dst)
		return
	}
	e.VRCPPS(a, dst)
}

// div sets dst to a / b.
func (e *emitter) div(a, b, dst Op) { either(e.elem, e.VDIVPS, e.VDIVPD)(b, a, dst) }

// fnma subtracts a·b from c.
func (e *emitter) fnma(a, b, c Op) { either(e.elem, e.VFNMADD231PS, e.VFNMADD231PD)(a, b, c) }

func (e *emitter) copy(from, to int) {
	either(e.elem, e.VMOVAPS, e.VMOVAPD)(e.v(from), e.v(to))
}

// greater sets dst, a mask of the ISA's kind, where a > b; NaN is not.
func (e *emitter) greater(a, b, dst Op) { either(e.elem, e.VCMPPS, e.VCMPPD)(Imm(30), b, a, dst) }

// constant fills register i with x, by way of RAX.
func (e *emitter) constant(x float64, i int) {
	if e.elem == f32 {
		e.MOVQ(U64(math.Float32bits(float32(x))), reg.RAX)
		e.VMOVD(reg.EAX, e.x(i))
		e.VPBROADCASTD(e.x(i), e.v(i))
		return
	}
	e.MOVQ(U64(math.Float64bits(x)), reg.RAX)
	e.VMOVQ(reg.RAX, e.x(i))
	e.VPBROADCASTQ(e.x(i), e.v(i))
}
