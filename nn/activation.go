package nn

import (
	"math"

	"github.com/lanes-go/lanes/mat"
)

// Activation is the elementwise function at the end of a [Linear] layer.
type Activation = mat.Activation

// The activations, under the names of package mat.
const (
	Identity  = mat.Identity
	ReLU      = mat.ReLU
	LeakyReLU = mat.LeakyReLU
	GELU      = mat.GELU
	GELUTanh  = mat.GELUTanh
	SiLU      = mat.SiLU
	Tanh      = mat.Tanh
	Sigmoid   = mat.Sigmoid
)

const leak = 0.01 // slope of LeakyReLU below zero

// smooth holds the derivatives that need the exponential. They work in float64
// for both element types, so that a float32 result is the rounding of the true
// one.
var smooth = [...]func(float64) float64{
	GELU: geluDerivative, GELUTanh: geluTanhDerivative, SiLU: siluDerivative, Tanh: tanhDerivative, Sigmoid: bell,
}

// derive multiplies dy by the activation's derivative at the pre-activation z.
// ReLU and LeakyReLU take their left derivative at zero.
func derive[T mat.Float](act Activation, dst, dy, z []T) {
	switch act {
	case ReLU:
		deriveKinked(0, dst, dy, z)
	case LeakyReLU:
		deriveKinked(leak, dst, dy, z)
	default:
		d := smooth[act]
		for i, v := range z {
			dst[i] = dy[i] * T(d(float64(v)))
		}
	}
}

func deriveKinked[T mat.Float](slope T, dst, dy, z []T) {
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
	e := math.Exp(-math.Abs(z))
	return e / ((1 + e) * (1 + e))
}

// tanhDerivative uses tanh z = 2·sigmoid(2z) − 1.
func tanhDerivative(z float64) float64 { return 4 * bell(2*z) }

func siluDerivative(z float64) float64 {
	z = min(max(z, -saturated), saturated)
	return sigmoid(z) + z*bell(z)
}

func geluDerivative(z float64) float64 {
	z = min(max(z, -saturated), saturated)
	return normalCDF(z) + z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
}

func geluTanhDerivative(z float64) float64 {
	z = min(max(z, -saturated), saturated)
	u2, slope := geluInner(z)
	return sigmoid(u2) + z*bell(u2)*slope
}

// saturated is where these functions have long reached their limits: their
// factors of 0 there must not meet Inf. The min and max pass NaN on.
const saturated = 1000

func sigmoid(z float64) float64 {
	e := math.Exp(-math.Abs(z))
	if z < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// geluInner returns 2u and its derivative.
func geluInner(z float64) (u2, slope float64) {
	const a, b = 2 * math.Sqrt2 / (math.SqrtPi), 0.044715
	return a * (z + b*z*z*z), a * (1 + 3*b*z*z)
}
