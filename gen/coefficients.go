package main

import (
	"bytes"
	"fmt"
	"math"
)

// The coefficients below were made by Remez's exchange algorithm in 45 decimal
// digits, then rounded to the element, those of normalTails by a search among the
// neighbours. A test compares the errors that the comments state with what big
// arithmetic finds.

// expm1Coefficients, lowest first, are P in exp(r) − 1 ≈ r + r²·P(r) for
// |r| ≤ ln 2/2: minimax in the error relative to exp(r) − 1, which is at most
// 2^-28.3 in float32 and 2^-54.9 in float64; relative to exp(r), half of that.
var expm1Coefficients = map[Elem][]float64{
	f32: {0.5, 0x1.555556p-3, 0x1.55549ep-5, 0x1.11101ep-7, 0x1.6d8396p-10, 0x1.a2a302p-13},
	f64: {
		0x1.0000000000006p-1, 0x1.555555555556p-3, 0x1.5555555551a77p-5, 0x1.111111110b687p-7, 0x1.6c16c180efa49p-10,
		0x1.a01a01d36dd85p-13, 0x1.a019a136b8edbp-16, 0x1.71dd88379c799p-19, 0x1.28a80e0210223p-22, 0x1.b044f3d26e259p-26,
	},
}

// normalTail approximates the scaled tail of the normal distribution,
// Φ(−a)·exp(a²/2), by P(t)/(K + a) with t = (K − a)/(K + a), which maps
// [0, ∞] to [−1, 1] (Shepherd and Laframboise 1981). Lowest coefficient first;
// minimax in the relative error for a ≤ limit, which is at most 2^-24.7 in float32
// and 2^-56.3 in float64. Beyond the limit a·Φ(−a) rounds to 0. With w = 1/(K + a),
// d log tail/d log w is 1 + slope·w to a tenth of it.
type normalTail struct {
	k, limit, slope float64
	coefficients    []float64
}

var normalTails = map[Elem]normalTail{
	f32: {2, 14.6, 1.4, []float64{
		0x1.5845dcp-1, 0x1.535bb8p-2, 0x1.d7d556p-6, -0x1.2cd2e6p-5, -0x1.fab0eep-12,
		0x1.ba7faap-8, -0x1.efa3fep-10, -0x1.d0206p-11, 0x1.7bf05ep-11, -0x1.f5d95p-16,
		-0x1.428646p-14,
	}},
	f64: {3.5, 38.8, 5.9, []float64{
		0x1.7d241a953a614p-1, 0x1.2191517fa27b8p-1, 0x1.42fec3680acacp-2, 0x1.db5837f7f553bp-4, 0x1.1d35bdee169ccp-6,
		-0x1.a86cec766c484p-8, -0x1.a200796a69116p-9, 0x1.d2a14110f5b29p-12, 0x1.f3cfaad82ca59p-12, -0x1.192862497a994p-14,
		-0x1.3d066c946d8a8p-14, 0x1.3b39aeb77f405p-16, 0x1.821969b82f995p-17, -0x1.7b4ae69ebe08p-18, -0x1.38bc62bb42e02p-20,
		0x1.8d0dca2a28e4cp-20, -0x1.33a9b5e97420bp-23, -0x1.3c1492fb51aaap-22, 0x1.0a59ba345ae4ap-23, 0x1.0263d4c321a96p-25,
		-0x1.38f2b6cd3a2cap-25, 0x1.0b5151d174057p-28, 0x1.5367136a9bc6p-28, -0x1.9c9fcf78dff55p-30,
	}},
}

// ln 2 in two parts, the first so short that its product with any exponent is
// exact (Cody and Waite 1980).
const (
	ln2Hi32 = 0x1.62e4p-1
	ln2Lo32 = math.Ln2 - ln2Hi32
	ln2Hi64 = 0x1.62e42fefa38p-1
	ln2Lo64 = math.Ln2 - ln2Hi64
)

// The tanh form of GELU is z·sigmoid(v), v = geluSlope·z + geluCubic·z³
// (Hendrycks and Gimpel 2016).
const (
	geluSlope = 2 * math.Sqrt2 / math.SqrtPi
	geluCubic = 0.044715 * geluSlope

	geluSlope64 = 0x1.9884533d43651p+0 // rounded to float64
	geluCubic64 = 0x1.2444f2a4d8b4bp-4
)

const inverseRootTwoPi = 1 / (math.Sqrt2 * math.SqrtPi) // φ(0), φ being the normal density

const leak = 0.01 // slope of LeakyReLU below zero

// coefficientsFile hands the kernels in Go what no function of package math
// gives: the tail of the normal distribution and the constants of GELU's tanh
// form.
func coefficientsFile() ([]byte, error) {
	return goFile("", func(b *bytes.Buffer) {
		t := normalTails[f64]
		b.WriteString("// NormalTail holds P, lowest coefficient first, in Φ(−a)·exp(a²/2) ≈ P(t)/(K+a),\n// t = (K−a)/(K+a), K being NormalTailK, to 2^-56.3 for a ≤ NormalTailLimit.\n")
		b.WriteString("var NormalTail = [...]float64{")
		for i, c := range t.coefficients {
			if i%4 == 0 {
				b.WriteString("\n\t")
			}
			fmt.Fprintf(b, "%x, ", c)
		}
		b.WriteString("\n}\n\n// The tanh form of GELU is x·sigmoid(GELUSlope·x + GELUCubic·x³); each constant\n// is rounded, what that lost is beside it.\n")
		fmt.Fprintf(b, "const (\n\tNormalTailK = %v\n\tNormalTailLimit = %v\n\tNormalTailSlope = %v // d log(P/(K+a))/d log(1/(K+a)) is 1 + NormalTailSlope/(K+a) to a tenth of it\n\n", t.k, t.limit, t.slope)
		for _, c := range []struct {
			name  string
			value float64
		}{
			{"GELUSlope", geluSlope64}, {"GELUSlopeLow", geluSlope - geluSlope64},
			{"GELUCubic", geluCubic64}, {"GELUCubicLow", geluCubic - geluCubic64},
			{"NormalDensity0", inverseRootTwoPi},
		} {
			fmt.Fprintf(b, "\t%s = %x\n", c.name, c.value)
		}
		b.WriteString(")\n")
	})
}
