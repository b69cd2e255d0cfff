package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// laneJacobi rotates rows pair by pair in as many matrices as a vector has
// lanes, one to each: an entry of a row is a vector. Products, angles and
// rotations of all matrices are those of one, without a shuffle. The pairs of a
// batch are disjoint: first the angles of all, so that the processor works on
// their long chains at a time, then the rotations. Where a matrix does not need
// the rotation that another does, its factors are zero.
//
// A slot of the workspace holds the factors and the mask of a pair; before the
// first are, for each lane, off measure, number of rotations and floor. State has
// length and κ of each row, at offsets that stand delta bytes after its own in the
// list of pairs.
type laneJacobi struct{ *jacobi }

var jState, jDelta = jCount, jPair

const laneFields = 3

func (j laneJacobi) count() Mem { return Mem{Base: jWork, Disp: j.e.isa.Width} }
func (j laneJacobi) floor() Mem { return Mem{Base: jWork, Disp: 2 * j.e.isa.Width} }
func (j laneJacobi) mask() Mem  { return Mem{Base: jSlot, Disp: 2 * j.e.isa.Width} }

func (j laneJacobi) firstSlot() { j.e.LEAQ(Mem{Base: jWork, Disp: 3 * j.e.isa.Width}, jSlot) }

func emitLaneJacobi(e *emitter, s Spec) {
	e.text(s.Name(), "func(batches, batch, n int, first, pairs *int32, delta int, rows, state *"+e.elem.Go+", dot, row, last int, tol "+e.elem.Go+", work *"+e.elem.Go+")")
	j := laneJacobi{&jacobi{e: e}}
	e.Load(e.Param("pairs"), jPairs)
	e.Load(e.Param("delta"), jDelta)
	e.Load(e.Param("rows"), jRows)
	e.Load(e.Param("state"), jState)
	e.Load(e.Param("dot"), jDot)
	e.Load(e.Param("row"), jRow)
	e.Load(e.Param("work"), jWork)
	e.CMPQ(jPairs, e.paramMem("first"))
	e.JNE(LabelRef("begun"))
	j.lengths()
	e.Label("begun")
	e.Load(e.Param("batches"), jRounds)
	e.TESTQ(jRounds, jRounds)
	e.JZ(LabelRef("units"))
	e.Label("batch")
	e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	e.Label("angle")
	j.pair(Mem{Base: jPairs})
	j.freeAll()
	g := j.sums(jP, jQ, nil, jDot)
	j.angle(g)
	e.ADDQ(I32(8), jPairs)
	e.ADDQ(I32(laneFields*e.isa.Width), jSlot)
	e.MOVQ(jPairs, jI)
	e.SUBQ(jFirst, jI)
	e.CMPQ(jI, e.paramMem("batch"))
	e.JL(LabelRef("angle"))
	j.rotate()
	e.DECQ(jRounds)
	e.JNZ(LabelRef("batch"))
	e.CMPQ(e.paramMem("last"), I8(0))
	e.JEQ(LabelRef("end"))
	j.settle()
	e.JMP(LabelRef("end"))
	e.Label("units")
	j.units()
	e.Label("end")
	e.ret()
}

// sums returns the register of the products of the entries of rows p and q, from
// byte start on, nil for 0, up to limit. Even and odd entries have sums of their
// own.
func (j laneJacobi) sums(p, q reg.Register, start, limit Op) int {
	even, odd, x := j.take(), j.take(), j.take()
	term := func(add func(a, b, c Op), disp, sum int) {
		at := func(base reg.Register) Mem { return Mem{Base: base, Index: jI, Scale: 1, Disp: disp} }
		j.e.load(at(p), j.e.v(x))
		if p == q {
			add(j.e.v(x), j.e.v(x), j.e.v(sum))
			return
		}
		add(at(q), j.e.v(x), j.e.v(sum))
	}
	loop, done := j.e.label("dot"), j.e.label("summed")
	if start == nil {
		j.e.XORQ(jI, jI)
	} else {
		j.e.MOVQ(start, jI)
	}
	term(j.e.mul, 0, even)
	term(j.e.mul, j.e.isa.Width, odd)
	j.e.ADDQ(I32(2*j.e.isa.Width), jI)
	j.e.CMPQ(jI, limit)
	j.e.JGE(LabelRef(done))
	j.e.Label(loop)
	term(j.e.fma, 0, even)
	term(j.e.fma, j.e.isa.Width, odd)
	j.e.ADDQ(I32(2*j.e.isa.Width), jI)
	j.e.CMPQ(jI, limit)
	j.e.JL(LabelRef(loop))
	j.e.Label(done)
	j.e.add(j.e.v(odd), j.e.v(even), j.e.v(even))
	j.give(x, odd)
	return even
}

