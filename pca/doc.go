// Package pca finds the principal components of a sample: the orthogonal
// directions in which it varies most.
//
// Rows are observations, columns are features. Fit subtracts the column means and
// decomposes what is left, as [Options] say: by the eigenvectors of its covariance
// matrix, or by singular values, all or the leading ones. The latter keep the
// digits of components whose standard deviation is below √eps of the largest; in a
// covariance these drown in rounding. Data may be of any scale: Fit works relative
// to the largest entry.
//
// Data that do not serve (fewer than two rows, NaN, the wrong number of
// columns) give an error; options that never serve panic with [mat.Error].
package pca
