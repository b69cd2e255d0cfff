package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// angles finds what the pairs of a group rotate by, from the products g of their
// rows without √κ: nothing up to a cosine of tol, else by the smaller of the angles
// φ of cot 2φ = ζ = (a−b)/(2γ), a and b being squared lengths and γ = g√(κ_a·κ_b),
// which has the tangent sign(ζ)/(|ζ|+√(1+ζ²)).
func (j *jacobi) angles(g int) {
	e := j.e
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
	e := j.e
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
	e := j.e
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
	if j.e.isa.Masks {
		j.e.greater(j.e.v(m), j.e.v(t), reg.K1)
		j.e.KMOVW(reg.K1, jMask.As32())
		return
	}
	j.e.greater(j.e.v(m), j.e.v(t), j.e.v(m))
	either(j.e.elem, j.e.VMOVMSKPS, j.e.VMOVMSKPD)(j.e.v(m), jMask.As32())
}

// tangent returns the register of z, the tangent divided by √(κ_a·κ_b), zero for
// pairs that do not rotate. Scaled by r, squares stay in range.
func (j *jacobi) tangent(g, a, b, both, m, r int) int {
	e := j.e
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

func (e *emitter) sqrt(a, dst Op)   { either(e.elem, e.VSQRTPS, e.VSQRTPD)(a, dst) }
func (e *emitter) max(a, b, dst Op) { either(e.elem, e.VMAXPS, e.VMAXPD)(a, b, dst) }
func (e *emitter) min(a, b, dst Op) { either(e.elem, e.VMINPS, e.VMINPD)(a, b, dst) }

// reciprocalEstimate estimates 1/a to 11 bits or more; AVX2 has it in float32.
func (e *emitter) reciprocalEstimate(a, dst Op) {
	if e.isa.Masks {
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
