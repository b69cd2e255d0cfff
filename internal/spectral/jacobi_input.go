package spectral

import (
	"cmp"
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// MaxAbs returns the larger of bound and the largest |x[i]|, and NaN where x
// holds NaN.
func MaxAbs[T mat.Float](x []T, bound float64) float64 {
	if len(x) <= shortRow/2 {
		return max(bound, math.Float64frombits(maxBits(x, 0)))
	}
	return max(bound, math.Abs(float64(x[kernels.Iamax(x)])))
}

// shortRow is the length up to which a loop in Go is faster than a kernel.
const shortRow = 16

// maxBits returns the largest of bits and those of |x[i]|, NaN above Inf.
func maxBits[T mat.Float](x []T, bits uint64) uint64 {
	for _, v := range x {
		bits = max(bits, math.Float64bits(float64(v))&^(1<<63))
	}
	return bits
}

// BoundUpper returns the largest absolute value in the upper triangle of a, which
// is not Finite where an entry there is not.
func BoundUpper[T mat.Float](a *mat.Dense[T]) float64 {
	n := a.Rows
	if n > shortRow {
		bound := 0.0
		for i := 0; i < n && Finite(bound); i++ {
			bound = MaxAbs(a.Data[i*a.Stride+i:][:n-i], bound)
		}
		return bound
	}
	var bits uint64
	for i := range n {
		bits = maxBits(a.Data[i*a.Stride+i:][:n-i], bits)
	}
	return math.Float64frombits(bits)
}

// Finite reports whether a bound that MaxAbs returned is of finite entries.
func Finite(bound float64) bool { return bound <= math.MaxFloat64 }

// Scale multiplies by a power of two, in two steps as one may be out of range.
type Scale struct {
	exp int
}

// ScaleBy returns the scale that multiplies by 2^exponent.
func ScaleBy(exponent int) Scale { return Scale{exponent} }

// ScaleFor returns the scale at which no sum of squares over a matrix of count
// entries, at most bound each, overflows, and as little as possible underflows.
// Entries smaller than bound by nearly the whole range of T are lost.
func ScaleFor[T mat.Float](count int, bound float64) Scale {
	return scaleBelow[T](count, bound, 0)
}

// ScaleLanes is ScaleFor with room above for the kernels of small orders, which
// leave cosines out of their rotations and so let the sum grow 2ⁿ-fold at most.
func ScaleLanes[T mat.Float](count int, bound float64) Scale {
	return scaleBelow[T](count, bound, 40)
}

// scaleBelow is ScaleFor with room for growth by a power of two.
func scaleBelow[T mat.Float](count int, bound float64, room int) Scale {
	if bound == 0 {
		return Scale{}
	}
	top := 1000 - room
	if !is64[T]() {
		top = 124 - room
	}
	_, have := math.Frexp(bound)
	_, squares := math.Frexp(float64(count))
	return Scale{exp: (top-squares)/2 - have}
}

// ScaleNear is ScaleLanes where bound is far from 1, else no scale: squares of what
// is not lost in rounding stay in range.
func ScaleNear[T mat.Float](count int, bound float64) Scale {
	near := 100
	if !is64[T]() {
		near = 16
	}
	if _, exponent := math.Frexp(bound); exponent >= -near && exponent <= near {
		return Scale{}
	}
	return ScaleLanes[T](count, bound)
}

// ScaleTo writes x, scaled by s, to dst.
func ScaleTo[T mat.Float](s Scale, dst, x []T) {
	if s.exp == 0 {
		copy(dst, x)
		return
	}
	f, g := T(math.Ldexp(1, s.exp/2)), T(math.Ldexp(1, s.exp-s.exp/2))
	for i, v := range x {
		dst[i] = v * f * g
	}
}

// ScaleRow scales x by s in place.
func ScaleRow[T mat.Float](s Scale, x []T) {
	limit := 1000 // 2^±limit is a normal number
	if !is64[T]() {
		limit = 120
	}
	step := min(max(s.exp, -limit), limit)
	kernels.Scal(T(power(step)), x)
	if step != s.exp {
		kernels.Scal(T(math.Ldexp(1, s.exp-step)), x)
	}
}

// Beside returns the scale of numbers at scale s beside those at scale t.
func (s Scale) Beside(t Scale) Scale { return Scale{s.exp - t.exp} }

// power returns 2^exponent, a normal number.
func power(exponent int) float64 { return math.Float64frombits(uint64(exponent+1023) << 52) }

// Undo returns the number whose scaled value is x, rounded once.
func (s Scale) Undo(x float64) float64 {
	const limit = 1000 // 2^±limit is a normal number
	switch {
	case s.exp == 0:
		return x
	case s.exp <= limit && s.exp >= -limit:
		return x * power(-s.exp)
	}
	return math.Ldexp(x, -s.exp)
}

// Ascending sets order to the indices of d by ascending value, as fast as may be
// for the few values of a small matrix.
func Ascending[T mat.Float](d []T, order []int) {
	if len(d) > 2*shortRow {
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(p, q int) int { return cmp.Compare(d[p], d[q]) })
		return
	}
	for i, x := range d {
		k := i
		for ; k > 0 && d[order[k-1]] > x; k-- {
			order[k] = order[k-1]
		}
		order[k] = i
	}
}
