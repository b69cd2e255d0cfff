package kernels

import "math"

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

// smooth holds the activations that need the exponential. They work in
// float64 for both element types, so that a float32 result is the rounding of
// the true one.
var smooth = [...]func(float64) float64{
	GELU: gelu, GELUTanh: geluTanh, SiLU: silu, Tanh: math.Tanh, Sigmoid: sigmoid,
}

// Activate replaces every entry of x by its activation. NaN stays NaN.
func Activate[T Float](act Activation, x []T) {
	switch act {
	case Identity:
	case ReLU:
		for i, v := range x {
			x[i] = max(v, 0)
		}
	case LeakyReLU:
		for i, v := range x {
			if !(v > 0) {
				x[i] = leak * v
			}
		}
	default:
		f := smooth[act]
		for i, v := range x {
			x[i] = T(f(float64(v)))
		}
	}
}

// saturated is where the functions below have long reached their limits: their
// factors of 0 there must not meet Inf. The min and max pass NaN on.
const saturated = 1000

func sigmoid(z float64) float64 {
	e := math.Exp(-math.Abs(z))
	if z < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

func silu(z float64) float64 {
	z = max(z, -saturated)
	return z * sigmoid(z)
}

// gelu is z·Φ(z) (Hendrycks and Gimpel 2016); erfc keeps the lower tail exact.
func gelu(z float64) float64 {
	z = max(z, -saturated)
	return z * normalCDF(z)
}

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// geluTanh is z·(1 + tanh u)/2 with u = √(2/π)·(z + 0.044715·z³), written as
// z·sigmoid(2u) so that nothing cancels where z < 0.
func geluTanh(z float64) float64 {
	z = max(z, -saturated)
	const a, b = 2 * math.Sqrt2 / math.SqrtPi, 0.044715
	return z * sigmoid(a*(z+b*z*z*z))
}
