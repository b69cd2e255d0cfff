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

	j.LEAQ(j.row(sjX, 1, 0, 0), sjFrom)
	j.MOVQ(sjY, sjTo)
	j.LEAQ(sjIdentity.Offset(8*sjUnit), reg.RAX)
	j.eachRow(func() {
		for h := range 2 {
			j.VMOVUPD(vector(reg.RAX, h), j.v(sjSum+h))
		}
		j.combine(j.VFNMADD231PD, width, sjX, 1)
		for h := range 2 {
			j.VMOVUPD(j.v(sjSum+h), vector(sjTo, h))
		}
		j.SUBQ(Imm(8), reg.RAX)
		j.ADDQ(Imm(8), sjFrom)
		j.ADDQ(Imm(uint64(width)), sjTo)
	})

	j.LEAQ(j.row(sjX, 1, 0, 0), sjFrom)
	j.VMOVUPD(sjHalf, j.v(half))
	j.eachRow(func() { // sjTo has come to the vectors
		j.zeroPair(sjSum)
		j.combine(j.VFMADD231PD, 8, sjY, 0)
		for h := range 2 {
			j.VFMADD213PD(vector(sjFrom, h), j.v(half), j.v(sjSum+h))
			j.VMOVUPD(j.v(sjSum+h), vector(sjTo, h))
		}
		j.ADDQ(Imm(uint64(width)), sjFrom)
		j.ADDQ(Imm(uint64(width)), sjTo)
	})

	j.LEAQ(j.row(sjY, 1, 0, 0), sjFrom)
	j.LEAQ(j.told(symTail), sjTo)
	j.eachRow(func() {
		j.zeroPair(sjSum)
		j.combine(j.VFMADD231PD, 8, sjA, 0)
		for h := range 2 {
			j.VMULPD(vector(sjFrom, h), j.v(sjSum+h), j.v(sjSum+h))
		}
		j.sum(sjSum, t)
		j.VMOVSD(j.x(sjSum), Mem{Base: sjTo})
		j.ADDQ(Imm(uint64(width)), sjFrom)
		j.ADDQ(Imm(8), sjTo)
	})
}

func (j symJacobi) zeroPair(i int) {
	for h := range 2 {
		j.VXORPD(j.v(i+h), j.v(i+h), j.v(i+h))
	}
}

// eachRow repeats a body for every row.
func (j symJacobi) eachRow(body func()) {
	loop := j.label("row")
	j.MOVQ(I32(j.order()), sjRounds)
	j.Label(loop)
	body()
	j.DECQ(sjRounds)
	j.JNZ(LabelRef(loop))
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
		j.VMOVDDUP(m, j.x(i))
	} else {
		j.VBROADCASTSD(m, j.v(i))
	}
}
