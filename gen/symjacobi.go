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
	e     *emitter
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
	symJacobi{e: e}.emitTable()
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
		return j.e.x(i)
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
	sweep, round, end := j.e.label("sweep"), j.e.label("round"), j.e.label("end")
	j.e.LEAQ(j.sines, sjNow)
	j.e.LEAQ(j.sines.Offset(64), sjNext)
	j.begin()
	j.angles()
	j.e.XCHGQ(sjNow, sjNext)
	j.e.VXORPD(j.v(sjTemp), j.v(sjTemp), j.v(sjTemp))
	j.e.VMOVUPD(j.v(sjTemp), j.met)
	j.e.Label(sweep)
	j.norms(end)
	j.e.CMPQ(sjDone, sjSweeps)
	j.e.JGE(LabelRef(end))
	j.e.INCQ(sjDone)
	j.e.MOVQ(I32(j.order()-1), sjRounds)
	j.e.Label(round)
	j.diagonals()
	j.ahead()
	j.angles()
	for k := range j.half {
		j.pair(k)
	}
	for k := range j.half {
		j.vectors(k)
	}
	j.e.XCHGQ(sjX, sjY)
	j.e.XCHGQ(sjNow, sjNext)
	j.e.DECQ(sjRounds)
	j.e.JNZ(LabelRef(round))
	j.e.JMP(LabelRef(sweep))
	j.e.Label(end)
	j.tell()
	j.refine()
	j.e.Store(sjDone, j.e.ReturnIndex(0))
	j.e.ret()
}

// begin loads the diagonal, or takes apart a new matrix.
func (j symJacobi) begin() {
	const zero, x, all = sjTemp, sjTemp + 1, sjTemp + 3
	resume, ready := j.e.label("resume"), j.e.label("ready")
	j.e.CMPQ(j.e.paramMem("fresh"), Imm(0))
	j.e.JEQ(LabelRef(resume))
	j.e.VXORPD(j.v(zero), j.v(zero), j.v(zero))
	j.e.VXORPD(j.v(sjLow), j.v(sjLow), j.v(sjLow))
	j.e.VXORPD(j.v(sjHigh), j.v(sjHigh), j.v(sjHigh))
	j.zeroPair(all)
	for i := range j.order() {
		for h := range 2 {
			j.e.VMOVUPD(j.row(sjA, 0, i, h), j.v(x+h))
			j.e.VFMADD231PD(j.v(x+h), j.v(x+h), j.v(all+h))
			if i/j.half == h {
				lane := Imm(1 << (i % j.half))
				j.e.VBLENDPD(lane, j.v(x+h), j.v(sjLow+h), j.v(sjLow+h))
				j.e.VBLENDPD(lane, j.v(zero), j.v(x+h), j.v(x+h))
			}
			j.e.VMOVUPD(j.v(x+h), j.row(sjX, 0, i, h))
			j.e.VMOVUPD(sjIdentity.Offset(8*(sjUnit-i+h*j.half)), j.v(x+h))
			j.e.VMOVUPD(j.v(x+h), j.row(sjX, 1, i, h))
		}
	}
	j.sum(all, x)
	j.e.VMOVSD(j.e.x(all), j.told(symAll))
	j.e.VMULSD(j.e.paramMem("tol"), j.e.x(all), j.e.x(all))
	j.e.VMOVSD(j.e.x(all), j.told(symLimit))
	j.e.VMULSD(sjShare(j.order()), j.e.x(all), j.e.x(all))
	j.e.VMOVSD(j.e.x(all), j.floor())
	j.e.JMP(LabelRef(ready))
	j.e.Label(resume)
	j.e.VMOVUPD(j.diagonal(0), j.v(sjLow))
	j.e.VMOVUPD(j.diagonal(j.half), j.v(sjHigh))
	j.e.Label(ready)
	j.e.VMOVUPD(j.row(sjX, 0, 0, 1), j.v(sjEntry))
	for k := 1; k < j.half; k++ {
		j.e.VBLENDPD(Imm(1<<k), j.row(sjX, 0, k, 1), j.v(sjEntry), j.v(sjEntry))
	}
}

// norms stores the sum of squares off the diagonal, and leaves where it is small
// beside that of all entries.
func (j symJacobi) norms(end string) {
	const off, x = sjTemp, sjTemp + 2
	j.zeroPair(off)
	for i := range j.order() {
		for h := range 2 {
			j.e.VMOVUPD(j.row(sjX, 0, i, h), j.v(x+h))
			j.e.VFMADD231PD(j.v(x+h), j.v(x+h), j.v(off+h))
		}
	}
	j.sum(off, x)
	j.e.VMOVSD(j.e.x(off), j.told(symOff))
	j.e.VMOVSD(j.told(symLimit), j.e.x(x))
	j.e.VUCOMISD(j.e.x(off), j.e.x(x))
	j.e.JCC(LabelRef(end))
}

