package spectral

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// CheckInput panics with mat.Error for operation op unless the fields of a
// agree with one another.
func CheckInput[T mat.Float](op string, a *mat.Dense[T]) {
	if a.Rows < 0 || a.Cols < 0 || a.Stride < a.Cols ||
		(a.Rows > 0 && a.Cols > 0 && len(a.Data) < (a.Rows-1)*a.Stride+a.Cols) {
		panic(mat.Error{Op: op, Detail: fmt.Sprintf("the matrix is %d×%d with stride %d and len(Data) = %d",
			a.Rows, a.Cols, a.Stride, len(a.Data))})
	}
}

// MaxAbs returns the larger of bound and the largest |x[i]|, and NaN where x
// holds NaN.
func MaxAbs[T mat.Float](x []T, bound float64) float64 {
	i := kernels.Iamax(x)
	if i < 0 {
		return bound
	}
	return max(bound, math.Abs(float64(x[i])))
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
	if bound == 0 {
		return Scale{}
	}
	top := 1000
	if !is64[T]() {
		top = 124
	}
	_, have := math.Frexp(bound)
	_, squares := math.Frexp(float64(count))
	return Scale{exp: (top-squares)/2 - have}
}

// scaleNear is ScaleFor where bound is far from 1, else no scale: squares of what
// is not lost in rounding stay in range.
func scaleNear[T mat.Float](count int, bound float64) Scale {
	near := 100
	if !is64[T]() {
		near = 16
	}
	if _, exponent := math.Frexp(bound); exponent >= -near && exponent <= near {
		return Scale{}
	}
	return ScaleFor[T](count, bound)
}

// ScaleTo writes x, scaled by s, to dst.
func ScaleTo[T mat.Float](s Scale, dst, x []T) {
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
	kernels.Scal(T(math.Ldexp(1, step)), x)
	if step != s.exp {
		kernels.Scal(T(math.Ldexp(1, s.exp-step)), x)
	}
}

// Undo returns the number whose scaled value is x, rounded once.
func (s Scale) Undo(x float64) float64 { return math.Ldexp(x, -s.exp) }
