package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tile is the register tile being emitted.
type tile struct {
	*gemm
	h, nv  int
	masked bool // the last vector
	narrow bool // takes a few columns along; gTmp is that far before gB, then
	turn   int
}

func (t *tile) acc(i, v int) reg.VecPhysical { return t.e.v(i*t.nv + v) }
func (t *tile) b(v int) reg.VecPhysical      { return t.e.v(t.h*t.nv + v) }
func (t *tile) maskReg() int                 { return len(t.e.isa.Regs) - 1 }

// spillsMask says whether a tile's sums, its row of B and one broadcast of A
// leave no register for the mask.
func (g *gemm) spillsMask(h, nv int) bool {
	return !g.e.isa.Masks && (h+1)*nv+2 > len(g.e.isa.Regs)
}

// maskOr returns the mask, in the register given if it has none of its own.
func (t *tile) maskOr(free reg.VecPhysical) Op {
	switch {
	case t.e.isa.Masks:
		return reg.K1
	case t.spillsMask(t.h, t.nv):
		t.e.load(t.mask, free)
		return free
	}
	return t.e.v(t.maskReg())
}

func (t *tile) isMasked(v int) bool { return t.masked && v == t.nv-1 }

// broadcastReg takes turns among the registers that are left.
func (t *tile) broadcastReg() reg.VecPhysical {
	first := (t.h+1)*t.nv + t.narrowRegs()
	left := len(t.e.isa.Regs) - first
	if t.masked && !t.e.isa.Masks && !t.spillsMask(t.h, t.nv) {
		left--
	}
	t.turn++
	return t.e.v(first + t.turn%min(left, 4))
}

// unroll is the number of steps of k in the inner loop. Their rows of B are
// multiples of BRow, so that the loop has few instructions that could take an
// FMA's place.
const unroll = 4

// fetchWidth is the length of what a round fetches: a tile's row, but two lines at least.
func (t *tile) fetchWidth() int { return max(t.NV*t.e.isa.Width, 128) }

// fetches says whether the tile is of those that large products consist of.
func (t *tile) fetches() bool { return t.h == t.MR && t.nv > 1 && !t.masked && !t.narrow }

// inner runs over k. The tile that large products consist of fetches ahead: its
// rows of C first, one in every round, so that they are there when the sums
// are, then a row of what comes next. The last byte of every 64 asks for the line:
// that of the first came with the tile before.
func (t *tile) inner() {
	loop, rest, one, last := t.e.label("k"), t.e.label("rest"), t.e.label("one"), t.e.label("last")
	ahead := t.fetches()
	t.e.SUBQ(Imm(unroll), gK)
	t.e.JLT(LabelRef(rest))
	if ahead {
		t.fetchC()
	}
	t.e.align()
	t.e.Label(loop)
	if ahead {
		for at := 64; at <= t.fetchWidth(); at += 64 {
			t.e.PREFETCHT1(Mem{Base: gTmp, Disp: at - 1})
		}
		t.e.ADDQ(t.frame.aheadRow, gTmp)
	}
	t.round()
	t.e.JGE(LabelRef(loop))
	if ahead {
		t.e.MOVQ(gTmp, t.frame.ahead)
	}
	t.e.Label(rest)
	t.e.ADDQ(Imm(unroll), gK)
	t.e.JZ(LabelRef(last))
	t.e.Label(one)
	t.step(0)
	t.e.ADDQ(gBRow, gB)
	if t.narrow {
		t.e.ADDQ(gBRow, gTmp)
	}
	t.e.DECQ(gK)
	t.e.JNZ(LabelRef(one))
	t.e.Label(last)
}

// fetchRows is how far ahead of their use the rows of B are fetched that a panel
// lays down: they come from L3 or memory, each from a page of its own. They go to
// L2, because rows a multiple of 4 KiB apart would drive each other out of L1.
const fetchRows = 32

// fetchPacked is how many bytes ahead the place is fetched that they are laid down
// at: a store waits for its line.
const fetchPacked = 1024

