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

var turnsInAssembly, narrowInAssembly = inAssembly("turns"), inAssembly("narrow")

// coarse is what Flush adds and subtracts again.
const coarse = 0x1p-10

// Flush rounds x, far below 1, to a multiple of 2⁻⁶²: what is smaller would make
// products that are subnormal in float32, and slow. There is no branch to mispredict.
func Flush(x float64) float64 { return (x + coarse) - coarse }

// Narrow rounds x by Flush and then to float32. It panics with Error unless
// len(dst) == len(x).
func Narrow[T Float](dst []float32, x []T) { narrowBy(coarse, dst, x) }

// Round rounds x to float32, a zero to +0. It panics with Error unless
// len(dst) == len(x).
func Round[T Float](dst []float32, x []T) { narrowBy(0, dst, x) }

func narrowBy[T Float](coarse float64, dst []float32, x []T) {
	if len(dst) != len(x) {
		panicLengths("Narrow", len(dst), len(x))
	}
	for narrowInAssembly && is64[T]() && len(x) >= wideBlock {
		k := min(len(x)&^(wideBlock-1), chunk)
		asm.NarrowF64(isa, k, coarse, f64p(x), &dst[0])
		x, dst = x[k:], dst[k:]
	}
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = float32((float64(v) + coarse) - coarse)
	}
}

// AddWide adds x to y. It panics with Error unless len(x) == len(y).
func AddWide[T Float](x []float32, y []T) {
	if len(x) != len(y) {
		panicLengths("AddWide", len(x), len(y))
	}
	for narrowInAssembly && is64[T]() && len(x) >= wideBlock {
		k := min(len(x)&^(wideBlock-1), chunk)
		asm.AddwideF64(isa, k, &x[0], f64p(y))
		x, y = x[k:], y[k:]
	}
	y = y[:len(x)]
	for i, v := range x {
		y[i] += T(v)
	}
}
