package kernels

import (
	"fmt"

	"github.com/lanes-go/lanes/asm"
)

// ActivateGrad sets dst = dy·act'(z), entry by entry, z being the activation's
// argument. dst may be dy or z itself, but not overlap them otherwise. ReLU and
// LeakyReLU take their left derivative at zero. It panics with Error when the
// lengths differ or act is unknown.
//
// NaN stays NaN and the limits at ±Inf are exact. The derivatives of Tanh and
// Sigmoid are within 4 ulps, those of SiLU and both GELU, which have zeros,
// within 4 ulps of the largest of their terms.
func ActivateGrad[T Float](act Activation, dst, dy, z []T) {
	const op = "ActivateGrad"
	if len(dst) != len(z) || len(dy) != len(z) {
		panic(Error{op, fmt.Sprintf("len(dst) = %d, len(dy) = %d, len(z) = %d", len(dst), len(dy), len(z))})
	}
	checkActivation(op, act)
	switch {
	case act == Identity:
		copy(dst, dy)
		return
	case isa == asm.GO:
		activateGradGo(act, dst, dy, z)
		return
	}
	for len(z) > 0 {
		n := min(len(z), functionChunk)
		if is64[T]() {
			activateGrad64(act, n, f64p(dy), f64p(z), f64p(dst))
		} else {
			activateGrad32(act, n, f32p(dy), f32p(z), f32p(dst))
		}
		dst, dy, z = dst[n:], dy[n:], z[n:]
	}
}

func activateGrad64(act Activation, n int, dy, z, dst *float64) {
	switch act {
	case ReLU:
		asm.RelugradF64(isa, n, dy, z, dst)
	case LeakyReLU:
		asm.LeakyrelugradF64(isa, n, dy, z, dst)
	case GELU:
		asm.GelugradF64(isa, n, dy, z, dst)
	case GELUTanh:
		asm.GelutanhgradF64(isa, n, dy, z, dst)
	case SiLU:
		asm.SilugradF64(isa, n, dy, z, dst)
	case Tanh:
		asm.TanhgradF64(isa, n, dy, z, dst)
	case Sigmoid:
		asm.SigmoidgradF64(isa, n, dy, z, dst)
	}
}

func activateGrad32(act Activation, n int, dy, z, dst *float32) {
	switch act {
	case ReLU:
		asm.RelugradF32(isa, n, dy, z, dst)
	case LeakyReLU:
		asm.LeakyrelugradF32(isa, n, dy, z, dst)
	case GELU:
		asm.GelugradF32(isa, n, dy, z, dst)
	case GELUTanh:
		asm.GelutanhgradF32(isa, n, dy, z, dst)
	case SiLU:
		asm.SilugradF32(isa, n, dy, z, dst)
	case Tanh:
		asm.TanhgradF32(isa, n, dy, z, dst)
	case Sigmoid:
		asm.SigmoidgradF32(isa, n, dy, z, dst)
	}
}
