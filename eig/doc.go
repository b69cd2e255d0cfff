// Package eig computes the eigenvalues and eigenvectors of real symmetric
// matrices.
//
// A [Sym] holds one decomposition A = V·Λ·Vᵀ and the workspace for the next: a
// second Factorize of the same size allocates nothing. Eigenvalues ascend,
// eigenvectors are the columns of V. A [Batch] holds those of many small
// matrices and shares them among threads.
package eig
