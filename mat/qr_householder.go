package mat

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
)

// householder overwrites x with the vector v, v[0] = 1, of the reflector
// H = I − τ·v·vᵀ with H·x = beta·e₀ (after LAPACK larfg). It returns τ = 0 and
// H = I where nothing is to be annihilated. x is scaled on the way where its
// norm is so small or so large that v would lose digits.
func householder[T Float](x []T) (beta, tau T) {
	alpha, norm := float64(x[0]), float64(kernels.Nrm2(x[1:]))
	if norm == 0 {
		x[0] = 1
		return T(alpha), 0
	}
	size := math.Hypot(alpha, norm)
	low, high := safeRange[T]()
	if size < low || size > high {
		if scale := powerNear(size); scale != 1 {
			scaleBy(1/scale, x)
			b, tau := householder(x)
			return T(float64(b) * scale), tau
		}
	}
	b := -math.Copysign(size, alpha)
	kernels.Scal(T(1/(alpha-b)), x[1:])
	x[0] = 1
	return T(b), T((b - alpha) / b)
}

// safeRange returns the norms between which householder needs no scaling.
func safeRange[T Float]() (low, high float64) {
	var zero T
	if unsafe.Sizeof(zero) == 8 {
		return 0x1p-960, 0x1p1000
	}
	return 0x1p-100, 0x1p120
}

// powerNear returns a power of two near a positive x whose inverse is finite,
// or 1 where there is nothing to scale by: for Inf and NaN.
func powerNear(x float64) float64 {
	if !(x <= math.MaxFloat64) {
		return 1
	}
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e, -1022))
}

// scaleBy multiplies x by a power of two that T itself may be too narrow for.
func scaleBy[T Float](scale float64, x []T) {
	for i, v := range x {
		x[i] = T(float64(v) * scale)
	}
}
