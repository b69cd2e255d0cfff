package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// symJacobi diagonalises a symmetric matrix of order 4 or 8 by two-sided Jacobi
// rotations, in double precision. A row is two vectors, its lower and its upper
// half; the pairs of a round are row k of each half, so that columns rotate lane by
// lane, and the angles of a round are the lanes of one vector. After each round rows
// and columns move one place on the circle: t(0) stays, and
//
//	t(0) t(1) t(2) t(3)  ←  t(0) b(0) t(1) t(2)
//	b(0) b(1) b(2) b(3)  ←  b(1) b(2) b(3) t(3)
//
// Rows go from one copy of the matrix to another, so that no row is overwritten
// before it has moved. The diagonal is a vector of its own, and zero in the rows; it
// and the entry g of a pair follow from the angle, with δ = a − b,
//
//	e = c·g − s·δ   a' = a + s·(c·g + e)   b' = b − s·(c·g + e)   g' = c·e − s·(s·g)
//
// where nothing is rounded that is larger than what changes. So g' need not be zero,
// and the angle need not be exact: with z = 2g/δ the tangent of half of it is
//
//	τ = z·(1 + βz) / (4·(1 + βz) + βz²/κ)   κ = tan(π/8)
//
// right to 1.7 % at all z, to order z² where z is small, and right where a = b. With
// s = 2τ/(1+τ²) and c = 1 − s·τ that is a rotation to the last digit whatever τ is.
type symJacobi struct {
	*emitter
	half  int // lanes of a vector
	met   Mem // number of rotations, for each lane
	sines Mem // sines and τ of two rounds
}

var (
	sjA                = reg.RBX
	sjD, sjX, sjY      = reg.RDI, reg.RSI, reg.RDX
	sjSweeps, sjDone   = reg.R8, reg.R9
	sjRounds           = reg.R10 // and rows
	sjFrom, sjTo       = reg.R11, reg.R12
	sjNow, sjNext      = reg.R13, reg.R14 // where sines and τ of a round are
	sjTable            = NewDataAddr(Symbol{Name: "rotation", Static: true}, 0)
	sjAbs, sjHalf      = sjVector(0), sjVector(1)
	sjOne, sjTiny      = sjVector(2), sjVector(3)
	sjTwoBeta, sjRatio = sjVector(4), sjVector(5)
	sjIdentity         = sjVector(6)
)

const (
	sjBeta, sjKappa = 0.843, 0.41421356237309503 // tan(π/8)
	// sjUnit is the place of the one among zeros in sjIdentity, a window on which is a
	// row of the identity.
	sjUnit = 7
	// Behind the diagonal: sums of squares off it and of all entries, the number of
	// rotations, and what the next call needs.
	symOff, symAll, symRotations, symLimit, symFloor, symTail = 0, 1, 2, 3, 4, 5
)

// Vector registers. The last eight are scratch.
const (
	sjLow, sjHigh   = 0, 1 // the diagonal
	sjSine          = 2
	sjEntry         = 3    // g of the round to come
	sjTop, sjBottom = 4, 6 // g' where it goes in rows t and b, two registers each
	sjTemp          = 8
	sjSum           = sjTemp // of rows, two registers
)

func emitSymJacobi(e *emitter, s Spec) {
	symJacobi{emitter: e}.emitTable()
	e.text(s.Name(), "func(n, fresh, sweeps int, tol float64, a, d, x, y *float64) int")
	met, sines := e.AllocLocal(32), e.AllocLocal(128)
	e.Load(e.Param("sweeps"), sjSweeps)
	e.Load(e.Param("a"), sjA)
	e.Load(e.Param("d"), sjD)
	e.Load(e.Param("x"), sjX)
	e.Load(e.Param("y"), sjY)
	e.XORQ(sjDone, sjDone)
	e.Load(e.Param("n"), reg.RAX)
	e.CMPQ(reg.RAX, Imm(4))
	e.JEQ(LabelRef("four"))
	symJacobi{e, 4, met, sines}.sweeps()
	e.Label("four")
	symJacobi{e, 2, met, sines}.sweeps()
}

func (j symJacobi) v(i int) reg.VecPhysical {
	if j.half == 2 {
		return j.x(i)
	}
	return avx2.Regs[i]
}

func (j symJacobi) order() int { return 2 * j.half }