// innerPacking runs over k and copies the rows of B that it meets.
func (t *tile) innerPacking() {
	loop := t.e.label("packing")
	t.e.MOVQ(t.frame.pack, gTmp)
	t.e.align()
	t.e.Label(loop)
	t.step(0)
	width := t.nv * t.e.isa.Width
	for v := range t.nv {
		t.e.store(t.b(v), Mem{Base: gTmp, Disp: v * t.e.isa.Width})
	}
	for at := 0; at < width; at += 64 {
		t.e.PREFETCHT1(Mem{Base: gB, Index: gFar, Scale: 8, Disp: min(at+64, width) - 1})
		t.e.PREFETCHT0(Mem{Base: gTmp, Disp: fetchPacked + at})
	}
	t.e.ADDQ(gBRow, gB)
	t.e.ADDQ(I32(t.nv*t.e.isa.Width), gTmp)
	t.e.DECQ(gK)
	t.e.JNZ(LabelRef(loop))
	t.e.MOVQ(gTmp, t.frame.pack)
}

// round is unroll steps of k. It leaves the flags of gK counted down.
func (t *tile) round() {
	for u := range unroll {
		t.step(u)
	}
	t.e.LEAQ(Mem{Base: gB, Index: gBRow, Scale: unroll}, gB)
	if t.narrow {
		t.e.LEAQ(Mem{Base: gTmp, Index: gBRow, Scale: unroll}, gTmp)
	}
	t.e.SUBQ(Imm(unroll), gK)
}

// shortK is the least k that leaves time to fetch C.
const shortK = 56

// fetchC runs one round per row of the tile and fetches the row with it, where
// k is long enough for that. It leaves in gTmp what else to fetch.
func (t *tile) fetchC() {
	loop, end := t.e.label("fetch"), t.e.label("fetched")
	t.e.CMPQ(gK, Imm(uint64(max(shortK-unroll, t.h*unroll))))
	t.e.JLT(LabelRef(end))
	t.e.MOVQ(gK, gTmp)
	t.e.SUBQ(Imm(uint64(t.h*unroll)), gTmp)
	t.e.MOVQ(gTmp, t.frame.fetched)
	t.e.MOVQ(gC, gTmp)
	t.e.Label(loop)
	for at := 0; at < t.nv*t.e.isa.Width; at += 64 {
		t.e.PREFETCHT0(Mem{Base: gTmp, Disp: at})
	}
	t.e.PREFETCHT0(Mem{Base: gTmp, Disp: t.nv*t.e.isa.Width - 1})
	t.e.ADDQ(gCRow, gTmp)
	t.round()
	t.e.CMPQ(gK, t.frame.fetched)
	t.e.JGT(LabelRef(loop))
	t.e.Label(end)
	t.e.MOVQ(t.frame.ahead, gTmp)
}

// step adds the next column of A times row u of B, and moves on in A.
func (t *tile) step(u int) {
	for v := range t.nv {
		m := multiple(gB, gBRow, gBRow3, nil, nil, u)
		m.Disp = v * t.e.isa.Width
		if t.isMasked(v) {
			t.e.loadMasked(m, t.maskOr(t.b(v)), t.b(v))
		} else {
			t.e.load(m, t.b(v))
		}
	}
	if t.narrow {
		t.loadNarrow(u)
	}
	for i := range t.h {
		if t.nv == 1 && t.e.isa.Masks && !t.narrow {
			t.e.fmaBroadcast(row(i), t.b(0), t.acc(i, 0))
			continue
		}
		a := t.broadcastReg()
		if t.narrow && i%rowsPerSum == 0 {
			a = t.narrowA()
		}
		t.e.broadcast(row(i), a)
		for v := range t.nv {
			t.e.fma(a, t.b(v), t.acc(i, v))
		}
		if t.narrow {
			t.merge(i, a)
		}
	}
	t.e.ADDQ(t.acol, gA)
	if t.h > reach {
		t.e.ADDQ(t.acol, gA9)
	}
}

