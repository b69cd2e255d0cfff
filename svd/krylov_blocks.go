package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// blocks makes blocks of a few columns orthonormal by Cholesky's factor of their
// Gram matrix, which is all products, where Householder's reflectors are not. One
// pass leaves eps·κ², κ being the condition of the block with its columns scaled
// to unit length; another one, eps (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya
// 2015).
type blocks[T mat.Float] struct {
	work   mat.Workspace[T]
	chol   mat.Cholesky[T]
	qr     mat.TSQR[T]
	gram   mat.Dense[T] // b × b: of the columns at unit length
	factor mat.Dense[T] // U of Cholesky
	turn   mat.Dense[T] // what the block is multiplied by
	share  mat.Dense[T] // of earlier columns in the block
	spare  mat.Dense[T] // room for the block
	length []T          // of the columns
}

const (
	// blockPasses suffice: each takes the condition from κ to about eps·κ².
	blockPasses = 4
	// settled is the least diagonal entry of U, and the least length of a column
	// that had unit length before it was made orthogonal to earlier ones, at which
	// a pass leaves no more than a few eps.
	settled = 0.7
)

// condition replaces the columns of y by others of the same span, or of one
// that holds it, for an iteration to go on with: well-conditioned, but orthogonal
// only as one pass makes them.
func (k *blocks[T]) condition(y *mat.Dense[T]) {
	if _, ok := k.pass(y); !ok {
		k.reflect(y)
	}
}

// orthonormalise makes the columns of y orthonormal, and orthogonal to those of
// earlier, which are orthonormal. It reports failure where they depend on each
// other or on earlier ones: then they are orthonormal only.
func (k *blocks[T]) orthonormalise(y, earlier *mat.Dense[T]) bool {
	for i := range blockPasses {
		k.project(y, earlier)
		least, ok := k.pass(y)
		if !ok {
			break
		}
		if least >= settled && (i > 0 || earlier.Cols == 0) {
			return true
		}
	}
	k.reflect(y)
	return earlier.Cols == 0
}

// reflect is orthonormalise by reflectors: slower, and good for any columns.
func (k *blocks[T]) reflect(y *mat.Dense[T]) {
	k.qr.Threads = k.work.Threads
	k.qr.Factorize(y)
	k.qr.QTo(y)
}

// project takes the share of earlier off y.
func (k *blocks[T]) project(y, earlier *mat.Dense[T]) {
	if earlier.Cols == 0 {
		return
	}
	resize(&k.share, earlier.Cols, y.Cols)
	k.work.Gemm(mat.Trans, mat.NoTrans, 1, earlier, y, 0, &k.share)
	k.work.Gemm(mat.NoTrans, mat.NoTrans, -1, earlier, &k.share, 1, y)
}

// pass makes the columns of y orthonormal but for eps·κ², and returns the least
// of their lengths and of the sines of a column's angle to those before it. It
// fails, and leaves y alone, where these are too small for the Gram matrix.
func (k *blocks[T]) pass(y *mat.Dense[T]) (least float64, ok bool) {
	shortest, ok := k.measure(y)
	if !ok || k.chol.Factorize(&k.gram) != nil {
		return 0, false
	}
	b, sine := y.Cols, 1.0
	resize(&k.factor, b, b)
	k.chol.UTo(&k.factor)
	for i := range b {
		sine = min(sine, float64(k.factor.Data[i*k.factor.Stride+i]))
	}
	if sine*sine < float64(b)*spectral.Eps[T]() { // rounding, and no direction of the block
		return 0, false
	}
	resize(&k.turn, b, b)
	k.turn.Fill(0)
	for i := range b {
		k.turn.Data[i*b+i] = 1
	}
	mat.Trsm(mat.Left, mat.Upper, mat.NoTrans, mat.NonUnit, 1, &k.factor, &k.turn)
	for i, x := range k.length {
		kernels.Scal(1/x, k.turn.Row(i))
	}
	resize(&k.spare, y.Rows, b)
	k.work.Gemm(mat.NoTrans, mat.NoTrans, 1, y, &k.turn, 0, &k.spare)
	y.CopyFrom(&k.spare)
	return min(sine, shortest), true
}

// measure sets length, and gram at unit length, and returns the least length.
func (k *blocks[T]) measure(y *mat.Dense[T]) (shortest float64, ok bool) {
	b := y.Cols
	resize(&k.gram, b, b)
	k.length = spectral.Grow(k.length, b)
	k.work.Syrk(mat.Trans, 1, y, 0, &k.gram)
	shortest = math.Inf(1)
	for i := range b {
		square := float64(k.gram.Data[i*b+i])
		if !(square >= leastSquare[T]()) || !spectral.Finite(square) {
			return 0, false
		}
		k.length[i] = T(math.Sqrt(square))
		shortest = min(shortest, math.Sqrt(square))
	}
	for i, x := range k.length {
		row := k.gram.Row(i)
		for j := range row {
			row[j] /= x * k.length[j]
		}
	}
	return shortest, true
}

// resize makes x m × n, with undefined entries.
func resize[T mat.Float](x *mat.Dense[T], m, n int) {
	*x = mat.Dense[T]{Rows: m, Cols: n, Stride: n, Data: spectral.Grow(x.Data, m*n)}
}

// leastSquare is the least square of a length that products are exact enough
// for.
func leastSquare[T mat.Float]() float64 {
	if spectral.Eps[T]() > 0x1p-30 {
		return 0x1p-80
	}
	return 0x1p-800
}
