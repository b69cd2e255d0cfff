package mat

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
)

// triSolver solves with a triangular matrix by halves: what is solved enters
// the rest as a product.
type triSolver[T Float] struct {
	work    Workspace[T]
	scratch []T
}

const (
	leftLeaf  = 8  // rows of B solved one by one
	rightLeaf = 32 // columns of B turned into rows
)

// triOperand is a triangular matrix op(A).
type triOperand[T Float] struct {
	a     *Dense[T]
	half  Triangle
	trans Transpose
	diag  Diagonal
}

// forward reports whether the first unknown is solved first: op(A) is lower.
func (a *triOperand[T]) forward() bool { return bool(a.half) != bool(a.trans) }

// rest returns the block of A that couples entries i to j−1 with j to k−1.
func (a *triOperand[T]) rest(i, j, k int) Dense[T] {
	if a.half == Lower {
		return a.a.sub(j, i, k-j, j-i)
	}
	return a.a.sub(i, j, j-i, k-j)
}

// left solves op(A)·X = B in place for rows i to k−1 of B.
func (s *triSolver[T]) left(a *triOperand[T], b *Dense[T], i, k int) {
	if k-i <= leftLeaf {
		a.leaf(b, i, k)
		return
	}
	j := i + (k-i+1)/2
	off := a.rest(i, j, k)
	top, bottom := b.sub(i, 0, j-i, b.Cols), b.sub(j, 0, k-j, b.Cols)
	if a.forward() {
		s.left(a, b, i, j)
		s.work.Gemm(a.trans, NoTrans, -1, &off, &top, 1, &bottom)
		s.left(a, b, j, k)
		return
	}
	s.left(a, b, j, k)
	s.work.Gemm(a.trans, NoTrans, -1, &off, &bottom, 1, &top)
	s.left(a, b, i, j)
}

// leaf is left for a few rows.
func (a *triOperand[T]) leaf(b *Dense[T], i, k int) {
	for n := range k - i {
		r, first, last := i+n, i, i+n // rows first to last−1 are solved
		if !a.forward() {
			r, first, last = k-1-n, k-n, k
		}
		x := b.row(r)
		for j := first; j < last; j++ {
			kernels.Axpy(-a.at(r, j), b.row(j), x)
		}
		if a.diag == NonUnit {
			divide(x, a.at(r, r))
		}
	}
}

func (a *triOperand[T]) at(i, j int) T {
	if a.trans {
		i, j = j, i
	}
	return a.a.Data[i*a.a.Stride+j]
}

// right solves X·op(A) = B in place for columns i to k−1 of B.
func (s *triSolver[T]) right(a *triOperand[T], b *Dense[T], i, k int) {
	if k-i <= rightLeaf {
		s.turned(a, b, i, k)
		return
	}
	j := i + (k-i+1)/2
	off := a.rest(i, j, k)
	before, after := b.sub(0, i, b.Rows, j-i), b.sub(0, j, b.Rows, k-j)
	if a.forward() {
		s.right(a, b, j, k)
		s.work.Gemm(NoTrans, a.trans, -1, &after, &off, 1, &before)
		s.right(a, b, i, j)
		return
	}
	s.right(a, b, i, j)
	s.work.Gemm(NoTrans, a.trans, -1, &before, &off, 1, &after)
	s.right(a, b, j, k)
}

// turned is right for a few columns: it solves op(A)ᵀ·Xᵀ = Bᵀ, whose rows are
// long.
func (s *triSolver[T]) turned(a *triOperand[T], b *Dense[T], i, k int) {
	block, tri := b.sub(0, i, b.Rows, k-i), a.a.sub(i, i, k-i, k-i)
	s.scratch = sized(s.scratch, b.Rows*(k-i))
	x := Dense[T]{Rows: k - i, Cols: b.Rows, Data: s.scratch, Stride: b.Rows}
	block.transposeTo(&x)
	flipped := triOperand[T]{a: &tri, half: a.half, trans: !a.trans, diag: a.diag}
	s.left(&flipped, &x, 0, k-i)
	x.transposeTo(&block)
}

// divide sets x = x/d, by the inverse where that loses neither range nor
// digits.
func divide[T Float](x []T, d T) {
	low, high := safeRange[T]()
	if size := math.Abs(float64(d)); size > low && size < high {
		kernels.Scal(1/d, x)
		return
	}
	for i := range x {
		x[i] /= d
	}
}