// row is half h of row i of matrix m, 0 or that of the vectors, 1.
func (j symJacobi) row(base reg.Register, m, i, h int) Mem {
	return Mem{Base: base, Disp: 8 * ((m*j.order()+i)*j.order() + h*j.half)}
}

// told is one of the numbers behind the diagonal.
func (j symJacobi) told(i int) Mem { return j.diagonal(j.order() + i) }

// floor is β/κ times the square of the largest g that stays.
func (j symJacobi) floor() Mem { return j.told(symFloor) }

func (j symJacobi) diagonal(i int) Mem { return Mem{Base: sjD, Disp: 8 * i} }

// sweeps rotates until little is left, and returns.
func (j symJacobi) sweeps() {
	sweep, round, end := j.label("sweep"), j.label("round"), j.label("end")
	j.LEAQ(j.sines, sjNow)
	j.LEAQ(j.sines.Offset(64), sjNext)
	j.begin()
	j.angles()
	j.XCHGQ(sjNow, sjNext)
	j.VXORPD(j.v(sjTemp), j.v(sjTemp), j.v(sjTemp))
	j.VMOVUPD(j.v(sjTemp), j.met)
	j.Label(sweep)
	j.norms(end)
	j.CMPQ(sjDone, sjSweeps)
	j.JGE(LabelRef(end))
	j.INCQ(sjDone)
	j.MOVQ(I32(j.order()-1), sjRounds)
	j.Label(round)
	j.diagonals()
	j.ahead()
	j.angles()
	for k := range j.half {
		j.pair(k)
	}
	for k := range j.half {
		j.vectors(k)
	}
	j.XCHGQ(sjX, sjY)
	j.XCHGQ(sjNow, sjNext)
	j.DECQ(sjRounds)
	j.JNZ(LabelRef(round))
	j.JMP(LabelRef(sweep))
	j.Label(end)
	j.tell()
	j.refine()
	j.Store(sjDone, j.ReturnIndex(0))
	j.ret()
}

// begin loads the diagonal, or takes apart a new matrix.
func (j symJacobi) begin() {
	const zero, x, all = sjTemp, sjTemp + 1, sjTemp + 3
	resume, ready := j.label("resume"), j.label("ready")
	j.CMPQ(j.paramMem("fresh"), Imm(0))
	j.JEQ(LabelRef(resume))
	j.VXORPD(j.v(zero), j.v(zero), j.v(zero))
	j.VXORPD(j.v(sjLow), j.v(sjLow), j.v(sjLow))
	j.VXORPD(j.v(sjHigh), j.v(sjHigh), j.v(sjHigh))
	j.zeroPair(all)
	for i := range j.order() {
		for h := range 2 {
			j.VMOVUPD(j.row(sjA, 0, i, h), j.v(x+h))
			j.VFMADD231PD(j.v(x+h), j.v(x+h), j.v(all+h))
			if i/j.half == h {
				lane := Imm(1 << (i % j.half))
				j.VBLENDPD(lane, j.v(x+h), j.v(sjLow+h), j.v(sjLow+h))
				j.VBLENDPD(lane, j.v(zero), j.v(x+h), j.v(x+h))
			}
			j.VMOVUPD(j.v(x+h), j.row(sjX, 0, i, h))
			j.VMOVUPD(sjIdentity.Offset(8*(sjUnit-i+h*j.half)), j.v(x+h))
			j.VMOVUPD(j.v(x+h), j.row(sjX, 1, i, h))
		}
	}
	j.sum(all, x)
	j.VMOVSD(j.x(all), j.told(symAll))
	j.VMULSD(j.paramMem("tol"), j.x(all), j.x(all))
	j.VMOVSD(j.x(all), j.told(symLimit))
	j.VMULSD(sjShare(j.order()), j.x(all), j.x(all))
	j.VMOVSD(j.x(all), j.floor())
	j.JMP(LabelRef(ready))
	j.Label(resume)
	j.VMOVUPD(j.diagonal(0), j.v(sjLow))
	j.VMOVUPD(j.diagonal(j.half), j.v(sjHigh))
	j.Label(ready)
	j.VMOVUPD(j.row(sjX, 0, 0, 1), j.v(sjEntry))
	for k := 1; k < j.half; k++ {
		j.VBLENDPD(Imm(1<<k), j.row(sjX, 0, k, 1), j.v(sjEntry), j.v(sjEntry))
	}
}

