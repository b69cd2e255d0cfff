package mat

import (
	"math"
	"unsafe"
)

// QRP is QR with column pivoting, A·P = Q·R: Q orthogonal, m × m, R upper
// trapezoidal, min(m,n) × n, its diagonal of non-increasing magnitude, up to
// rounding: every step takes the column of largest norm that is left, the first
// of those in A's present order where they tie. The zero value is ready for
// Factorize; a second call on the same shape allocates nothing. One goroutine
// at a time may use it.
//
// The error is that of QR. NaN and Inf spread to what depends on them.
type QRP[T Float] struct {
	// Threads caps the goroutines of one call; 0 means the cap of
	// SetMaxThreads. It does not change a bit of the result.
	Threads int
	// Step, unless nil, is called before each panel of columns with the number of
	// columns done and the whole. Factorize ends where it returns false, and
	// leaves nothing to use.
	Step func(done, total int) bool

	f      reflectors[T] // of (A·P)ᵀ
	perm   []int
	pivots pivoting[T]
}

// Factorize computes the factorization of a, m × n, which it does not modify
// and of which it keeps nothing. Cost: 2n²(m − n/3) flops for m ≥ n, half of
// them in products of matrices and half of a matrix and a vector (Quintana-Ortí,
// Sun and Bischof, 1998).
func (q *QRP[T]) Factorize(a *Dense[T]) {
	a.check("Factorize", "A")
	q.f.apply.work.Threads = q.Threads
	q.f.one = true
	q.f.resize(a.Cols, a.Rows)
	a.transposeTo(&q.f.a)
	q.factorize()
}

// RTo sets dst = R, min(m,n) × n, with zeros under the diagonal. An empty dst
// is sized. It panics with Error when the shape of dst is another.
func (q *QRP[T]) RTo(dst *Dense[T]) {
	dst.Resize("RTo", q.f.l.Cols, q.f.l.Rows)
	q.f.l.transposeTo(dst)
}

// QTo sets dst to the first min(m,n) columns of Q, m × min(m,n). An empty dst
// is sized. It panics with Error when the shape of dst is another. Cost: as
// QR.Factorize.
func (q *QRP[T]) QTo(dst *Dense[T]) {
	dst.Resize("QTo", q.f.a.Cols, q.f.l.Cols)
	q.f.apply.work.Threads = q.Threads
	q.f.formQ(dst)
}

// MulQ computes B = op(Q)·B in place for an m × c matrix B; Q is all of the
// m × m factor. It panics with Error unless b has m rows. Cost: about
// 4·m·min(m,n)·c flops.
func (q *QRP[T]) MulQ(t Transpose, b *Dense[T]) {
	b.check("MulQ", "B")
	if m := q.f.a.Cols; b.Rows != m {
		panicf("MulQ", "Q is %d×%d, B is %d×%d", m, m, b.Rows, b.Cols)
	}
	q.f.apply.work.Threads = q.Threads
	q.f.mulLeft(t, b)
}

// Perm returns P: column j of A·P is column Perm[j] of A. It fills and returns
// dst, whose length must be n, or a new slice where dst is nil. It panics with
// Error for another length.
func (q *QRP[T]) Perm(dst []int) []int {
	if dst == nil {
		dst = make([]int, len(q.perm))
	}
	if len(dst) != len(q.perm) {
		panicf("Perm", "A has %d columns, len(dst) = %d", len(q.perm), len(dst))
	}
	copy(dst, q.perm)
	return dst
}

// Rank returns the number of diagonal entries of R above rtol times the first,
// in magnitude; rtol == 0 means max(m,n)·eps. It is an estimate that rare
// matrices defeat (Kahan's); singular values decide. It panics with Error if
// rtol is negative or NaN.
func (q *QRP[T]) Rank(rtol T) int {
	if !(rtol >= 0) {
		panicf("Rank", "rtol = %g", rtol)
	}
	if rtol == 0 {
		rtol = T(max(q.f.a.Rows, q.f.a.Cols)) * epsilon[T]()
	}
	rank := 0
	for rank < q.f.l.Cols && q.diagonal(rank) > rtol*q.diagonal(0) {
		rank++
	}
	return rank
}

func (q *QRP[T]) diagonal(i int) T {
	return T(math.Abs(float64(q.f.l.Data[i*q.f.l.Stride+i])))
}

// epsilon is the distance from 1 to the next T.
func epsilon[T Float]() T {
	var zero T
	if unsafe.Sizeof(zero) == 8 {
		return 0x1p-52
	}
	return 0x1p-23
}
