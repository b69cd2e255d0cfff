// Package mat holds dense row-major matrices and their products.
//
// A [Dense] is a plain struct of dimensions, data and stride, so that it
// converts to and from other libraries' raw matrices without copying. The
// products ([Gemm], [Gemv], [Syrk], [Dense.Mul]) run on the assembly of
// package kernels; a [Workspace] runs them without allocating.
//
// A caller's bug (shape, stride, short slice, overlap, index) panics with an
// [Error] that names the operation and the shapes. What data can do wrong is
// an error value ([ErrNotFinite], [ErrNoConvergence]).
package mat
