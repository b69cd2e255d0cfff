package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// secular is the rank-one update diag(pole) + rho·z·zᵀ, rho > 0, whose
// eigenvalues are the roots of the secular equation
//
//	f(λ) = 1/rho + Σ z(j)²/(pole(j)-λ) = 0.
//
// pole is in the order in which the vectors of the poles are gathered; rank
// lists its indices by ascending pole. Each root is kept as origin + shift with
// the nearest pole as origin, so that its distance to every pole has full
// relative accuracy (Gu and Eisenstat 1995; LAPACK laed4).
type secular[T mat.Float] struct {
	rho           T
	pole, z       []T // sum of z² is 1
	weight        []T // z²
	rank          []int
	origin, shift []T // root i lies between poles rank[i] and rank[i+1]
	zhat          []T // the z whose update has exactly the computed roots
}

// reset sizes the buffers for k poles.
func (s *secular[T]) reset(k int) {
	s.pole, s.z, s.weight, s.rank = grow(s.pole, k), grow(s.z, k), grow(s.weight, k), grow(s.rank, k)
	s.origin, s.shift, s.zhat = grow(s.origin, k), grow(s.shift, k), grow(s.zhat, k)
}

// solve finds every root and returns the number of evaluations of f.
func (s *secular[T]) solve() (evaluations int) {
	k := len(s.pole)
	for j, z := range s.z {
		s.weight[j] = z * z
	}
	for i := range k - 1 {
		evaluations += s.inner(i)
	}
	evaluations += s.outer()
	return evaluations
}

// root returns eigenvalue i, ascending.
func (s *secular[T]) root(i int) T { return s.origin[i] + s.shift[i] }

// recoverZ computes the z for which the computed roots are the exact
// eigenvalues: z(j)² = Π(i) (root(i)-pole(j)) / Π(i≠j) (pole(i)-pole(j)) / rho
// (Gu and Eisenstat 1994). Vectors formed with it are orthogonal however close
// the roots lie. Constant factors are left to the vectors' normalisation.
func (s *secular[T]) recoverZ() {
	for j := range s.zhat {
		s.zhat[j] = 1
	}
	for i, own := range s.rank {
		keep := s.zhat[own] * (s.pole[own] - s.origin[i] - s.shift[i])
		secularProduct(s.pole, s.origin[i], s.shift[i], s.pole[own], s.zhat)
		s.zhat[own] = keep
	}
	for j, p := range s.zhat {
		s.zhat[j] = copysign(sqrt(abs(p)), s.z[j])
	}
}

// vector writes eigenvector i of the update, in the order of pole: entries
// zhat(j)/(pole(j)-root), of norm 1.
func (s *secular[T]) vector(i int, dst []T) {
	squares := secularVector(s.pole, s.zhat, s.origin[i], s.shift[i], dst)
	kernels.Scal(1/sqrt(squares), dst)
}
