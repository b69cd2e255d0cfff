package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// refine leaves the vectors in y, made orthogonal by a step of Newton's iteration,
// V + V·(I − VᵀV)/2, and their Rayleigh quotients behind what tell leaves. I − VᵀV
// takes the place of the matrix there.
func (j symJacobi) refine() {
	const half, t = sjLow, sjTemp + 2
	width := 8 * j.order()
	vector := func(base reg.Register, h int) Mem { return Mem{Base: base, Disp: 8 * h * j.half} }

	j.e.LEAQ(j.row(sjX, 1, 0, 0), sjFrom)
	j.e.MOVQ(sjY, sjTo)
	j.e.LEAQ(sjIdentity.Offset(8*sjUnit), reg.RAX)
	j.eachRow(func() {
		for h := range 2 {
			j.e.VMOVUPD(vector(reg.RAX, h), j.v(sjSum+h))
		}
		j.combine(j.e.VFNMADD231PD, width, sjX, 1)
		for h := range 2 {
			j.e.VMOVUPD(j.v(sjSum+h), vector(sjTo, h))
		}
		j.e.SUBQ(Imm(8), reg.RAX)
		j.e.ADDQ(Imm(8), sjFrom)
		j.e.ADDQ(Imm(uint64(width)), sjTo)
	})

	j.e.LEAQ(j.row(sjX, 1, 0, 0), sjFrom)
	j.e.VMOVUPD(sjHalf, j.v(half))
	j.eachRow(func() { // sjTo has come to the vectors
		j.zeroPair(sjSum)
		j.combine(j.e.VFMADD231PD, 8, sjY, 0)
		for h := range 2 {
			j.e.VFMADD213PD(vector(sjFrom, h), j.v(half), j.v(sjSum+h))
			j.e.VMOVUPD(j.v(sjSum+h), vector(sjTo, h))
		}
		j.e.ADDQ(Imm(uint64(width)), sjFrom)
		j.e.ADDQ(Imm(uint64(width)), sjTo)
	})

	j.e.LEAQ(j.row(sjY, 1, 0, 0), sjFrom)
	j.e.LEAQ(j.told(symTail), sjTo)
	j.eachRow(func() {
		j.zeroPair(sjSum)
		j.combine(j.e.VFMADD231PD, 8, sjA, 0)
		for h := range 2 {
			j.e.VMULPD(vector(sjFrom, h), j.v(sjSum+h), j.v(sjSum+h))
		}
		j.sum(sjSum, t)
		j.e.VMOVSD(j.e.x(sjSum), Mem{Base: sjTo})
		j.e.ADDQ(Imm(uint64(width)), sjFrom)
		j.e.ADDQ(Imm(8), sjTo)
	})
}

func (j symJacobi) zeroPair(i int) {
	for h := range 2 {
		j.e.VXORPD(j.v(i+h), j.v(i+h), j.v(i+h))
	}
}

// eachRow repeats a body for every row.
func (j symJacobi) eachRow(body func()) {
	loop := j.e.label("row")
	j.e.MOVQ(I32(j.order()), sjRounds)
	j.e.Label(loop)
	body()
	j.e.DECQ(sjRounds)
	j.e.JNZ(LabelRef(loop))
}

// combine adds to the sums, or subtracts, the rows of matrix m at base, each times
// an entry at sjFrom, which are so many bytes apart.
func (j symJacobi) combine(add func(...Op), apart int, base reg.Register, m int) {
	const x = sjTemp + 3
	for i := range j.order() {
		j.broadcast(Mem{Base: sjFrom, Disp: i * apart}, x)
		for h := range 2 {
			add(j.row(base, m, i, h), j.v(x), j.v(sjSum+h))
		}
	}
}

func (j symJacobi) broadcast(m Mem, i int) {
	if j.half == 2 {
		j.e.VMOVDDUP(m, j.e.x(i))
	} else {
		j.e.VBROADCASTSD(m, j.v(i))
	}
}
