// Package svd computes singular value decompositions, complete and truncated.
//
// A [SVD] holds one thin decomposition A = U·Σ·Vᵀ and the workspace for the
// next: a second Factorize of the same size allocates nothing. Singular values
// descend, and every one of them is found to high relative accuracy where the
// matrix is well-conditioned but for the scales of its rows and columns: also the
// smallest, where those differ by many orders of magnitude.
//
// A [Batch] holds the decompositions of many small matrices and shares them among
// threads.
//
// [Truncated] finds the few largest singular values and vectors of a large
// matrix.
package svd