// norms stores the sum of squares off the diagonal, and leaves where it is small
// beside that of all entries.
func (j symJacobi) norms(end string) {
	const off, x = sjTemp, sjTemp + 2
	j.zeroPair(off)
	for i := range j.order() {
		for h := range 2 {
			j.VMOVUPD(j.row(sjX, 0, i, h), j.v(x+h))
			j.VFMADD231PD(j.v(x+h), j.v(x+h), j.v(off+h))
		}
	}
	j.sum(off, x)
	j.VMOVSD(j.x(off), j.told(symOff))
	j.VMOVSD(j.told(symLimit), j.x(x))
	j.VUCOMISD(j.x(off), j.x(x))
	j.JCC(LabelRef(end))
}

// sum leaves the sum of two registers in the low lane of the first.
func (j symJacobi) sum(i, t int) {
	j.VADDPD(j.v(i+1), j.v(i), j.v(i))
	if j.half == 4 {
		j.VEXTRACTF128(Imm(1), j.v(i), j.x(t))
		j.VADDPD(j.x(t), j.x(i), j.x(i))
	}
	j.VHADDPD(j.x(i), j.x(i), j.x(i))
}

// angles finds the rotations of the round to come. A pair below the threshold has
// τ = 0.
func (j symJacobi) angles() {
	const g, delta, abs, sign, den, mask, signed, u, tau, one = sjEntry, 8, 9, 10, 11, 12, 13, 14, 15, 8
	v := j.v
	j.VSUBPD(v(sjHigh), v(sjLow), v(delta))
	j.VMOVUPD(sjAbs, v(u))
	j.VANDPD(v(u), v(delta), v(abs))
	j.VANDNPD(v(delta), v(u), v(sign))
	j.VANDPD(v(u), v(g), v(u))
	j.VMULPD(sjRatio, v(g), v(den))
	j.VFMADD213PD(sjTiny, v(g), v(den))
	j.broadcast(j.floor(), mask)
	j.VCMPPD(Imm(30), v(mask), v(den), v(mask))
	j.VMULPD(sjHalf, v(g), v(signed))
	j.VXORPD(v(sign), v(signed), v(signed))
	j.VFMADD132PD(sjTwoBeta, v(abs), v(u))
	j.VFMADD231PD(v(abs), v(u), v(den))
	j.VMULPD(v(u), v(signed), v(tau))
	j.VANDPD(v(mask), v(tau), v(tau))
	j.VDIVPD(v(den), v(tau), v(tau))
	j.VMOVUPD(v(tau), j.taus(sjNext))
	j.VMOVUPD(sjOne, v(one))
	j.VFMADD231PD(v(tau), v(tau), v(one))
	j.VADDPD(v(tau), v(tau), v(sjSine))
	j.VDIVPD(v(one), v(sjSine), v(sjSine))
	j.VMOVUPD(v(sjSine), Mem{Base: sjNext})
}

// diagonals applies the rotations of a round to the diagonal, which moves, and lays
// out what the entries of the pairs become.
func (j symJacobi) diagonals() {
	const g, delta, c, cg, e, sum, next, sg, zero, t = sjEntry, 8, 9, 10, 11, 12, 13, 14, 15, 8
	v := j.v
	j.VSUBPD(v(sjHigh), v(sjLow), v(delta))
	j.VMOVUPD(sjOne, v(c))
	j.VFNMADD231PD(j.taus(sjNow), v(sjSine), v(c))
	j.VMULPD(v(c), v(g), v(cg))
	j.VMOVAPD(v(cg), v(e))
	j.VFNMADD231PD(v(sjSine), v(delta), v(e))
	j.VADDPD(v(e), v(cg), v(sum))
	j.VMULPD(v(sjSine), v(sum), v(sum))
	j.VADDPD(v(sum), v(sjLow), v(sjLow))
	j.VSUBPD(v(sum), v(sjHigh), v(sjHigh))
	j.VMULPD(v(c), v(e), v(next))
	j.VMULPD(v(sjSine), v(g), v(sg))
	j.VFNMADD231PD(v(sjSine), v(sg), v(next))
	j.move(sjLow, sjHigh, c, sjHigh, t)
	j.VMOVAPD(v(c), v(sjLow))
	j.VXORPD(v(zero), v(zero), v(zero))
	j.move(zero, next, sjTop, sjTop+1, t)
	j.move(next, zero, sjBottom, sjBottom+1, t)

	const count, turned = 9, 10
	j.VCMPPD(Imm(4), v(zero), v(sjSine), v(turned))
	j.VMOVUPD(j.met, v(count))
	j.VPSUBQ(v(turned), v(count), v(count))
	j.VMOVUPD(v(count), j.met)
}