// row addresses row i of the panel in the current column of A.
func row(i int) Mem {
	if i >= reach {
		return multiple(gA9, gRS, gRS3, gRS5, gRS7, i-reach)
	}
	return multiple(gA, gRS, gRS3, gRS5, gRS7, i)
}

// multiple addresses base + i·stride, i up to 8, from registers that hold the
// stride and its odd multiples.
func multiple(base, stride, stride3, stride5, stride7 reg.Register, i int) Mem {
	m := Mem{Base: base}
	switch i {
	case 0:
	case 3, 6:
		m.Index, m.Scale = stride3, uint8(i/3)
	case 5:
		m.Index, m.Scale = stride5, 1
	case 7:
		m.Index, m.Scale = stride7, 1
	default:
		m.Index, m.Scale = stride, uint8(i)
	}
	return m
}

// finish puts the accumulators into C as Mode says. Where C is read it is
// multiplied by Beta, which is 1 more often than not and costs nothing then.
func (t *tile) finish() {
	unscaled, read, end := t.e.label("unscaled"), t.e.label("read"), t.e.label("end")
	free := (t.h+1)*t.nv + t.narrowRegs()
	scalar, c := t.b(0), t.e.v(free)
	t.e.MOVQ(t.arg("Mode"), gTmp)
	t.e.TESTQ(I32(gemmScale), gTmp)
	t.e.JZ(LabelRef(unscaled))
	t.e.broadcast(t.arg("Alpha"), scalar)
	for i := range t.h * t.nv {
		t.e.mul(scalar, t.e.v(i), t.e.v(i))
	}
	if t.narrow {
		for i := range t.narrowSums() {
			t.e.mul(scalar, t.narrowSum(i), t.narrowSum(i))
		}
	}
	t.e.Label(unscaled)
	if t.narrow {
		t.e.MOVQ(t.frame.narrowAt, gB)
	}
	if t.masked {
		t.e.MOVQ(t.arg("Lanes"), pieces.n)
		t.e.splitLanes(pieces)
	}
	t.e.TESTQ(I32(gemmRead), gTmp)
	t.e.MOVQ(gC, gTmp)
	t.e.JNZ(LabelRef(read))
	t.eachRow(nil, func(i, v int, m Mem) { t.put(t.acc(i, v), v, m) })
	t.e.JMP(LabelRef(end))

	t.e.Label(read)
	t.e.broadcast(t.arg("Beta"), scalar)
	t.eachRow(scalar, func(i, v int, m Mem) {
		t.get(m, v, c)
		t.e.fma(scalar, c, t.acc(i, v))
		t.put(t.acc(i, v), v, m)
	})
	t.e.Label(end)
}

// eachRow runs vector on every vector of C. Where the tile takes columns along,
// which may share entries with the vector before, C is read for them before that is
// stored, and multiplied by scalar if given.
func (t *tile) eachRow(scalar reg.VecPhysical, vector func(i, v int, m Mem)) {
	for i := range t.h {
		var narrow reg.VecPhysical
		if t.narrow {
			narrow = t.getNarrow(i, scalar)
		}
		for v := range t.nv {
			vector(i, v, Mem{Base: gTmp, Disp: v * t.e.isa.Width})
		}
		if t.narrow {
			t.putNarrow(narrow)
		}
		if i < t.h-1 {
			t.e.ADDQ(gCRow, gTmp)
		}
	}
}

// pieces are registers that the loop over k leaves free.
var pieces = lanePieces{gK, gA, gB}

func (t *tile) get(m Mem, v int, dst reg.VecPhysical) {
	if t.isMasked(v) {
		t.e.loadMasked(m, t.maskOr(t.b(1)), dst)
	} else {
		t.e.load(m, dst)
	}
}

func (t *tile) put(src reg.VecPhysical, v int, m Mem) {
	if t.isMasked(v) {
		t.e.storeLast(src, pieces, m)
	} else {
		t.e.store(src, m)
	}
}
