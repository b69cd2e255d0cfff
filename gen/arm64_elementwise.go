package main

// The elementwise kernels on NEON: the programs of amd64.

func neonFunction(e *arm64Emitter, s Spec) {
	p := &program{elem: s.Elem, isa: s.ISA}
	x := p.bias(p.load(0), 1)
	result := bodies[s.Op](p, x)
	e.param("bias", biasFlagNEON)
	e.emitElementwise(s, []string{"x", "bias", "dst"}, p, result)
}

func neonDerivative(e *arm64Emitter, s Spec) {
	p := &program{elem: s.Elem, isa: s.ISA}
	result := p.mul(derivatives[s.Op](p, p.load(1)), p.load(0))
	e.emitElementwise(s, []string{"dy", "z", "dst"}, p, result)
}

// emitElementwise runs a program over vectors and stores its results to the
// third.
func (e *arm64Emitter) emitElementwise(s Spec, vectors []string, p *program, result value) {
	pool := e.constants(s)
	e.walk(vectors, 1, func(t neonStep) {
		t.store(vec(p.emit(arm64Program{t, pool}, result, neonFrom(0))), 2)
	})
	e.RET()
	e.emitConstants(pool)
}

// neonFrom lists the vector registers from first on.
func neonFrom(first int) registers {
	var free registers
	for i := first; i < neon.Vectors; i++ {
		free = append(free, i)
	}
	return free
}

func neonSumExp(e *arm64Emitter, s Spec) {
	const shift, sum = 0, 1
	p := &program{elem: s.Elem, isa: s.ISA}
	result := p.exp(p.sub(p.load(0), p.fixed(shift)))
	e.broadcastParam("shift", shift)
	e.zero(sum)
	pool := e.constants(s)
	e.walk([]string{"x", "dst"}, 1, func(t neonStep) {
		r := vec(p.emit(arm64Program{t, pool}, result, neonFrom(2)))
		t.store(r, 1)
		if t.single {
			e.zeroUpper(r)
		}
		e.add(sum, r, sum)
	})
	e.reduce(sum)
	e.returnScalar(sum)
	e.emitConstants(pool)
}

// neonMaxNum: an element after the last vector fills one.
func neonMaxNum(e *arm64Emitter, s Spec) {
	const unroll, x = 4, 4
	pool := e.constants(s)
	for i := range unroll {
		arm64Program{neonStep{e: e}, pool}.constant(either(e.elem, uint64(0xff800000), 0xfff<<52), i)
	}
	e.walk([]string{"x"}, unroll, func(t neonStep) {
		v := vec(x + t.u)
		t.load(0, v)
		if t.single {
			e.VDUP(e.elem, v, v)
		}
		e.FMAXNM(e.elem, v, vec(t.u), vec(t.u))
	})
	for i := 1; i < unroll; i++ {
		e.FMAXNM(e.elem, vec(i), 0, 0)
	}
	if e.elem == f32 {
		e.FMAXNMP(e.elem, 0, 0, 0)
	}
	e.FMAXNMPS(e.elem, 0, 0)
	e.returnScalar(0)
	e.emitConstants(pool)
}
