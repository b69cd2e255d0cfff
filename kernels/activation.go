package kernels

import (
	"fmt"

	"github.com/lanes-go/lanes/asm"
)

// Activation names an elementwise function that may follow a product.
type Activation uint8

const (
	Identity  Activation = iota // x
	ReLU                        // max(x, 0)
	LeakyReLU                   // x where positive, 0.01·x elsewhere
	GELU                        // x·Φ(x), Φ being the normal distribution's
	GELUTanh                    // the tanh approximation of GELU
	SiLU                        // x / (1 + exp(−x))
	Tanh                        // tanh x
	Sigmoid                     // 1 / (1 + exp(−x))
)

const leak = 0.01 // slope of LeakyReLU below zero

// functionChunk bounds the entries of one assembly call that take an
// exponential each: some microseconds of work.
const functionChunk = chunk / 4

// Activate replaces every entry of x by its activation; see [ActivateBias].
func Activate[T Float](act Activation, x []T) { ActivateBias(act, x, x, nil) }

// ActivateBias sets dst = act(x + bias), entry by entry. bias may be nil, for
// none; dst may be x itself, but not overlap it otherwise. It panics with Error
// when the lengths differ or act is unknown.
//
// NaN stays NaN and the limits at ±Inf are exact. The largest errors over the
// whole range of either type, subnormal results included, are 2.5 ulps for
// Sigmoid, 2.7 for Tanh, 3.2 for SiLU and GELUTanh, 4 for GELU. ReLU and
// LeakyReLU round once, if at all.
//
// GELU takes the lower tail of the normal distribution as exp(−x²/2), the square
// to twice the digits, times a polynomial in (K−|x|)/(K+|x|) over K+|x|
// (Shepherd and Laframboise 1981), so that it keeps its digits down to underflow.
func ActivateBias[T Float](act Activation, dst, x, bias []T) {
	const op = "ActivateBias"
	if len(dst) != len(x) {
		panicLengths(op, len(x), len(dst))
	}
	if bias != nil && len(bias) != len(x) {
		panic(Error{op, fmt.Sprintf("len(x) = %d, len(bias) = %d", len(x), len(bias))})
	}
	checkActivation(op, act)
	if act == Identity {
		copy(dst, x)
		if bias != nil {
			Axpy(1, bias, dst)
		}
		return
	}
	activate(act, dst, x, bias)
}

func checkActivation(op string, act Activation) {
	if act > Sigmoid {
		panic(Error{op, fmt.Sprintf("activation %d", act)})
	}
}

// activate is ActivateBias without its checks, for any but Identity.
func activate[T Float](act Activation, dst, x, bias []T) {
	if isa == asm.GO {
		activateGo(act, dst, x, bias)
		return
	}
	for len(x) > 0 {
		n := min(len(x), functionChunk)
		if is64[T]() {
			activate64(act, n, f64p(x), f64p(bias), f64p(dst))
		} else {
			activate32(act, n, f32p(x), f32p(bias), f32p(dst))
		}
		dst, x = dst[n:], x[n:]
		if bias != nil {
			bias = bias[n:]
		}
	}
}

func activate64(act Activation, n int, x, bias, dst *float64) {
	switch act {
	case ReLU:
		asm.ReluF64(isa, n, x, bias, dst)
	case LeakyReLU:
		asm.LeakyreluF64(isa, n, x, bias, dst)
	case GELU:
		asm.GeluF64(isa, n, x, bias, dst)
	case GELUTanh:
		asm.GelutanhF64(isa, n, x, bias, dst)
	case SiLU:
		asm.SiluF64(isa, n, x, bias, dst)
	case Tanh:
		asm.TanhF64(isa, n, x, bias, dst)
	case Sigmoid:
		asm.SigmoidF64(isa, n, x, bias, dst)
	}
}

func activate32(act Activation, n int, x, bias, dst *float32) {
	switch act {
	case ReLU:
		asm.ReluF32(isa, n, x, bias, dst)
	case LeakyReLU:
		asm.LeakyreluF32(isa, n, x, bias, dst)
	case GELU:
		asm.GeluF32(isa, n, x, bias, dst)
	case GELUTanh:
		asm.GelutanhF32(isa, n, x, bias, dst)
	case SiLU:
		asm.SiluF32(isa, n, x, bias, dst)
	case Tanh:
		asm.TanhF32(isa, n, x, bias, dst)
	case Sigmoid:
		asm.SigmoidF32(isa, n, x, bias, dst)
	}
}
