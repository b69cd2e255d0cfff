package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Trailing returns orthonormal rows that span, to the order of
// eps·σ₁/(σ_i − σ_j), the right singular vectors of the k least values, and
// false where these are too close to one another. Cost: 2kn² + 2k²n flops and
// 2kn divisions.
//
// A·Vᵀ of the rows V has the least values of A, better than D has them: what
// rounding mixed into the rows counts by its square.
func (b *Bidiagonal[T]) Trailing(k int) (v *mat.Dense[T], ok bool) {
	n := b.a.Cols
	growDense(&b.v, k, n)
	for i := range k {
		if !b.vector(b.D[n-k+i], b.v.Row(i)) || !b.orthogonalise(i) {
			return nil, false
		}
	}
	b.back.apply(&b.work, &b.a, b.tau, &b.v, nil)
	return &b.v, true
}

// apart is the least part of a unit vector outside of the span of those before it
// that tells it from them.
const apart = 0.5

// orthogonalise makes row i of v orthogonal to those before it.
func (b *Bidiagonal[T]) orthogonalise(i int) bool {
	x := b.v.Row(i)
	for range 2 {
		for k := range i {
			y := b.v.Row(k)
			kernels.Axpy(-kernels.Dot(y, x), y, x)
		}
		length := math.Sqrt(sumSquares(x))
		if !(length > apart) {
			return false
		}
		kernels.Scal(T(1/length), x)
	}
	return true
}

// vector writes the right singular vector of the bidiagonal matrix B that belongs
// to a value known to its last digits, by the factorizations of BᵀB − σ²I from the
// top and from the bottom, which meet where that is nearest to singular (Dhillon
// and Parlett 2004; LAPACK lar1v). It fails where a pivot vanishes.
func (b *Bidiagonal[T]) vector(value float64, dst []T) bool {
	n, shift := len(b.d), value*value
	q, e := b.qd.q[:n], b.qd.e[:n]
	down, up := b.qd.nextQ[:n], b.qd.nextE[:n] // their pivots, but that of the place
	for i, x := range b.d {
		q[i] = float64(x) * float64(x)
	}
	for i, x := range b.e {
		e[i] = float64(x) * float64(x)
	}
	p := q[n-1] - shift
	b.meet = Grow(b.meet, n)
	b.meet[n-1] = p
	for i := n - 2; i >= 0; i-- {
		up[i+1] = e[i] + p
		p = p*(q[i]/up[i+1]) - shift
		b.meet[i] = p
	}
	place, least := 0, math.Inf(1)
	s := -shift
	for i := range n {
		if size := math.Abs(s + b.meet[i] + shift); size < least {
			place, least = i, size
		}
		down[i] = s + q[i]
		s = e[i]*(s/down[i]) - shift
	}
	return b.solve(place, down, up, dst)
}

// solve writes the unit vector that the factorizations from place on give.
func (b *Bidiagonal[T]) solve(place int, down, up []float64, dst []T) bool {
	z := b.meet
	z[place] = 1
	squares := 1.0
	for i := place - 1; i >= 0; i-- {
		z[i] = -float64(b.d[i]) * float64(b.e[i]) / down[i] * z[i+1]
		squares += z[i] * z[i]
	}
	for i := place + 1; i < len(z); i++ {
		z[i] = -float64(b.d[i-1]) * float64(b.e[i-1]) / up[i] * z[i-1]
		squares += z[i] * z[i]
	}
	scale := 1 / math.Sqrt(squares)
	for i, x := range z {
		dst[i] = T(x * scale)
	}
	return scale > 0 && Finite(squares)
}
