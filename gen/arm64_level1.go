package main

// Level 1 on NEON: like the kernels of amd64, but the elements after the last
// whole vector are taken one by one, in the low lane of a vector whose other
// lanes are zero.

const (
	l1N    = gpr(0)
	l1Left = gpr(1) // within walk
	l1Ptr  = gpr(2) // the first vector; the others follow
	l1Tmp  = gpr(8)
)

// neonStep is one vector's worth of work inside walk, or one element's.
type neonStep struct {
	e      *arm64Emitter
	u      int // position in the unrolled block
	single bool
}

// at is where a vector of the step lies.
func (s neonStep) at(ptr int) address {
	return address{base: l1Ptr + gpr(ptr), disp: s.u * neon.Width}
}

func (s neonStep) load(ptr int, d vec) {
	if s.single {
		s.e.FLD(s.e.elem, s.at(ptr), d)
	} else {
		s.e.FMOVQ(s.at(ptr), d)
	}
}

func (s neonStep) store(v vec, ptr int) {
	if s.single {
		s.e.FST(s.e.elem, v, s.at(ptr))
	} else {
		s.e.FSTQ(v, s.at(ptr))
	}
}

// walk emits the loop of a level 1 kernel: blocks of unroll vectors, single
// vectors, and single elements. The parameter n and the vectors named are
// loaded.
func (e *arm64Emitter) walk(vectors []string, unroll int, body func(neonStep)) {
	n := l1Left
	e.param("n", n)
	for i, v := range vectors {
		e.param(v, l1Ptr+gpr(i))
	}
	block, rest, vector := e.fresh("block"), e.fresh("rest"), e.fresh("vector")
	elements, element, done := e.fresh("elements"), e.fresh("element"), e.fresh("done")
	lanes := e.lanes()
	advance := func(bytes int) {
		for i := range vectors {
			e.ADDI(bytes, l1Ptr+gpr(i))
		}
	}
	e.SUBSI(unroll*lanes, n)
	e.B("LT", rest)
	e.align()
	e.label(block)
	e.measure("block", unroll, func() {
		for u := range unroll {
			body(neonStep{e: e, u: u})
		}
		advance(unroll * neon.Width)
		e.SUBSI(unroll*lanes, n)
		e.B("GE", block)
	})

	e.label(rest)
	e.ADDSI((unroll-1)*lanes, n)
	e.B("LT", elements)
	e.label(vector)
	body(neonStep{e: e})
	advance(neon.Width)
	e.SUBSI(lanes, n)
	e.B("GE", vector)

	e.label(elements)
	e.ADDSI(lanes, n)
	e.B("EQ", done)
	e.label(element)
	body(neonStep{e: e, single: true})
	advance(e.elem.Size)
	e.SUBSI(1, n)
	e.B("NE", element)
	e.label(done)
}

func neonAxpy(e *arm64Emitter, _ Spec) {
	e.broadcastParam("alpha", 0)
	e.walk([]string{"x", "y"}, 8, func(t neonStep) {
		x, y := vec(1+t.u), vec(9+t.u)
		t.load(0, x)
		t.load(1, y)
		e.fma(0, x, y)
		t.store(y, 1)
	})
	e.RET()
}

func neonScal(e *arm64Emitter, _ Spec) {
	e.broadcastParam("alpha", 0)
	e.walk([]string{"x"}, 8, func(t neonStep) {
		x := vec(1 + t.u)
		t.load(0, x)
		e.mul(0, x, x)
		t.store(x, 0)
	})
	e.RET()
}

func neonSwap(e *arm64Emitter, _ Spec) {
	e.walk([]string{"x", "y"}, 4, func(t neonStep) {
		x, y := vec(2*t.u), vec(2*t.u+1)
		t.load(0, x)
		t.load(1, y)
		t.store(x, 1)
		t.store(y, 0)
	})
	e.RET()
}

// neonRot: x, y = c·x + s·y, c·y − s·x, the last by −s, which rounds alike.
func neonRot(e *arm64Emitter, _ Spec) {
	const c, s, minus = 0, 1, 2
	e.broadcastParam("c", c)
	e.broadcastParam("s", s)
	e.neg(s, minus)
	e.walk([]string{"x", "y"}, 4, func(t neonStep) {
		x, y, cx, sx := vec(3+t.u), vec(7+t.u), vec(11+t.u), vec(15+t.u)
		t.load(0, x)
		t.load(1, y)
		e.mul(c, x, cx)
		e.mul(minus, x, sx)
		e.fma(s, y, cx)
		e.fma(c, y, sx)
		t.store(cx, 0)
		t.store(sx, 1)
	})
	e.RET()
}

func neonDot(e *arm64Emitter, _ Spec) {
	const unroll = 8
	e.zeroAll(unroll)
	e.walk([]string{"x", "y"}, unroll, func(t neonStep) {
		x, y := vec(8+t.u), vec(16+t.u)
		t.load(0, x)
		t.load(1, y)
		e.fma(x, y, vec(t.u))
	})
	e.sum(unroll)
	e.reduce(0)
	e.returnScalar(0)
}

