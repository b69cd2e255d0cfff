// Package svd computes singular value decompositions, complete and truncated.
//
// An [SVD] holds one thin decomposition A = U·Σ·Vᵀ and the workspace for the
// next: a second Factorize of the same size allocates nothing. Singular values
// descend. Where the matrix is well-conditioned apart from the scales of its rows
// and columns, every value has high relative accuracy, the smallest too, however
// many orders of magnitude lie between them.
//
// From the decomposition follow rank, condition number, least squares
// ([SVD.SolveTo]), pseudo-inverse, bases of range and null space, and the closest
// matrices of lower rank.
//
// A [Batch] holds the decompositions of many small matrices and shares them among
// threads.
//
// [Truncated] finds the few largest singular values and vectors of a large
// matrix, [Approximate] those of an [Operator], such as the sparse matrix [CSR],
// and measures how good they are.
package svd
