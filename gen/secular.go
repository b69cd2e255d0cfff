package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The loops over the poles of a secular equation. A distance to a root is
// (pole-origin)-shift, rounded twice, never pole-(origin+shift).

// emitSecularSums: psi over the poles below the root, phi over those above,
// told apart by min(r, 0) and max(r, 0) of the reciprocal distance r.
func emitSecularSums(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, pole, weight *"+e.elem.Go+", origin, shift "+e.elem.Go+", sums *"+e.elem.Go+")")
	const origin, shift, one, zero, acc = 0, 1, 2, 3, 4
	unroll := 1
	if e.isa == avx512 {
		unroll = 2
	}
	e.broadcastParam("origin", e.v(origin))
	e.broadcastParam("shift", e.v(shift))
	e.ones(one)
	e.zero(e.v(zero))
	for i := range 4 * unroll {
		e.zero(e.v(acc + i))
	}
	e.walk([]string{"pole", "weight"}, unroll, func(t step) {
		a := acc + 4*t.u
		d := acc + 4*unroll + 6*t.u
		r, w, low := d+1, d+2, d+3
		e.distance(t, d, origin, shift)
		e.reciprocal(d, r, d+4, one)
		e.maskOff(t, r)
		t.load(1, w)
		either(e.elem, e.VMINPS, e.VMINPD)(e.v(zero), e.v(r), e.v(low))
		either(e.elem, e.VMAXPS, e.VMAXPD)(e.v(zero), e.v(r), e.v(d))
		e.fma(e.v(w), e.v(low), e.v(a))
		e.fma(e.v(w), e.v(d), e.v(a+2))
		e.mul(e.v(w), e.v(r), e.v(w))
		e.fma(e.v(w), e.v(low), e.v(a+1))
		e.fma(e.v(w), e.v(d), e.v(a+3))
	})
	e.Load(e.Param("sums"), reg.RAX)
	for i := range 4 {
		if unroll == 2 {
			e.add(e.v(acc+4+i), e.v(acc+i), e.v(acc+i))
		}
		e.reduce(acc+i, one)
		either(e.elem, e.VMOVSS, e.VMOVSD)(e.x(acc+i), Mem{Base: reg.RAX, Disp: i * e.elem.Size})
	}
	e.ret()
}

// emitSecularProduct: each product times distance to the root over distance to
// the pole own. Where the latter is 0 the result is junk.
func emitSecularProduct(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, pole *"+e.elem.Go+", origin, shift, own "+e.elem.Go+", product *"+e.elem.Go+")")
	const origin, shift, one, own = 0, 1, 2, 3
	e.broadcastParam("origin", e.v(origin))
	e.broadcastParam("shift", e.v(shift))
	e.broadcastParam("own", e.v(own))
	e.ones(one)
	e.walk([]string{"pole", "product"}, 2, func(t step) {
		d := 4 + 5*t.u
		p, r, x := d+1, d+2, d+3
		t.load(0, p)
		e.sub(e.v(p), e.v(origin), e.v(d))
		e.sub(e.v(d), e.v(shift), e.v(d))
		e.sub(e.v(p), e.v(own), e.v(p))
		t.load(1, x)
		e.mul(e.v(d), e.v(x), e.v(x))
		e.reciprocal(p, r, d+4, one)
		e.mul(e.v(r), e.v(x), e.v(x))
		t.store(x, 1)
	})
	e.ret()
}

// emitSecularVector: zhat over the distance, and the sum of its squares.
func emitSecularVector(e *emitter, s Spec) {
	e.text(s.Name(), "func(n int, pole, zhat, dst *"+e.elem.Go+", origin, shift "+e.elem.Go+") "+e.elem.Go)
	const origin, shift, one, acc = 0, 1, 2, 3
	e.broadcastParam("origin", e.v(origin))
	e.broadcastParam("shift", e.v(shift))
	e.ones(one)
	e.zero(e.v(acc))
	e.zero(e.v(acc + 1))
	e.walk([]string{"pole", "zhat", "dst"}, 2, func(t step) {
		d := acc + 2 + 4*t.u
		r, z := d+1, d+2
		e.distance(t, d, origin, shift)
		e.reciprocal(d, r, d+3, one)
		e.maskOff(t, r)
		t.load(1, z)
		e.mul(e.v(z), e.v(r), e.v(z))
		e.fma(e.v(z), e.v(z), e.v(acc+t.u))
		t.store(z, 2)
	})
	e.add(e.v(acc+1), e.v(acc), e.v(0))
	e.reduce(0, 1)
	e.returnScalar(0)
}

// distance sets d to (pole-origin)-shift.
func (e *emitter) distance(t step, d, origin, shift int) {
	t.load(0, d)
	e.sub(e.v(d), e.v(origin), e.v(d))
	e.sub(e.v(d), e.v(shift), e.v(d))
}

// sub sets dst to a − b.
func (e *emitter) sub(a, b, dst Op) { either(e.elem, e.VSUBPS, e.VSUBPD)(b, a, dst) }

// reciprocal sets r to 1/d, to about an ulp: on AVX-512 by Newton's iteration
// from an estimate of 14 bits, which takes half the time of a division. t is
// scratch, one holds ones.
func (e *emitter) reciprocal(d, r, t, one int) {
	if e.isa != avx512 {
		either(e.elem, e.VDIVPS, e.VDIVPD)(e.v(d), e.v(one), e.v(r))
		return
	}
	steps := either(e.elem, 1, 2)
	either(e.elem, e.VRCP14PS, e.VRCP14PD)(e.v(d), e.v(r))
	for range steps {
		either(e.elem, e.VMOVAPS, e.VMOVAPD)(e.v(one), e.v(t))
		either(e.elem, e.VFNMADD231PS, e.VFNMADD231PD)(e.v(d), e.v(r), e.v(t))
		e.fma(e.v(t), e.v(r), e.v(r))
	}
}

// maskOff zeroes the lanes of register i that a remainder does not use.
func (e *emitter) maskOff(t step, i int) {
	switch {
	case t.mask == nil:
	case e.isa.Masks:
		either(e.elem, e.VMOVAPS_Z, e.VMOVAPD_Z)(e.v(i), t.mask, e.v(i))
	default:
		e.and(t.mask, e.v(i), e.v(i))
	}
}

// ones fills register i with ones.
func (e *emitter) ones(i int) { e.constant(1, i) }
