package kernels

import (
	"math"

	"github.com/lanes-go/lanes/asm"
)

// slopes holds the derivatives that need the exponential.
var slopes = [...]func(float64) float64{
	GELU: geluSlope, GELUTanh: geluTanhSlope, SiLU: siluSlope, Tanh: tanhSlope, Sigmoid: bell,
}

func activateGradGo[T Float](act Activation, dst, dy, z []T) {
	switch act {
	case ReLU:
		kinkedGradGo(0, dst, dy, z)
	case LeakyReLU:
		kinkedGradGo(leak, dst, dy, z)
	default:
		f := slopes[act]
		for i, v := range z {
			dst[i] = dy[i] * T(f(float64(v)))
		}
	}
}

func kinkedGradGo[T Float](slope T, dst, dy, z []T) {
	for i, v := range z {
		switch {
		case v > 0:
			dst[i] = dy[i]
		case v <= 0:
			dst[i] = slope * dy[i]
		default:
			dst[i] = v
		}
	}
}

// bell is the derivative of sigmoid. It does not form 1−s, which cancels.
func bell(z float64) float64 {
	e := math.Exp(negAbs(z, lowestExp))
	return e / ((1 + e) * (1 + e))
}

// tanhSlope uses tanh z = 2·sigmoid(2z) − 1.
func tanhSlope(z float64) float64 { return 4 * bell(2*z) }

// mirrored is the derivative of x·S(x) at z from that at −|z|, for an S with
// S(x) = 1 − S(−x).
func mirrored(z, low float64) float64 {
	if math.Signbit(z) {
		return low
	}
	return 1 - low
}

// logisticSlope is the derivative of y·sigmoid(v(y)) where v < 0, from exp(v)
// in parts and rise = y·dv/dy.
func logisticSlope(e, rest, rise float64) float64 {
	d := 1 + e*rest
	return e * (d + rise) / (d * d) * rest
}

func siluSlope(z float64) float64 {
	y := negAbs(z, lowestSiLU)
	e, rest := expParts(y)
	return mirrored(z, logisticSlope(e, rest, y))
}

func geluTanhSlope(z float64) float64 {
	y := negAbs(z, lowestGELUTanh)
	v, low := geluArgument(y)
	e, rest := expParts(v)
	e += e * low
	return mirrored(z, logisticSlope(e, rest, y*(asm.GELUSlope+3*asm.GELUCubic*y*y)))
}

func geluSlope(z float64) float64 {
	y := negAbs(z, -asm.NormalTailLimit)
	d, w := tailArgument(y)
	e, rest := density(y, tailLoss(y, d, w))
	return mirrored(z, e*(tailPolynomial(w)*w+y*asm.NormalDensity0)*rest)
}