// eachRow runs body for the rows, jP, and their states, jQ.
func (j laneJacobi) eachRow(body func()) {
	loop := j.e.label("row")
	j.e.MOVQ(jRows, jP)
	j.e.MOVQ(jState, jQ)
	j.e.Load(j.e.Param("n"), jFirst)
	j.e.Label(loop)
	body()
	j.e.ADDQ(jRow, jP)
	j.e.ADDQ(I32(2*j.e.isa.Width), jQ)
	j.e.DECQ(jFirst)
	j.e.JNZ(LabelRef(loop))
}

func (j laneJacobi) length() Mem { return Mem{Base: jQ} }
func (j laneJacobi) kappa() Mem  { return Mem{Base: jQ, Disp: j.e.isa.Width} }

// lengths fills the states: κ is one or, where v follows, takes the drift out of
// its length.
func (j laneJacobi) lengths() {
	e := j.e
	j.eachRow(func() {
		j.freeAll()
		noV := e.label("w")
		w := j.sums(jP, jP, nil, jDot)
		one, t := j.take(), j.take()
		e.constant(1, one)
		e.constant(0x1p-20, t) // the row that is not there has no length
		e.copy(one, 15)
		e.CMPQ(jDot, jRow)
		e.JGE(LabelRef(noV))
		v := j.sums(jP, jP, jDot, jRow)
		e.max(e.v(t), e.v(v), e.v(v))
		e.div(e.v(one), e.v(v), e.v(15))
		e.Label(noV)
		e.mul(e.v(15), e.v(w), e.v(w))
		e.store(e.v(w), j.length())
		e.store(e.v(15), j.kappa())
	})
}

// angle fills the slot of a pair, the mask having the lanes above the threshold,
// and brings its states to what they are after the rotation.
func (j laneJacobi) angle(g int) {
	e := j.e
	still := e.label("still")
	e.MOVLQSX(Mem{Base: jPairs, Index: jDelta, Scale: 1}, jP)
	e.MOVLQSX(Mem{Base: jPairs, Index: jDelta, Scale: 1, Disp: 4}, jQ)
	e.ADDQ(jState, jP)
	e.ADDQ(jState, jQ)
	at := map[int]Mem{
		jLength: {Base: jP}, jKappa: {Base: jP, Disp: e.isa.Width},
		jLength2: j.length(), jKappa2: j.kappa(),
		jAlpha: {Base: jSlot}, jBeta: {Base: jSlot, Disp: e.isa.Width},
	}
	a, b, ka, kb := j.state(at)
	both, m, r := j.take(), j.take(), j.take()
	e.mul(e.v(ka), e.v(kb), e.v(both))
	j.cosine(g, a, b, both, m, r, func(dst Op) { e.load(j.floor(), dst) })
	t := j.take()
	e.broadcastParam("tol", e.v(t))
	j.above(m, t)
	e.MOVQ(jMask, j.mask())
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(still))
	e.constant(1, t)
	if e.isa.Masks {
		either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(t), reg.K1, e.v(t))
	} else {
		e.and(e.v(m), e.v(t), e.v(t))
	}
	e.add(j.count(), e.v(t), e.v(t))
	e.store(e.v(t), j.count())
	j.give(t)
	j.turns(g, a, b, ka, kb, both, m, r, func(i, field int) { e.store(e.v(i), at[field]) })
	e.Label(still)
}

