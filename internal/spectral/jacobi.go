// Package spectral holds what the eigenvalue and the singular value faces share:
// Jacobi iterations on contiguous rows, QR with column pivoting before them, and
// the scaling that keeps squares in range; and the tridiagonal divide and
// conquer. It works on slices that the faces own, and checks nothing.
package spectral

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// DefaultSweeps is the limit of every Jacobi iteration whose caller sets none,
// as in LAPACK. Most matrices need six to twelve.
const DefaultSweeps = 30

// Sweeps tells how a Jacobi iteration went.
type Sweeps struct {
	Count     int     // sweeps over all pairs
	Rotations int     // plane rotations applied
	Off       float64 // off-norm that the last sweep met; the methods say of what
	Converged bool
}

func (s *Sweeps) add(rotations int, off float64) {
	s.Count++
	s.Rotations += rotations
	s.Off = off
}

// Eps returns the distance from 1 to the next larger T.
func Eps[T mat.Float]() float64 {
	if is64[T]() {
		return 0x1p-52
	}
	return 0x1p-23
}

func is64[T mat.Float]() bool {
	var zero T
	return unsafe.Sizeof(zero) == 8
}

// tangent returns the tangent of the smaller angle by which kernels.Rot
// annihilates the off-diagonal entry g ≠ 0 of the matrix [a g; g b] (Rutishauser
// 1966). The rotation turns the diagonal into a + t·g and b − t·g.
func tangent(a, b, g float64) float64 {
	zeta := (a - b) / (2 * g)
	if math.Abs(zeta) > 0x1p60 { // its square may overflow
		return 0.5 / zeta
	}
	return math.Copysign(1/(math.Abs(zeta)+math.Sqrt(1+zeta*zeta)), zeta)
}

// cosSin returns the cosine and the sine of the angle with tangent t.
func cosSin(t float64) (c, s float64) {
	c = 1 / math.Sqrt(1+t*t)
	return c, t * c
}

// sumSquares is for scaled rows, whose squares are in range.
func sumSquares[T mat.Float](x []T) float64 { return float64(kernels.SumSq(x)) }

// Normalise scales x to length 1.
func Normalise[T mat.Float](x []T) { kernels.Scal(T(1/math.Sqrt(sumSquares(x))), x) }

// Grow returns a slice of length n, which is s where that is long enough.
func Grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
