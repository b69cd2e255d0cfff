package kernels

import (
	"github.com/lanes-go/lanes/asm"
)

// Turns adds to first and second the turns of one pair of columns for each entry, as
// simultaneous rotations have them: with t = scale·ratio[i]
//
//	u = (t·a[i] + b[i]) / (sign·(1 − t²)),  first[i] += u,  second[i] += t·u
//
// each rounded by Flush, and returns Σu² and Σ(t·u)². It works in float64, and panics
// with Error unless lengths are equal. Cost: 2 cycles an entry.
func Turns[T Float](scale, sign float64, ratio []float64, a, b, first, second []T) (square, squareT float64) {
	n := len(ratio)
	for _, x := range [][]T{a, b, first, second} {
		if len(x) != n {
			panicLengths("Turns", n, len(x))
		}
	}
	for turnsInAssembly && len(ratio) >= wideBlock {
		var sums [2]float64
		k := min(len(ratio)&^(wideBlock-1), chunk)
		if is64[T]() {
			asm.TurnsF64(isa, k, scale, sign, &ratio[0], f64p(a), f64p(b), f64p(first), f64p(second), &sums[0])
		} else {
			asm.TurnsF32(isa, k, scale, sign, &ratio[0], f32p(a), f32p(b), f32p(first), f32p(second), &sums[0])
		}
		square, squareT = square+sums[0], squareT+sums[1]
		ratio, a, b, first, second = ratio[k:], a[k:], b[k:], first[k:], second[k:]
	}
	n = len(ratio)
	a, b, first, second = a[:n], b[:n], first[:n], second[:n]
	for i, x := range ratio {
		t := scale * x
		u := (t*float64(a[i]) + float64(b[i])) / (sign - sign*t*t)
		square, squareT = square+u*u, squareT+t*u*(t*u)
		first[i] += T(Flush(u))
		second[i] += T(Flush(t * u))
	}
	return square, squareT
}

// wideBlock is what the counts of kernels on two precisions are multiples of.
const wideBlock = 8

var turnsInAssembly = inAssembly("turns")
