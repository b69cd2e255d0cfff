// Package mat holds dense row-major matrices and their products.
//
// A [Dense] is a plain struct of dimensions, data and stride, so that it
// converts to and from other libraries' raw matrices without copying. The
// products ([Gemm], [Gemv], [Syrk], [Dense.Mul]) run on the assembly of
// package kernels; a [Workspace] runs them without allocating, [GemmBatch] and
// [GemmStridedBatch] many of them at once, and [Pack] prepares a factor that is
// used again and again.
//
// The factorizations [QR], [QRP] (with column pivoting), [LQ], [TSQR] (for tall
// matrices) and [Cholesky] are receivers that own their memory: a second
// Factorize of the same shape allocates nothing. [Trsm] and [Trsv] solve with
// triangles.
//
// A caller's bug (shape, stride, short slice, overlap, index) panics with an
// [Error] that names the operation and the shapes. What data can do wrong is
// an error value ([ErrNotFinite], [ErrNoConvergence]).
package mat