// ahead finds the entries g of the next round, before the rows are rotated: the
// angles of that round need not wait for them. The operations are those of pair, so
// that the bits are.
func (j symJacobi) ahead() {
	const own, ownOther, other, otherOther = 8, 9, 10, 11 // of the row, and of the row and the column
	const tau, sine, sineColumn, t = 12, 13, 14, 15
	v := j.v
	j.gather(own, t, false, false)
	j.gather(ownOther, t, false, true)
	j.gather(other, t, true, false)
	j.gather(otherOther, t, true, true)
	j.signed(j.taus(sjNow), tau, false)
	j.VFNMADD231PD(v(tau), v(own), v(other))
	j.VFNMADD231PD(v(tau), v(ownOther), v(otherOther))
	j.signed(j.taus(sjNow), tau, true)
	j.signed(v(sjSine), sine, false)
	j.VFMADD231PD(v(sine), v(other), v(own))
	j.VFMADD231PD(v(sine), v(otherOther), v(ownOther))
	j.signed(v(sjSine), sineColumn, true)
	j.VFNMADD231PD(v(tau), v(own), v(ownOther))
	j.VMOVAPD(v(own), v(sjEntry))
	j.VFMADD231PD(v(sineColumn), v(ownOther), v(sjEntry))
}

// gather loads the entries that are to be g in the next round, of the other row or
// the other column of their pair.
func (j symJacobi) gather(i, t int, otherRow, otherColumn bool) {
	at := func(k int) Mem {
		row, column := j.from(k), j.from(j.half+k)
		if otherRow {
			row = (row + j.half) % j.order()
		}
		if otherColumn {
			column = (column + j.half) % j.order()
		}
		return j.row(sjX, 0, row, 0).Offset(8 * column)
	}
	j.VMOVSD(at(0), j.x(i))
	j.VMOVHPD(at(1), j.x(i), j.x(i))
	if j.half == 4 {
		j.VMOVSD(at(2), j.x(t))
		j.VMOVHPD(at(3), j.x(t), j.x(t))
		j.VINSERTF128(Imm(1), j.x(t), j.v(i), j.v(i))
	}
}

// signed leaves in register i, for the rows or the columns of the entries that are to
// be g, what src holds for their pairs, negative where they are the second of one.
func (j symJacobi) signed(src Op, i int, columns bool) {
	signs := sjSigns(j.half, columns)
	switch {
	case j.half == 4 && columns:
		j.VPERMPD(Imm(0xf9), src, j.v(i))
	case j.half == 4:
		j.VPERMPD(Imm(0x90), src, j.v(i))
	case columns:
		j.VPERMILPD(Imm(3), src, j.v(i))
	default:
		j.VMOVDDUP(src, j.v(i))
	}
	j.VXORPD(signs, j.v(i), j.v(i))
}

// from returns the row that moves to a place.
func (j symJacobi) from(place int) int {
	for k := range j.half {
		top, bottom := j.places(k)
		switch place {
		case top:
			return k
		case bottom:
			return j.half + k
		}
	}
	panic(place)
}

// move takes the halves of a row to their places after the round. The first result
// is no operand, the second may be the upper half; t is scratch.
func (j symJacobi) move(low, high, newLow, newHigh, t int) {
	if j.half == 2 {
		j.VUNPCKLPD(j.v(high), j.v(low), j.v(newLow))
		j.VUNPCKHPD(j.v(low), j.v(high), j.v(newHigh))
		return
	}
	j.VMOVDDUP(j.v(high), j.v(t))
	j.VPERMPD(Imm(0x90), j.v(low), j.v(newLow))
	j.VBLENDPD(Imm(2), j.v(t), j.v(newLow), j.v(newLow))
	j.VPERMPD(Imm(0xf9), j.v(high), j.v(newHigh))
	j.VBLENDPD(Imm(8), j.v(low), j.v(newHigh), j.v(newHigh))
}