// sum leaves the sum of two registers in the low lane of the first.
func (j symJacobi) sum(i, t int) {
	j.e.VADDPD(j.v(i+1), j.v(i), j.v(i))
	if j.half == 4 {
		j.e.VEXTRACTF128(Imm(1), j.v(i), j.e.x(t))
		j.e.VADDPD(j.e.x(t), j.e.x(i), j.e.x(i))
	}
	j.e.VHADDPD(j.e.x(i), j.e.x(i), j.e.x(i))
}

// angles finds the rotations of the round to come. A pair below the threshold has
// τ = 0.
func (j symJacobi) angles() {
	const g, delta, abs, sign, den, mask, signed, u, tau, one = sjEntry, 8, 9, 10, 11, 12, 13, 14, 15, 8
	v := j.v
	j.e.VSUBPD(v(sjHigh), v(sjLow), v(delta))
	j.e.VMOVUPD(sjAbs, v(u))
	j.e.VANDPD(v(u), v(delta), v(abs))
	j.e.VANDNPD(v(delta), v(u), v(sign))
	j.e.VANDPD(v(u), v(g), v(u))
	j.e.VMULPD(sjRatio, v(g), v(den))
	j.e.VFMADD213PD(sjTiny, v(g), v(den))
	j.broadcast(j.floor(), mask)
	j.e.VCMPPD(Imm(30), v(mask), v(den), v(mask))
	j.e.VMULPD(sjHalf, v(g), v(signed))
	j.e.VXORPD(v(sign), v(signed), v(signed))
	j.e.VFMADD132PD(sjTwoBeta, v(abs), v(u))
	j.e.VFMADD231PD(v(abs), v(u), v(den))
	j.e.VMULPD(v(u), v(signed), v(tau))
	j.e.VANDPD(v(mask), v(tau), v(tau))
	j.e.VDIVPD(v(den), v(tau), v(tau))
	j.e.VMOVUPD(v(tau), j.taus(sjNext))
	j.e.VMOVUPD(sjOne, v(one))
	j.e.VFMADD231PD(v(tau), v(tau), v(one))
	j.e.VADDPD(v(tau), v(tau), v(sjSine))
	j.e.VDIVPD(v(one), v(sjSine), v(sjSine))
	j.e.VMOVUPD(v(sjSine), Mem{Base: sjNext})
}

// diagonals applies the rotations of a round to the diagonal, which moves, and lays
// out what the entries of the pairs become.
func (j symJacobi) diagonals() {
	const g, delta, c, cg, e, sum, next, sg, zero, t = sjEntry, 8, 9, 10, 11, 12, 13, 14, 15, 8
	v := j.v
	j.e.VSUBPD(v(sjHigh), v(sjLow), v(delta))
	j.e.VMOVUPD(sjOne, v(c))
	j.e.VFNMADD231PD(j.taus(sjNow), v(sjSine), v(c))
	j.e.VMULPD(v(c), v(g), v(cg))
	j.e.VMOVAPD(v(cg), v(e))
	j.e.VFNMADD231PD(v(sjSine), v(delta), v(e))
	j.e.VADDPD(v(e), v(cg), v(sum))
	j.e.VMULPD(v(sjSine), v(sum), v(sum))
	j.e.VADDPD(v(sum), v(sjLow), v(sjLow))
	j.e.VSUBPD(v(sum), v(sjHigh), v(sjHigh))
	j.e.VMULPD(v(c), v(e), v(next))
	j.e.VMULPD(v(sjSine), v(g), v(sg))
	j.e.VFNMADD231PD(v(sjSine), v(sg), v(next))
	j.move(sjLow, sjHigh, c, sjHigh, t)
	j.e.VMOVAPD(v(c), v(sjLow))
	j.e.VXORPD(v(zero), v(zero), v(zero))
	j.move(zero, next, sjTop, sjTop+1, t)
	j.move(next, zero, sjBottom, sjBottom+1, t)

	const count, turned = 9, 10
	j.e.VCMPPD(Imm(4), v(zero), v(sjSine), v(turned))
	j.e.VMOVUPD(j.met, v(count))
	j.e.VPSUBQ(v(turned), v(count), v(count))
	j.e.VMOVUPD(v(count), j.met)
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
	j.e.VFNMADD231PD(v(tau), v(own), v(other))
	j.e.VFNMADD231PD(v(tau), v(ownOther), v(otherOther))
	j.signed(j.taus(sjNow), tau, true)
	j.signed(v(sjSine), sine, false)
	j.e.VFMADD231PD(v(sine), v(other), v(own))
	j.e.VFMADD231PD(v(sine), v(otherOther), v(ownOther))
	j.signed(v(sjSine), sineColumn, true)
	j.e.VFNMADD231PD(v(tau), v(own), v(ownOther))
	j.e.VMOVAPD(v(own), v(sjEntry))
	j.e.VFMADD231PD(v(sineColumn), v(ownOther), v(sjEntry))
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
	j.e.VMOVSD(at(0), j.e.x(i))
	j.e.VMOVHPD(at(1), j.e.x(i), j.e.x(i))
	if j.half == 4 {
		j.e.VMOVSD(at(2), j.e.x(t))
		j.e.VMOVHPD(at(3), j.e.x(t), j.e.x(t))
		j.e.VINSERTF128(Imm(1), j.e.x(t), j.v(i), j.v(i))
	}
}

