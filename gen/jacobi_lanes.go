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
// the rotation that another does, its sine is zero.
//
// A slot of the workspace holds sine, half tangent and mask of a pair; before the
// first are, for each lane, off measure, number of rotations and floor.
type laneJacobi struct{ *jacobi }

func (j laneJacobi) count() Mem { return Mem{Base: jWork, Disp: j.isa.Width} }
func (j laneJacobi) floor() Mem { return Mem{Base: jWork, Disp: 2 * j.isa.Width} }

func emitLaneJacobi(e *emitter, s Spec) {
	e.text(s.Name(), "func(batches, batch int, pairs *int32, rows *"+e.elem.Go+", dot, row int, tol "+e.elem.Go+", work *"+e.elem.Go+")")
	j := laneJacobi{&jacobi{emitter: e}}
	e.Load(e.Param("batches"), jBatches)
	e.Load(e.Param("pairs"), jPairs)
	e.Load(e.Param("rows"), jRows)
	e.Load(e.Param("dot"), jDot)
	e.Load(e.Param("row"), jRow)
	e.Load(e.Param("work"), jWork)
	e.Label("batch")
	e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	e.Label("angle")
	j.pair(Mem{Base: jPairs})
	g, a, b := j.products()
	j.angle(g, a, b)
	e.ADDQ(I32(8), jPairs)
	e.ADDQ(I32(3*e.isa.Width), jSlot)
	e.MOVQ(jPairs, jI)
	e.SUBQ(jFirst, jI)
	e.CMPQ(jI, e.paramMem("batch"))
	e.JL(LabelRef("angle"))
	j.rotate()
	e.DECQ(jBatches)
	e.JNZ(LabelRef("batch"))
	e.ret()
}

func (j laneJacobi) firstSlot() { j.LEAQ(Mem{Base: jWork, Disp: 3 * j.isa.Width}, jSlot) }

// products returns the registers of x·y, x·x and y·y. Even and odd entries have
// sums of their own.
func (j laneJacobi) products() (g, a, b int) {
	j.free = nil
	for i := j.isa.Vectors - 1; i >= 0; i-- {
		j.give(i)
	}
	var sums [2][3]int
	for i := range 3 {
		sums[0][i], sums[1][i] = j.take(), j.take()
	}
	x, y := j.take(), j.take()
	term := func(add func(a, b, c Op), index Mem, sums [3]int) {
		p, q := index, index
		p.Base, q.Base = jP, jQ
		j.load(p, j.v(x))
		j.load(q, j.v(y))
		add(j.v(x), j.v(y), j.v(sums[0]))
		add(j.v(x), j.v(x), j.v(sums[1]))
		add(j.v(y), j.v(y), j.v(sums[2]))
	}
	loop, done := j.label("dot"), j.label("summed")
	term(j.mul, Mem{}, sums[0])
	term(j.mul, Mem{Disp: j.isa.Width}, sums[1])
	j.MOVQ(I32(2*j.isa.Width), jI)
	j.CMPQ(jI, jDot)
	j.JGE(LabelRef(done))
	j.Label(loop)
	term(j.fma, Mem{Index: jI, Scale: 1}, sums[0])
	term(j.fma, Mem{Index: jI, Scale: 1, Disp: j.isa.Width}, sums[1])
	j.ADDQ(I32(2*j.isa.Width), jI)
	j.CMPQ(jI, jDot)
	j.JL(LabelRef(loop))
	j.Label(done)
	for i := range 3 {
		j.add(j.v(sums[1][i]), j.v(sums[0][i]), j.v(sums[0][i]))
		j.give(sums[1][i])
	}
	j.give(y, x)
	return sums[0][0], sums[0][1], sums[0][2]
}

// angle fills the slot of a pair, the mask having the lanes above the threshold.
func (j laneJacobi) angle(g, a, b int) {
	e := j.emitter
	m, t := j.take(), j.take()
	still := e.label("still")
	e.absMask(t)
	e.and(e.v(g), e.v(t), e.v(m))
	j.cosine(m, a, b, t, func(dst Op) { e.load(j.floor(), dst) })
	e.broadcastParam("tol", e.v(t))
	if e.isa.Masks {
		j.above(m, t)
	} else {
		e.greater(e.v(m), e.v(t), e.v(m))
		either(e.elem, e.VMOVMSKPS, e.VMOVMSKPD)(e.v(m), jMask.As32())
	}
	j.give(t)
	e.MOVQ(jMask, j.mask())
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(still))
	sine, half := j.angles(g, a, b)
	ones := j.take()
	e.constant(1, ones)
	for _, r := range []int{sine, half, ones} {
		if e.isa.Masks {
			either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(r), reg.K1, e.v(r))
		} else {
			e.and(e.v(m), e.v(r), e.v(r))
		}
	}
	e.store(e.v(sine), j.sine())
	e.store(e.v(half), j.half())
	e.add(j.count(), e.v(ones), e.v(ones))
	e.store(e.v(ones), j.count())
	e.Label(still)
}

// rotate applies x, y = x + s(y − τx), y − s(x + τy) to the pairs of the batch
// that any lane rotates.
func (j laneJacobi) rotate() {
	e := j.emitter
	const s, tau = 0, 1
	next, loop, done := e.label("pair"), e.label("rotate"), e.label("done")
	j.firstSlot()
	e.Label(next)
	e.MOVQ(j.mask(), jMask)
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(done))
	j.pair(Mem{Base: jFirst})
	e.load(j.sine(), e.v(s))
	e.load(j.half(), e.v(tau))
	e.XORQ(jI, jI)
	e.Label(loop)
	for k := range 2 {
		x, y, u, w := 2+4*k, 3+4*k, 4+4*k, 5+4*k
		mp, mq := Mem{Base: jP, Index: jI, Scale: 1, Disp: k * e.isa.Width}, Mem{Base: jQ, Index: jI, Scale: 1, Disp: k * e.isa.Width}
		j.turn(s, tau, x, y, u, w, mp, mq)
	}
	e.ADDQ(I32(2*e.isa.Width), jI)
	e.CMPQ(jI, jRow)
	e.JL(LabelRef(loop))
	e.Label(done)
	e.ADDQ(I32(8), jFirst)
	e.ADDQ(I32(3*e.isa.Width), jSlot)
	e.CMPQ(jFirst, jPairs)
	e.JL(LabelRef(next))
}