// places returns where t(k) and b(k) move to.
func (j symJacobi) places(k int) (top, bottom int) {
	switch {
	case k == 0:
		return 0, 1
	case k == j.half-1:
		return 2*k + 1, 2 * k
	}
	return k + 1, j.half + k - 1
}

// taus are behind the sines of a round.
func (j symJacobi) taus(round reg.Register) Mem { return Mem{Base: round, Disp: 8 * j.half} }

// spread fills two registers with sine and τ of pair k.
func (j symJacobi) spread(k, sine, tau int) {
	j.broadcast(Mem{Base: sjNow, Disp: 8 * k}, sine)
	j.broadcast(j.taus(sjNow).Offset(8*k), tau)
}

// turn applies x, y = x + s(y − τx), y − s(x + τy), by way of u and w.
func (j symJacobi) turn(s, tau Op, x, y, u, w int) {
	j.VMOVAPD(j.v(y), j.v(u))
	j.VMOVAPD(j.v(x), j.v(w))
	j.VFNMADD231PD(tau, j.v(x), j.v(u))
	j.VFMADD231PD(tau, j.v(y), j.v(w))
	j.VFMADD231PD(s, j.v(u), j.v(x))
	j.VFNMADD231PD(s, j.v(w), j.v(y))
}

const (
	sjS, sjT          = sjTemp, sjTemp + 1
	sjRowX, sjRowY    = sjTemp + 2, sjTemp + 4 // two registers each
	sjSpareU, sjSpare = sjTemp + 6, sjTemp + 7
)

// rotated leaves rows k of both halves of matrix m, rotated, in registers.
func (j symJacobi) rotated(m, k int) {
	j.spread(k, sjS, sjT)
	for h := range 2 {
		j.VMOVUPD(j.row(sjX, m, k, h), j.v(sjRowX+h))
		j.VMOVUPD(j.row(sjX, m, j.half+k, h), j.v(sjRowY+h))
		j.turn(j.v(sjS), j.v(sjT), sjRowX+h, sjRowY+h, sjSpareU, sjSpare)
	}
}

// pair rotates the rows of pair k, and of these rows the columns of all pairs.
func (j symJacobi) pair(k int) {
	j.rotated(0, k)
	top, bottom := j.places(k)
	own := 1<<top | 1<<bottom // columns of the pair
	for _, r := range [][3]int{{sjRowX, top, sjTop}, {sjRowY, bottom, sjBottom}} {
		x, place, entry := r[0], r[1], r[2]
		j.turn(Mem{Base: sjNow}, j.taus(sjNow), x, x+1, sjSpareU, sjSpare)
		j.move(x, x+1, sjSpareU, x+1, sjSpare)
		for h, from := range []int{sjSpareU, x + 1} {
			if mask := own >> (h * j.half) & (1<<j.half - 1); mask != 0 {
				j.VBLENDPD(Imm(uint64(mask)), j.v(entry+h), j.v(from), j.v(from))
			}
			j.VMOVUPD(j.v(from), j.row(sjY, 0, place, h))
		}
	}
}

// vectors rotates the rows of the vectors of pair k.
func (j symJacobi) vectors(k int) {
	j.rotated(1, k)
	top, bottom := j.places(k)
	for h := range 2 {
		j.VMOVUPD(j.v(sjRowX+h), j.row(sjY, 1, top, h))
		j.VMOVUPD(j.v(sjRowY+h), j.row(sjY, 1, bottom, h))
	}
}

// tell stores the diagonal and the number of rotations.
func (j symJacobi) tell() {
	const all, half = sjTemp, sjTemp + 1
	j.VMOVUPD(j.v(sjLow), j.diagonal(0))
	j.VMOVUPD(j.v(sjHigh), j.diagonal(j.half))
	j.VMOVUPD(j.met, j.v(all))
	if j.half == 4 {
		j.VEXTRACTF128(Imm(1), j.v(all), j.x(half))
		j.VPADDQ(j.x(half), j.x(all), j.x(all))
	}
	j.VPERMILPD(Imm(1), j.x(all), j.x(half))
	j.VPADDQ(j.x(half), j.x(all), j.x(all))
	j.VMOVQ(j.x(all), reg.RAX)
	j.VCVTSI2SDQ(reg.RAX, j.x(all), j.x(all))
	j.VMOVSD(j.x(all), j.told(symRotations))
}
