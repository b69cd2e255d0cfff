package kernels

import (
	"math"

	"github.com/lanes-go/lanes/asm"
)

// Exp sets dst = exp(x), entry by entry, to within 1.5 ulps (subnormal results
// too). dst may be x itself, but not overlap it otherwise. It panics with Error
// unless len(dst) == len(x).
//
// Method: x = n·ln 2 + r by Cody and Waite, a polynomial in r, 2^n by the
// exponent.
func Exp[T Float](dst, x []T) {
	if len(dst) != len(x) {
		panicLengths("Exp", len(x), len(dst))
	}
	if isa == asm.GO {
		for i, v := range x {
			dst[i] = T(exp(float64(v)))
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), functionChunk)
		if is64[T]() {
			asm.ExpF64(isa, n, f64p(x), nil, f64p(dst))
		} else {
			asm.ExpF32(isa, n, f32p(x), nil, f32p(dst))
		}
		dst, x = dst[n:], x[n:]
	}
}

// SumExp sets dst = exp(x − shift), entry by entry, and returns the sum of it.
// With shift the largest entry nothing overflows, and the sum is at least 1.
// dst may be x itself, but not overlap it otherwise; nil keeps the sum alone.
// It panics with Error unless dst is nil or len(dst) == len(x).
func SumExp[T Float](dst, x []T, shift T) (sum T) {
	if dst == nil {
		return sumExpAlone(x, shift)
	}
	if len(dst) != len(x) {
		panicLengths("SumExp", len(x), len(dst))
	}
	if isa == asm.GO {
		return sumExpGo(dst, x, shift)
	}
	for len(x) > 0 {
		n := min(len(x), functionChunk)
		if is64[T]() {
			sum += T(asm.SumexpF64(isa, n, f64p(x), f64p(dst), float64(shift)))
		} else {
			sum += T(asm.SumexpF32(isa, n, f32p(x), f32p(dst), float32(shift)))
		}
		dst, x = dst[n:], x[n:]
	}
	return sum
}

// sumExpAlone lets the exponentials go.
func sumExpAlone[T Float](x []T, shift T) (sum T) {
	var gone [256]T
	for len(x) > 0 {
		n := min(len(x), len(gone))
		sum += SumExp(gone[:n], x[:n], shift)
		x = x[n:]
	}
	return sum
}

// maxNum returns the largest entry that is no NaN, −Inf where there is none.
func maxNum[T Float](x []T) T {
	best := T(math.Inf(-1))
	if isa == asm.GO {
		return maxNumGo(x, best)
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		if is64[T]() {
			best = max(best, T(asm.MaxnumF64(isa, n, f64p(x))))
		} else {
			best = max(best, T(asm.MaxnumF32(isa, n, f32p(x))))
		}
		x = x[n:]
	}
	return best
}

// Softmax sets dst = exp(x)/Σexp(x). The exponents are taken relative to the
// largest entry, so nothing overflows. dst may be x itself, but not overlap it
// otherwise. Where an entry is NaN or +Inf, or all are −Inf, the results are
// NaN. It panics with Error unless len(dst) == len(x). Three passes: the
// largest entry, the exponentials with their sum, a scaling.
//
// The relative error is that of each exponential, one ulp and |x−max| half ulps
// for the rounding of the difference, and that of the sum of len(x) of them.
func Softmax[T Float](dst, x []T) {
	if len(dst) != len(x) {
		panicLengths("Softmax", len(x), len(dst))
	}
	if len(x) == 0 {
		return
	}
	Scal(1/SumExp(dst, x, maxNum(x)), dst)
}

// LogSumExp returns log Σexp(x) without overflow: NaN where an entry is, +Inf
// where one is, −Inf where all are and for an empty x.
func LogSumExp[T Float](x []T) T {
	largest := maxNum(x)
	if math.IsInf(float64(largest), 0) { // x − largest would be NaN
		largest = 0
	}
	return largest + T(math.Log(float64(SumExp(nil, x, largest))))
}

func sumExpGo[T Float](dst, x []T, shift T) T {
	var sum float64
	for i, v := range x {
		e := T(math.Exp(float64(v - shift)))
		dst[i] = e
		sum += float64(e)
	}
	return T(sum)
}

func maxNumGo[T Float](x []T, best T) T {
	for _, v := range x {
		if v > best {
			best = v
		}
	}
	return best
}
