package eig

import "time"

// Stats tells how a decomposition was found.
type Stats struct {
	// Method is the algorithm taken, never Auto.
	Method Method
	// Reason says in a few words why that method was taken.
	Reason string
	// Accurate reports that every eigenvalue has the relative accuracy which
	// Options.Accurate describes.
	Accurate bool

	// Sweeps is the number of Jacobi sweeps over all pairs; with Accurate, from
	// order 32 on, that of rotations of all pairs at once. Of DivideAndConquer that
	// of QL sweeps, at orders where these do it all.
	Sweeps int
	// Rotations is the number of plane rotations of the sweeps; of BlockJacobi
	// that of pairs of blocks solved.
	Rotations int
	// OffNorm is the Frobenius norm of the off-diagonal of VᵀAV which the last
	// sweep met, relative to that of A, and up to order 8 that which it left; of
	// OneSidedJacobi up to order 64 the largest cosine between two columns, and with
	// Accurate between two rows of the factor.
	OffNorm float64

	// Merged is the number of eigenvalues that divide and conquer put together
	// from two halves, summed over all levels.
	Merged int
	// Deflated is how many of those a half already had right: they cost next to
	// nothing.
	Deflated int

	// Reduce, Diagonalise and Back are the times of the stages: to tridiagonal
	// form or to a Cholesky factor, the iteration, and the vectors back from
	// tridiagonal form. A plain Jacobi method has the second alone.
	Reduce, Diagonalise, Back time.Duration

	// Residual is ‖A·V − V·Λ‖/‖A‖ and Orthogonality ‖I − VᵀV‖, in the Frobenius
	// norm, where Options.Residual asked for them. A few times eps·√n is usual. They
	// are not finite where an eigenvalue is beyond the range of T.
	Residual, Orthogonality float64
}