// signed leaves in register i, for the rows or the columns of the entries that are to
// be g, what src holds for their pairs, negative where they are the second of one.
func (j symJacobi) signed(src Op, i int, columns bool) {
	signs := sjSigns(j.half, columns)
	switch {
	case j.half == 4 && columns:
		j.e.VPERMPD(Imm(0xf9), src, j.v(i))
	case j.half == 4:
		j.e.VPERMPD(Imm(0x90), src, j.v(i))
	case columns:
		j.e.VPERMILPD(Imm(3), src, j.v(i))
	default:
		j.e.VMOVDDUP(src, j.v(i))
	}
	j.e.VXORPD(signs, j.v(i), j.v(i))
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
		j.e.VUNPCKLPD(j.v(high), j.v(low), j.v(newLow))
		j.e.VUNPCKHPD(j.v(low), j.v(high), j.v(newHigh))
		return
	}
	j.e.VMOVDDUP(j.v(high), j.v(t))
	j.e.VPERMPD(Imm(0x90), j.v(low), j.v(newLow))
	j.e.VBLENDPD(Imm(2), j.v(t), j.v(newLow), j.v(newLow))
	j.e.VPERMPD(Imm(0xf9), j.v(high), j.v(newHigh))
	j.e.VBLENDPD(Imm(8), j.v(low), j.v(newHigh), j.v(newHigh))
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
	j.e.VMOVAPD(j.v(y), j.v(u))
	j.e.VMOVAPD(j.v(x), j.v(w))
	j.e.VFNMADD231PD(tau, j.v(x), j.v(u))
	j.e.VFMADD231PD(tau, j.v(y), j.v(w))
	j.e.VFMADD231PD(s, j.v(u), j.v(x))
	j.e.VFNMADD231PD(s, j.v(w), j.v(y))
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
		j.e.VMOVUPD(j.row(sjX, m, k, h), j.v(sjRowX+h))
		j.e.VMOVUPD(j.row(sjX, m, j.half+k, h), j.v(sjRowY+h))
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
				j.e.VBLENDPD(Imm(uint64(mask)), j.v(entry+h), j.v(from), j.v(from))
			}
			j.e.VMOVUPD(j.v(from), j.row(sjY, 0, place, h))
		}
	}
}

// vectors rotates the rows of the vectors of pair k.
func (j symJacobi) vectors(k int) {
	j.rotated(1, k)
	top, bottom := j.places(k)
	for h := range 2 {
		j.e.VMOVUPD(j.v(sjRowX+h), j.row(sjY, 1, top, h))
		j.e.VMOVUPD(j.v(sjRowY+h), j.row(sjY, 1, bottom, h))
	}
}

// tell stores the diagonal and the number of rotations.
func (j symJacobi) tell() {
	const all, half = sjTemp, sjTemp + 1
	j.e.VMOVUPD(j.v(sjLow), j.diagonal(0))
	j.e.VMOVUPD(j.v(sjHigh), j.diagonal(j.half))
	j.e.VMOVUPD(j.met, j.v(all))
	if j.half == 4 {
		j.e.VEXTRACTF128(Imm(1), j.v(all), j.e.x(half))
		j.e.VPADDQ(j.e.x(half), j.e.x(all), j.e.x(all))
	}
	j.e.VPERMILPD(Imm(1), j.e.x(all), j.e.x(half))
	j.e.VPADDQ(j.e.x(half), j.e.x(all), j.e.x(all))
	j.e.VMOVQ(j.e.x(all), reg.RAX)
	j.e.VCVTSI2SDQ(reg.RAX, j.e.x(all), j.e.x(all))
	j.e.VMOVSD(j.e.x(all), j.told(symRotations))
}
