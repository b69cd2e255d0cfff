package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// The loops over all poles. Each runs over contiguous arrays without
// dependence between poles but in its sums, for vector kernels to take over.
// A distance to a root is always (pole-origin)-shift: neither is rounded
// together with the other.

// secularSums are the two halves of Σ weight(j)/(pole(j)-λ) and of its
// derivative in λ: psi over the poles below λ, all terms negative, phi over
// those above, all positive.
type secularSums[T mat.Float] struct{ psi, psiSlope, phi, phiSlope T }

// secularEval returns the sums at λ = origin + shift. No pole equals λ.
func secularEval[T mat.Float](pole, weight []T, origin, shift T) (sums secularSums[T]) {
	sums.psi, sums.psiSlope, sums.phi, sums.phiSlope = kernels.SecularSums(pole, weight, origin, shift)
	return sums
}

// secularProduct multiplies each product(j) by (pole(j)-λ)/(pole(j)-own), λ =
// origin + shift. Where pole(j) equals own the product is undefined.
func secularProduct[T mat.Float](pole []T, origin, shift, own T, product []T) {
	kernels.SecularProduct(pole, origin, shift, own, product)
}

// secularVector sets dst(j) = zhat(j)/(pole(j)-λ), λ = origin + shift, and
// returns the sum of their squares.
func secularVector[T mat.Float](pole, zhat []T, origin, shift T, dst []T) (squares T) {
	return kernels.SecularVector(pole, zhat, origin, shift, dst)
}
