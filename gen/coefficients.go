package main

import (
	"bytes"
	"fmt"
	"math"
)

// The coefficients below were made by Remez's exchange algorithm in 45 decimal
// digits, then rounded to the element. A test compares the errors that the
// comments state with those that 200 bits give.

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
// minimax in the relative error for a ≤ limit, which is at most 2^-24.2 in float32
// and 2^-54.2 in float64. Beyond the limit a·Φ(−a) rounds to 0.
type normalTail struct {
	k, limit     float64
	coefficients []float64
}

var normalTails = map[Elem]normalTail{
	f32: {4, 14.6, []float64{
		0x1.82b4bcp-1, 0x1.373e38p-1, 0x1.8c6d9ep-2, 0x1.7e0006p-3, 0x1.eed3ep-5,
		0x1.ed289p-8, -0x1.cc55a8p-9, -0x1.9b7532p-10, 0x1.760e1p-13, 0x1.15bdcap-13,
	}},
	f64: {5.5, 38.8, []float64{
		0x1.8c2b8893b5c8dp-1, 0x1.5ed05c7e41a2ep-1, 0x1.1239b3f8c06ddp-1, 0x1.77dbb5cdda967p-2, 0x1.be33e6ee99317p-3,
		0x1.c15806fa494c9p-4, 0x1.71707b5761751p-5, 0x1.c83edf430d0e1p-7, 0x1.4034e557295fep-9, -0x1.1ab3459c1e002p-12,
		-0x1.544960ab01b7p-12, -0x1.2b892445b9901p-14, 0x1.11cd4969698d4p-16, 0x1.96a59655f1a1cp-17, 0x1.df8bb3b6132ebp-22,
		-0x1.8e68cc1ce99a8p-20, -0x1.1fe02c0ba8986p-22, 0x1.7e81e92f23a5fp-23, 0x1.b12c7cf7006b5p-25, -0x1.920bc65dd9c5ap-26,
		-0x1.81a7eda464ee6p-28, 0x1.7a3f0b640d34ap-29, -0x1.1823974f4a2f2p-34,
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
		b.WriteString("// NormalTail holds P, lowest coefficient first, in Φ(−a)·exp(a²/2) ≈ P(t)/(K+a),\n// t = (K−a)/(K+a), K being NormalTailK, to 2^-54.2 for a ≤ NormalTailLimit.\n")
		b.WriteString("var NormalTail = [...]float64{")
		for i, c := range t.coefficients {
			if i%4 == 0 {
				b.WriteString("\n\t")
			}
			fmt.Fprintf(b, "%x, ", c)
		}
		b.WriteString("\n}\n\n// The tanh form of GELU is x·sigmoid(GELUSlope·x + GELUCubic·x³); each constant\n// is rounded, what that lost is beside it.\n")
		fmt.Fprintf(b, "const (\n\tNormalTailK = %v\n\tNormalTailLimit = %v\n\n", t.k, t.limit)
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
