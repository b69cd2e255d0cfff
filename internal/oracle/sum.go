// Package oracle computes results slowly and surely, for tests alone.
package oracle

import "math"

// Sum accumulates products of float64 values as a pair hi+lo of about 106
// bits, and the sum of their magnitudes, on which the error bounds of
// floating-point sums rest. The magnitudes are rounded upwards.
//
// The products are exact by fused multiply-add and the sums by Knuth's TwoSum,
// which holds no product that a compiler could fuse.
type Sum struct{ hi, lo, abs float64 }

// Add adds x·y.
func (s *Sum) Add(x, y float64) {
	p := float64(x * y)
	s.add(p, math.FMA(x, y, -p))
	s.abs = (s.abs + math.Abs(p)) * (1 + 0x1p-51)
}

func (s *Sum) add(p, low float64) {
	t := s.hi + p
	v := t - s.hi
	e := (s.hi - (t - v)) + (p - v)
	s.lo += e + low
	s.hi = t
}

// Scale multiplies the sum by alpha.
func (s *Sum) Scale(alpha float64) {
	p := float64(s.hi * alpha)
	s.lo = math.FMA(s.hi, alpha, -p) + float64(s.lo*alpha)
	s.hi = p
	s.abs *= math.Abs(alpha) * (1 + 0x1p-51)
}

// Value returns the sum, rounded to float64.
func (s Sum) Value() float64 { return s.hi + s.lo }

// Abs returns the sum of the magnitudes of the products.
func (s Sum) Abs() float64 { return s.abs }

// Error returns |got − sum|.
func (s Sum) Error(got float64) float64 { return math.Abs((got - s.hi) - s.lo) }

// Unit returns the unit roundoff of T: 2⁻²⁴ or 2⁻⁵³.
func Unit[T float32 | float64]() float64 {
	if T(1)+T(0x1p-30) == 1 {
		return 0x1p-24
	}
	return 0x1p-53
}

// Gamma returns γ_n = n·u/(1−n·u) (Higham, Accuracy and Stability of Numerical
// Algorithms, section 3.1): a sum of products in which every product passes
// through at most n roundings, in any order and with or without fused
// multiply-add, is within γ_n times the sum of the magnitudes.
func Gamma[T float32 | float64](n int) float64 {
	nu := float64(n) * Unit[T]()
	return nu / (1 - nu)
}
