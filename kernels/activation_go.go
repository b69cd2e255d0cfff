package kernels

import (
	"math"

	"github.com/lanes-go/lanes/asm"
)

// The activations in Go work in float64 for both element types, so that a
// float32 result is the rounding of the true one. As in assembly, all go
// through y = −|x| and find the side of x in the end.

var smooth = [...]func(float64) float64{
	GELU: gelu, GELUTanh: geluTanh, SiLU: silu, Tanh: math.Tanh, Sigmoid: sigmoid,
}

func activateGo[T Float](act Activation, dst, x, bias []T) {
	if bias != nil {
		for i, v := range x {
			dst[i] = v + bias[i]
		}
		x = dst
	}
	switch act {
	case ReLU:
		for i, v := range x {
			dst[i] = max(v, 0)
		}
	case LeakyReLU:
		for i, v := range x {
			dst[i] = max(v, leak*v)
		}
	default:
		f := smooth[act]
		for i, v := range x {
			dst[i] = T(f(float64(v)))
		}
	}
}

// negAbs is −|x|, no less than lowest, where the functions below have reached
// their limits: their factors of 0 there must not meet Inf. NaN passes.
func negAbs(x, lowest float64) float64 { return max(-math.Abs(x), lowest) }

const (
	lowestExp      = -746 // exp rounds to 0
	lowestSiLU     = -753 // y·exp(y) rounds to 0
	lowestGELUTanh = -22
)

// gate is x·S(x) from low = y·S(y), y = −|x|, for an S with S(x) = 1 − S(−x).
func gate(x, low float64) float64 {
	if math.Signbit(x) {
		return low
	}
	return x + low
}

// expParts returns exp(y) as a product. Where exp(y) itself would be subnormal,
// both parts are its root, so that a product which is not keeps its digits.
func expParts(y float64) (e, rest float64) {
	if y < -700 {
		e = math.Exp(y / 2)
		return e, e
	}
	return math.Exp(y), 1
}

// exp is math.Exp, but finite up to the end: on some machines that overflows
// below 709.78. 2·exp(x − ln 2), with ln 2 in two parts, does not.
func exp(x float64) float64 {
	const hi = 0x1.62e42fefa38p-1
	if x > 709 && x < 710 {
		e := math.Exp(x - hi)
		return 2 * (e - e*(math.Ln2-hi))
	}
	return math.Exp(x)
}

func sigmoid(x float64) float64 {
	e := math.Exp(negAbs(x, lowestExp))
	if math.Signbit(x) {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

func silu(x float64) float64 {
	y := negAbs(x, lowestSiLU)
	e, rest := expParts(y)
	return gate(x, y*e/(1+e*rest)*rest)
}

// gelu is x·Φ(x) (Hendrycks and Gimpel 2016).
func gelu(x float64) float64 {
	y := negAbs(x, -asm.NormalTailLimit)
	d, w := tailArgument(y)
	e, rest := density(y, tailLoss(y, d, w))
	p, v := tailPolynomial(w), -y*w
	z := float64(p * v)
	low := math.FMA(p, v, -z) + p*math.FMA(-y, w, -v) // −y·p·w − z
	return gate(x, -math.FMA(z, e, low*e)*rest)
}

// density is exp(−y²/2), times 1 + gain, in parts; the square needs twice the
// digits.
func density(y, gain float64) (e, rest float64) {
	half := -y / 2
	square := float64(y * half)
	e, rest = expParts(square)
	return math.FMA(e, math.FMA(y, half, -square)+gain, e), rest
}

// tailArgument is d = K − y and w = 1/d.
func tailArgument(y float64) (d, w float64) {
	d = asm.NormalTailK - y
	return d, 1 / d
}

// tailPolynomial is Φ(y)·exp(y²/2)/w for y ≤ 0, from w.
func tailPolynomial(w float64) float64 {
	t := 2*asm.NormalTailK*w - 1
	sum := 0.0
	for i := len(asm.NormalTail) - 1; i >= 0; i-- {
		sum = sum*t + asm.NormalTail[i]
	}
	return sum
}

// tailLoss is what the roundings of d and w take from the tail, relatively: what
// they take from w, times the tail's slope on logarithmic scales.
func tailLoss(y, d, w float64) float64 {
	over := (d - asm.NormalTailK) + y // d − (K − y), exactly
	lost := math.FMA(-w, d, 1) + w*over
	return lost * (1 + asm.NormalTailSlope*w)
}

// geluTanh is x·(1 + tanh(v/2))/2 = x·sigmoid(v), in which nothing cancels
// where x < 0.
func geluTanh(x float64) float64 {
	y := negAbs(x, lowestGELUTanh)
	v, low := geluArgument(y)
	e, rest := expParts(v)
	e += e * low
	return gate(x, y*e/(1+e*rest)*rest)
}

// geluArgument is v = y·(GELUSlope + GELUCubic·y²) in two parts: exp(v) needs
// more digits of v than float64 has.
func geluArgument(y float64) (v, low float64) {
	s := float64(y * y)
	c := float64(asm.GELUCubic * s)
	cLow := math.FMA(asm.GELUCubic, s, -c) + asm.GELUCubic*math.FMA(y, y, -s) + asm.GELUCubicLow*s
	g := c + asm.GELUSlope
	b := g - asm.GELUSlope // Knuth's sum: what the addition lost
	lost := (c - b) + (asm.GELUSlope - (g - b))
	v = float64(y * g)
	return v, math.FMA(y, g, -v) + y*(lost+cLow+asm.GELUSlopeLow)
}
