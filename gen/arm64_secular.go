package main

// The loops over the poles of a secular equation, like those of amd64. NEON
// divides: an estimate of 8 bits would need as long for its Newton steps. In
// the step of a single pole the upper lanes hold no pole, and junk after the
// division.

// neonSecularSums: psi over the poles below the root, phi over those above,
// told apart by min(r, 0) and max(r, 0) of the reciprocal distance r.
func neonSecularSums(e *arm64Emitter, _ Spec) {
	const origin, shift, one, zero, acc, unroll = 0, 1, 2, 3, 4, 2
	e.broadcastParam("origin", origin)
	e.broadcastParam("shift", shift)
	e.ins(other, "%s $1.0, %s", either(e.elem, "FMOVS", "FMOVD"), vec(one).scalar())
	e.VDUP(e.elem, one, one)
	e.zero(zero)
	for i := range vec(4 * unroll) {
		e.zero(acc + i)
	}
	e.walk([]string{"pole", "weight"}, unroll, func(t neonStep) {
		psi, phi := vec(acc+4*t.u), vec(acc+4*t.u+2) // and their slopes
		r, w, low, high := vec(12+4*t.u), vec(13+4*t.u), vec(14+4*t.u), vec(15+4*t.u)
		e.distance(t, r, origin, shift)
		e.FDIV(e.elem, r, one, r)
		if t.single {
			e.zeroUpper(r)
		}
		t.load(1, w)
		e.FMIN(e.elem, zero, r, low)
		e.FMAX(e.elem, zero, r, high)
		e.fma(w, low, psi)
		e.fma(w, high, phi)
		e.mul(w, r, w)
		e.fma(w, low, psi+1)
		e.fma(w, high, phi+1)
	})
	e.param("sums", l1Tmp)
	for i := range 4 {
		s := vec(acc + i)
		e.add(s, s+4, s)
		e.reduce(s)
		e.FST(e.elem, s, address{base: l1Tmp, disp: i * e.elem.Size})
	}
	e.RET()
}

// neonSecularProduct: each product times distance to the root over distance to
// the pole own. Where the latter is 0 the result is junk.
func neonSecularProduct(e *arm64Emitter, _ Spec) {
	const origin, shift, own = 0, 1, 2
	e.broadcastParam("origin", origin)
	e.broadcastParam("shift", shift)
	e.broadcastParam("own", own)
	e.walk([]string{"pole", "product"}, 4, func(t neonStep) {
		d, q, x := vec(3+3*t.u), vec(4+3*t.u), vec(5+3*t.u)
		t.load(0, q)
		e.sub(q, origin, d)
		e.sub(d, shift, d)
		e.sub(q, own, q)
		t.load(1, x)
		e.mul(d, x, x)
		e.FDIV(e.elem, q, x, x)
		t.store(x, 1)
	})
	e.RET()
}

// neonSecularVector: zhat over the distance, and the sum of its squares.
func neonSecularVector(e *arm64Emitter, _ Spec) {
	const origin, shift, acc, unroll = 0, 1, 2, 4
	e.broadcastParam("origin", origin)
	e.broadcastParam("shift", shift)
	for i := range vec(unroll) {
		e.zero(acc + i)
	}
	e.walk([]string{"pole", "zhat", "dst"}, unroll, func(t neonStep) {
		d, z := vec(6+2*t.u), vec(7+2*t.u)
		e.distance(t, d, origin, shift)
		t.load(1, z)
		e.FDIV(e.elem, d, z, z)
		if t.single {
			e.zeroUpper(z)
		}
		t.store(z, 2)
		e.fma(z, z, vec(acc+t.u))
	})
	e.add(acc, acc+1, acc)
	e.add(acc+2, acc+3, acc+2)
	e.add(acc, acc+2, acc)
	e.reduce(acc)
	e.returnScalar(acc)
}

// distance sets d to (pole-origin)-shift.
func (e *arm64Emitter) distance(t neonStep, d, origin, shift vec) {
	t.load(0, d)
	e.sub(d, origin, d)
	e.sub(d, shift, d)
}

// sub sets d to a − b.
func (e *arm64Emitter) sub(a, b, d vec) { e.FSUB(e.elem, b, a, d) }