// rotate turns the pairs of the batch that any lane rotates.
func (j laneJacobi) rotate() {
	e := j.e
	const alpha, beta = 0, 1
	next, done := e.label("pair"), e.label("done")
	j.firstSlot()
	e.Label(next)
	e.MOVQ(j.mask(), jMask)
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(done))
	j.pair(Mem{Base: jFirst})
	e.load(Mem{Base: jSlot}, e.v(alpha))
	e.load(Mem{Base: jSlot, Disp: e.isa.Width}, e.v(beta))
	e.XORQ(jI, jI)
	j.byTwo(jRow, func(k int, index Mem) {
		p, q := index, index
		p.Base, q.Base = jP, jQ
		j.turn(alpha, beta, 2+3*k, 3+3*k, 4+3*k, p, q)
	})
	e.Label(done)
	e.ADDQ(I32(8), jFirst)
	e.ADDQ(I32(laneFields*e.isa.Width), jSlot)
	e.CMPQ(jFirst, jPairs)
	e.JL(LabelRef(next))
}

// byTwo runs body for the entries of a row from jI on, up to limit, twice a turn.
func (j laneJacobi) byTwo(limit Op, body func(k int, index Mem)) {
	loop := j.e.label("entries")
	j.e.Label(loop)
	for k := range 2 {
		body(k, Mem{Index: jI, Scale: 1, Disp: k * j.e.isa.Width})
	}
	j.e.ADDQ(I32(2*j.e.isa.Width), jI)
	j.e.CMPQ(jI, limit)
	j.e.JL(LabelRef(loop))
}

// scale multiplies the row at hand from entry jI on by a factor. Adding zero leaves
// no negative zeros.
func (j laneJacobi) scale(factor, zero int, limit Op) {
	j.byTwo(limit, func(k int, index Mem) {
		index.Base = jP
		j.e.load(index, j.e.v(5+k))
		either(j.e.elem, j.e.VFMADD213PS, j.e.VFMADD213PD)(j.e.v(zero), j.e.v(factor), j.e.v(5+k))
		j.e.store(j.e.v(5+k), index)
	})
}

// settle multiplies the rows by √κ in the lanes that have rotated.
func (j laneJacobi) settle() {
	e := j.e
	const factor, zero, one, x, mask = 0, 1, 2, 3, 4
	e.zero(e.v(zero))
	e.constant(1, one)
	if e.isa.Masks {
		e.load(j.count(), e.v(x))
		e.greater(e.v(x), e.v(zero), reg.K1)
	} else {
		e.load(j.count(), e.v(mask))
		e.greater(e.v(mask), e.v(zero), e.v(mask))
	}
	j.eachRow(func() {
		e.sqrt(j.kappa(), e.v(x))
		if e.isa.Masks {
			e.copy(one, factor)
			either(e.elem, e.VMOVAPS, e.VMOVAPD)(e.v(x), reg.K1, e.v(factor))
		} else {
			either(e.elem, e.VBLENDVPS, e.VBLENDVPD)(e.v(mask), e.v(x), e.v(one), e.v(factor))
		}
		e.XORQ(jI, jI)
		j.scale(factor, zero, jRow)
	})
}

// units makes w and v unit vectors.
func (j laneJacobi) units() {
	e := j.e
	const w, v, zero = 0, 1, 4
	e.zero(e.v(zero))
	j.eachRow(func() {
		noV := e.label("noV")
		j.unit(j.length(), j.kappa(), w, v, func(dst Op) { e.load(j.floor(), dst) })
		e.XORQ(jI, jI)
		j.scale(w, zero, jDot)
		e.CMPQ(jI, jRow)
		e.JGE(LabelRef(noV))
		j.scale(v, zero, jRow)
		e.Label(noV)
	})
}
