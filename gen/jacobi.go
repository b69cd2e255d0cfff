package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// jacobi rotates rows pair by pair. Pairs come in groups, one pair to a lane of
// a vector, and batches of groups, all of whose pairs are disjoint. The three
// inner products of every pair, their lanes still to be summed, go through a
// tree that transposes as it adds, so that each ends as one vector with a lane
// to a pair; there angle and threshold of a whole group are found at once. The
// groups of a batch do so one after another, which lets the processor work on
// the long chains of several at a time, and then the pairs above the threshold
// rotate.
//
// Register plan of the products: 3 sums of the pair at hand and up to 3 pending
// results for each level of the tree, two operands, scratch: 15 on AVX2 with
// float32.
type jacobi struct {
	*emitter
	free []int
}

var (
	jBatches, jPairs, jRows = reg.RDX, reg.RSI, reg.RDI
	jDot, jRow              = reg.R8, reg.R9
	jP, jQ, jI              = reg.R10, reg.R11, reg.R12
	jMask, jCount, jWork    = reg.R13, reg.RBX, reg.RCX
	jSlot, jFirst, jPair    = reg.R14, reg.R15, reg.RBP
)

// A slot of the workspace holds what is found about a group; before the first
// is the off measure.
func (j *jacobi) sine() Mem { return Mem{Base: jSlot} }
func (j *jacobi) half() Mem { return Mem{Base: jSlot, Disp: j.isa.Width} }
func (j *jacobi) mask() Mem { return Mem{Base: jSlot, Disp: 2 * j.isa.Width} }

func (j *jacobi) firstSlot() { j.LEAQ(Mem{Base: jWork, Disp: j.isa.Width}, jSlot) }

func emitJacobi(e *emitter, s Spec) {
	e.text(s.Name(), "func(batches, batch int, pairs *int32, rows *"+e.elem.Go+", dot, row int, tol, floor "+e.elem.Go+", work *"+e.elem.Go+") int")
	j := &jacobi{emitter: e}
	e.Load(e.Param("batches"), jBatches)
	e.Load(e.Param("pairs"), jPairs)
	e.Load(e.Param("rows"), jRows)
	e.Load(e.Param("dot"), jDot)
	e.Load(e.Param("row"), jRow)
	e.Load(e.Param("work"), jWork)
	e.XORQ(jCount, jCount)
	e.Label("batch")
	e.MOVQ(jPairs, jFirst)
	j.firstSlot()
	e.Label("group")
	g, a, b := j.products()
	j.threshold(g, a, b)
	e.MOVQ(jMask, j.mask())
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef("still"))
	sine, half := j.angles(g, a, b)
	e.store(e.v(sine), j.sine())
	e.store(e.v(half), j.half())
	e.Label("still")
	e.ADDQ(I32(8*e.lanes()), jPairs)
	e.ADDQ(I32(3*e.isa.Width), jSlot)
	e.MOVQ(jPairs, jI)
	e.SUBQ(jFirst, jI)
	e.CMPQ(jI, e.paramMem("batch"))
	e.JL(LabelRef("group"))
	j.rotate()
	e.DECQ(jBatches)
	e.JNZ(LabelRef("batch"))
	e.Store(jCount, e.ReturnIndex(0))
	e.ret()
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

// products returns the registers of x·y, x·x and y·y of all pairs.
func (j *jacobi) products() (g, a, b int) {
	j.free = nil
	for i := j.isa.Vectors - 1; i >= 0; i-- {
		j.give(i)
	}
	var tree [3][]partial
	for k := range j.lanes() {
		j.pair(Mem{Base: jPairs, Disp: 8 * k})
		sums := j.inner()
		for i, r := range sums {
			tree[i] = j.push(tree[i], partial{1, r})
		}
	}
	return tree[0][0].reg, tree[1][0].reg, tree[2][0].reg
}

