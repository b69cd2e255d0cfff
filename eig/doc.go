// Package eig computes the eigenvalues and eigenvectors of real symmetric
// matrices.
//
// A [Sym] holds one decomposition A = V·Λ·Vᵀ and the workspace for the next: a
// second Factorize of the same size allocates nothing. Eigenvalues ascend,
// eigenvectors are the columns of V. [Options] select some of the eigenvalues by
// number or by value, or ask for the small ones to their own last digits.
//
// A [Batch] holds the decompositions of many small matrices and shares them among
// threads. [Generalized] solves A·x = λ·B·x.
package eig
