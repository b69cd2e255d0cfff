package kernels

import "github.com/lanes-go/lanes/asm"

var narrowInAssembly = inAssembly("narrow")

// coarse is what Flush adds and subtracts again.
const coarse = 0x1p-10

// Flush rounds x, far below 1, to a multiple of 2⁻⁶²: what is smaller would make
// products that are subnormal in float32, and slow. There is no branch to mispredict.
func Flush(x float64) float64 { return (x + coarse) - coarse }

// Narrow rounds x by Flush and then to float32. It panics with Error unless
// len(dst) == len(x).
func Narrow[T Float](dst []float32, x []T) { narrowBy("Narrow", coarse, dst, x) }

// Round rounds x to float32, a zero to +0. It panics with Error unless
// len(dst) == len(x).
func Round[T Float](dst []float32, x []T) { narrowBy("Round", 0, dst, x) }

func narrowBy[T Float](op string, coarse float64, dst []float32, x []T) {
	if len(dst) != len(x) {
		panicLengths(op, len(x), len(dst))
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