// inner leaves the products of the pair at hand in three registers, not yet
// summed over their lanes.
func (j *jacobi) inner() (sums [3]int) {
	loop, done := j.label("dot"), j.label("summed")
	for i := range sums {
		sums[i] = j.take()
	}
	x, y := j.take(), j.take()
	term := func(add func(a, b, c Op), p, q Mem) {
		j.load(p, j.v(x))
		j.load(q, j.v(y))
		add(j.v(x), j.v(y), j.v(sums[0]))
		add(j.v(x), j.v(x), j.v(sums[1]))
		add(j.v(y), j.v(y), j.v(sums[2]))
	}
	term(j.mul, Mem{Base: jP}, Mem{Base: jQ})
	j.MOVQ(I32(j.isa.Width), jI)
	j.CMPQ(jI, jDot)
	j.JGE(LabelRef(done))
	j.Label(loop)
	term(j.fma, Mem{Base: jP, Index: jI, Scale: 1}, Mem{Base: jQ, Index: jI, Scale: 1})
	j.ADDQ(I32(j.isa.Width), jI)
	j.CMPQ(jI, jDot)
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

// threshold sets jMask to the pairs that rotate. The largest cosine
// of an angle goes to the off measure.
func (j *jacobi) threshold(g, a, b int) {
	e := j.emitter
	m, t := j.take(), j.take()
	e.absMask(t)
	e.and(e.v(g), e.v(t), e.v(m))
	j.cosine(m, a, b, t, func(dst Op) { e.broadcastParam("floor", dst) })
	e.broadcastParam("tol", e.v(t))
	j.above(m, t)
	j.give(m, t)
}

// cosine turns m = |g| into |g|/√(ab), zero where a or b is below the floor,
// and keeps the largest in the off measure. An estimate does: the threshold is
// no sharp one.
func (j *jacobi) cosine(m, a, b, t int, floor func(dst Op)) {
	e := j.emitter
	u := j.take()
	if e.isa == avx2 && e.elem == f64 {
		e.sqrt(e.v(a), e.v(t))
		e.sqrt(e.v(b), e.v(u))
		e.mul(e.v(t), e.v(u), e.v(u))
		e.div(e.v(m), e.v(u), e.v(m))
	} else {
		e.reciprocalRoot(e.v(a), e.v(t))
		e.reciprocalRoot(e.v(b), e.v(u))
		e.mul(e.v(m), e.v(t), e.v(m))
		e.mul(e.v(m), e.v(u), e.v(m))
	}
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
	j.give(u)
}

// above sets jMask to the lanes where m > t.
func (j *jacobi) above(m, t int) {
	if j.isa.Masks {
		j.greater(j.v(m), j.v(t), reg.K1)
		j.KMOVW(reg.K1, jMask.As32())
		return
	}
	j.greater(j.v(m), j.v(t), j.v(t))
	either(j.elem, j.VMOVMSKPS, j.VMOVMSKPD)(j.v(t), jMask.As32())
}

// angles returns the registers of the sine of the rotation angle φ and of the
// tangent of φ/2, |φ| ≤ π/4, for cot 2φ = ζ = (a−b)/(2g). Beyond steep, where ζ²
// could overflow, the tangent of φ is 1/(2ζ). The half angle makes rounding
// errors of small rotations second-order (Rutishauser 1966).
func (j *jacobi) angles(g, a, b int) (sine, half int) {
	e := j.emitter
	steep := either(e.elem, 0x1p60, 0x1p500)
	z, w, one, abs := g, a, b, j.take()
	e.sub(e.v(a), e.v(b), e.v(w))
	e.add(e.v(g), e.v(g), e.v(g))
	e.div(e.v(w), e.v(g), e.v(z))
	e.absMask(abs)
	sign := j.take()
	either(e.elem, e.VANDNPS, e.VANDNPD)(e.v(z), e.v(abs), e.v(sign))
	e.and(e.v(z), e.v(abs), e.v(z))
	e.constant(steep, w)
	e.constant(1, one)
	e.min(e.v(w), e.v(z), e.v(w))
	root := j.take()
	hypot := func(x int) { // √(1+x²)
		e.mul(e.v(x), e.v(x), e.v(root))
		e.add(e.v(root), e.v(one), e.v(root))
		e.sqrt(e.v(root), e.v(root))
	}
	hypot(w)
	e.max(e.v(root), e.v(z), e.v(root))
	e.add(e.v(root), e.v(z), e.v(z))
	tangent := z
	e.div(e.v(one), e.v(z), e.v(tangent))
	hypot(tangent)
	e.div(e.v(tangent), e.v(root), e.v(w))
	e.add(e.v(root), e.v(one), e.v(root))
	e.div(e.v(tangent), e.v(root), e.v(root))
	for _, r := range []int{w, root} {
		either(e.elem, e.VORPS, e.VORPD)(e.v(sign), e.v(r), e.v(r))
	}
	return w, root
}

// rotate applies x, y = x + s(y − τx), y − s(x + τy) to the pairs of the batch
// that their masks name.
func (j *jacobi) rotate() {
	e := j.emitter
	const s, tau, x, y, u, w = 0, 1, 2, 3, 4, 5
	index := func(m Mem) Mem { return m.Idx(jPair, uint8(e.elem.Size)) }
	slot, next, loop, done := e.label("slot"), e.label("pair"), e.label("rotate"), e.label("done")
	j.firstSlot()
	e.Label(slot)
	e.MOVQ(j.mask(), jMask)
	e.TESTQ(jMask, jMask)
	e.JZ(LabelRef(done))
	e.Label(next)
	e.TZCNTQ(jMask, jPair)
	j.pair(Mem{Base: jFirst, Index: jPair, Scale: 8})
	e.broadcast(index(j.sine()), e.v(s))
	e.broadcast(index(j.half()), e.v(tau))
	e.XORQ(jI, jI)
	e.Label(loop)
	mp, mq := Mem{Base: jP, Index: jI, Scale: 1}, Mem{Base: jQ, Index: jI, Scale: 1}
	j.turn(s, tau, x, y, u, w, mp, mq)
	e.ADDQ(I32(e.isa.Width), jI)
	e.CMPQ(jI, jRow)
	e.JL(LabelRef(loop))
	e.INCQ(jCount)
	e.BLSRQ(jMask, jMask)
	e.JNZ(LabelRef(next))
	e.Label(done)
	e.ADDQ(I32(8*e.lanes()), jFirst)
	e.ADDQ(I32(3*e.isa.Width), jSlot)
	e.CMPQ(jFirst, jPairs)
	e.JL(LabelRef(slot))
}

// turn rotates the vectors at p and q by way of the registers x and y; u and w
// are scratch.
func (j *jacobi) turn(s, tau, x, y, u, w int, p, q Mem) {
	e := j.emitter
	e.load(p, e.v(x))
	e.load(q, e.v(y))
	e.copy(x, w)
	e.copy(y, u)
	e.fma(e.v(tau), e.v(y), e.v(w))
	e.fnma(e.v(tau), e.v(x), e.v(u))
	e.fma(e.v(s), e.v(u), e.v(x))
	e.fnma(e.v(s), e.v(w), e.v(y))
	e.store(e.v(x), p)
	e.store(e.v(y), q)
}

func (e *emitter) sqrt(a, dst Op)   { either(e.elem, e.VSQRTPS, e.VSQRTPD)(a, dst) }
func (e *emitter) max(a, b, dst Op) { either(e.elem, e.VMAXPS, e.VMAXPD)(a, b, dst) }
func (e *emitter) min(a, b, dst Op) { either(e.elem, e.VMINPS, e.VMINPD)(a, b, dst) }

// reciprocalRoot estimates 1/√a to 11 bits or more; AVX2 has it in float32.
func (e *emitter) reciprocalRoot(a, dst Op) {
	if e.isa == avx512 {
		either(e.elem, e.VRSQRT14PS, e.VRSQRT14PD)(a, dst)
		return
	}
	e.VRSQRTPS(a, dst)
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
