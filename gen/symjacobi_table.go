package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
)

// sjVector is a constant of the table, four times.
func sjVector(i int) Mem { return sjTable.Offset(32 * i) }

// sjShare is β/κ divided by the square of an order.
func sjShare(n int) Mem { return sjIdentity.Offset(8 * (2*sjUnit + 1 + n/8)) }

// sjSigns are the signs of ahead: 4 of rows, 4 of columns, then 2 and 2.
func sjSigns(half int, columns bool) Mem {
	at := 16 - 4*half
	if columns {
		at += half
	}
	return sjIdentity.Offset(8 * (2*sjUnit + 3 + at))
}

func (j symJacobi) emitTable() {
	j.e.StaticGlobal("rotation")
	j.e.DataAttributes(attr.RODATA | attr.NOPTR)
	at := 0
	add := func(x float64) {
		j.e.AddDatum(at, U64(math.Float64bits(x)))
		at += 8
	}
	for _, x := range []float64{math.Float64frombits(1<<63 - 1), 0.5, 1, 0x1p-960, 2 * sjBeta, sjBeta / sjKappa} {
		for range 4 {
			add(x)
		}
	}
	for i := range 2*sjUnit + 1 {
		if i == sjUnit {
			add(1)
		} else {
			add(0)
		}
	}
	for _, n := range []float64{4, 8} {
		add(sjBeta / sjKappa / (n * n))
	}
	for _, half := range []int{4, 2} {
		j.half = half
		for place := range j.order() {
			add(math.Copysign(0, float64(half-1-j.from(place))))
		}
	}
}
