package mat

import (
	"sync"

	"github.com/lanes-go/lanes/kernels"
)

// Side says on which side of B a triangular matrix stands.
type Side bool

const (
	Left  Side = false
	Right Side = true
)

// Triangle says which triangle of a matrix holds its entries; the other is not
// read.
type Triangle bool

const (
	Upper Triangle = false
	Lower Triangle = true
)

// Diagonal says whether a triangular matrix has ones on its diagonal, which is
// then not read.
type Diagonal bool

const (
	NonUnit Diagonal = false
	Unit    Diagonal = true
)

// Trsm solves op(A)·X = alpha·B (Left) or X·op(A) = alpha·B (Right) for X and
// writes it over B (BLAS trsm). A is triangular; a zero on its diagonal makes
// Inf or NaN, as a division does. With alpha == 0 it sets B = 0 and reads
// neither. It panics with Error when A is not square, the shapes do not fit or
// B shares entries with A. Cost: n²c flops for an n × n matrix A and c
// right-hand sides, nearly all in products. The result does not depend on the
// number of threads.
func Trsm[T Float](side Side, half Triangle, tA Transpose, diag Diagonal, alpha T, a, b *Dense[T]) {
	a.check("Trsm", "A")
	b.check("Trsm", "B")
	n := b.Rows
	if side == Right {
		n = b.Cols
	}
	if a.Rows != a.Cols || a.Rows != n {
		panicf("Trsm", "A is %d×%d, B is %d×%d", a.Rows, a.Cols, b.Rows, b.Cols)
	}
	checkOverlap("Trsm", b, a, "A")
	if b.Rows == 0 || b.Cols == 0 {
		return
	}
	if alpha != 1 {
		for i := range b.Rows {
			kernels.Scal(alpha, b.row(i))
		}
	}
	if alpha == 0 {
		return
	}
	s := triPool[T]().Get().(*triSolver[T])
	s.solve(side, &triOperand[T]{a, half, tA, diag}, b)
	triPool[T]().Put(s)
}

func (s *triSolver[T]) solve(side Side, a *triOperand[T], b *Dense[T]) {
	if side == Right {
		s.right(a, b, 0, b.Cols)
	} else {
		s.left(a, b, 0, b.Rows)
	}
}

// Trsv solves op(A)·x = b for a triangular n × n matrix A and writes x over b
// (BLAS trsv). It panics with Error when A is not square, len(b) differs from
// n or b shares entries with A. Cost: n² flops, half of A read.
func Trsv[T Float](half Triangle, tA Transpose, diag Diagonal, a *Dense[T], b []T) {
	a.check("Trsv", "A")
	n := len(b)
	if a.Rows != n || a.Cols != n {
		panicf("Trsv", "A is %d×%d, len(b) = %d", a.Rows, a.Cols, n)
	}
	x := Dense[T]{Rows: n, Cols: 1, Data: b, Stride: 1}
	checkOverlap("Trsv", &x, a, "A")
	op := triOperand[T]{a, half, tA, diag}
	for i := range n {
		if !op.forward() {
			i = n - 1 - i
		}
		op.solveEntry(b, i)
	}
}

// solveEntry finds x[i] once all before it in the order of solution are there.
// Row i of A meets those of them (NoTrans) or those that follow (Trans).
func (a *triOperand[T]) solveEntry(x []T, i int) {
	row := a.a.row(i)
	first, last := i+1, len(x)
	if a.half == Lower {
		first, last = 0, i
	}
	if a.trans == NoTrans {
		x[i] -= kernels.Dot(row[first:last], x[first:last])
	}
	if a.diag == NonUnit {
		x[i] /= row[i]
	}
	if a.trans == Trans {
		kernels.Axpy(-x[i], row[first:last], x[first:last])
	}
}

var (
	triPool32 = sync.Pool{New: func() any { return new(triSolver[float32]) }}
	triPool64 = sync.Pool{New: func() any { return new(triSolver[float64]) }}
)

func triPool[T Float]() *sync.Pool {
	if _, ok := any(T(0)).(float32); ok {
		return &triPool32
	}
	return &triPool64
}