func neonSumSq(e *arm64Emitter, _ Spec) {
	const unroll = 8
	e.zeroAll(unroll)
	e.walk([]string{"x"}, unroll, func(t neonStep) {
		x := vec(8 + t.u)
		t.load(0, x)
		e.fma(x, x, vec(t.u))
	})
	e.sum(unroll)
	e.reduce(0)
	e.returnScalar(0)
}

func neonAsum(e *arm64Emitter, _ Spec) {
	const unroll = 8
	e.zeroAll(unroll)
	e.walk([]string{"x"}, unroll, func(t neonStep) {
		x := vec(8 + t.u)
		t.load(0, x)
		e.abs(x, x)
		e.add(vec(t.u), x, vec(t.u))
	})
	e.sum(unroll)
	e.reduce(0)
	e.returnScalar(0)
}

// neonTriple: x·x, y·y and x·y in one pass over both vectors.
func neonTriple(e *arm64Emitter, _ Spec) {
	const unroll = 4
	e.zeroAll(3 * unroll)
	e.walk([]string{"x", "y"}, unroll, func(t neonStep) {
		x, y := vec(12+2*t.u), vec(13+2*t.u)
		t.load(0, x)
		t.load(1, y)
		e.fma(x, x, vec(t.u))
		e.fma(y, y, vec(unroll+t.u))
		e.fma(x, y, vec(2*unroll+t.u))
	})
	e.param("sums", l1Tmp)
	for i := range 3 {
		s := vec(unroll * i)
		e.add(s, s+1, s)
		e.add(s+2, s+3, s+2)
		e.add(s, s+2, s)
		e.reduce(s)
		e.FST(e.elem, s, address{base: l1Tmp, disp: i * e.elem.Size})
	}
	e.RET()
}

// neonIamax: the first index of the largest |x|. Magnitudes are compared as
// integers, which order NaN above everything. n must be positive.
func neonIamax(e *arm64Emitter, _ Spec) {
	const unroll, scratch = 4, 16
	e.zeroAll(unroll)
	e.walk([]string{"x"}, unroll, func(t neonStep) {
		x := vec(8 + t.u)
		t.load(0, x)
		e.abs(x, x)
		e.maxMagnitude(x, vec(t.u), vec(scratch+t.u))
	})
	for n := vec(unroll); n > 1; n /= 2 {
		for i := range n / 2 {
			e.maxMagnitude(i+n/2, i, scratch+i)
		}
	}
	best, other := gpr(3), gpr(4)
	e.VMOV(e.elem, 0, 0, best)
	for i := 1; i < e.lanes(); i++ {
		e.VMOV(e.elem, 0, i, other)
		e.CMP(best, other)
		e.CSEL("HI", other, best, best)
	}
	e.findFirst(best)
}

// maxMagnitude sets d to the larger of both, lane by lane; t is scratch.
func (e *arm64Emitter) maxMagnitude(s, d, t vec) {
	e.CMHI(e.elem, d, s, t)
	e.VBIT(t, s, d)
}

// findFirst returns the index of the first entry of magnitude best; there is
// one.
func (e *arm64Emitter) findFirst(best gpr) {
	n, x, at, bits, high := gpr(1), gpr(2), gpr(5), gpr(6), gpr(7)
	const wanted, v = 1, 2
	e.param("n", n)
	e.param("x", x)
	e.MOVR(x, at)
	e.ins(other, "VDUP %s, %s", best, vec(wanted).in(e.elem))
	vectors, elements, found := e.fresh("vectors"), e.fresh("elements"), e.fresh("found")
	e.label(vectors)
	e.SUBSI(e.lanes(), n)
	e.B("LT", elements)
	e.FMOVQ(address{base: at}, v)
	e.abs(v, v)
	e.VCMEQ(e.elem, wanted, v, v)
	e.VMOV(f64, v, 0, bits)
	e.VMOV(f64, v, 1, high)
	e.ORR(high, bits)
	e.CBNZ(bits, elements)
	e.ADDI(neon.Width, at)
	e.B("", vectors)

	e.label(elements)
	e.FLD(e.elem, address{base: at, post: e.elem.Size}, v)
	e.abs(v, v)
	e.VMOV(e.elem, v, 0, bits)
	e.CMP(bits, best)
	e.B("EQ", found)
	e.B("", elements)
	e.label(found)
	e.ins(integer, "SUB %s, %s", x, at)
	e.ins(integer, "LSR $%d, %s", shift(e.elem), at)
	e.SUBI(1, at)
	e.returnInt(at)
}

// neonFMALoop runs n rounds of 24 independent FMAs on registers alone: the
// peak that every figure is a share of. Four pipes of latency 4 need 16.
func neonFMALoop(e *arm64Emitter, _ Spec) {
	const acc = 24
	e.param("n", l1N)
	e.zeroAll(acc + 2)
	loop := e.fresh("loop")
	e.align()
	e.label(loop)
	e.measure("round", 1, func() {
		for i := range vec(acc) {
			e.fma(acc, acc+1, i)
		}
		e.SUBSI(1, l1N)
		e.B("NE", loop)
	})
	e.RET()
}
