package mat

// QR is the factorization A = Q·R by Householder reflectors: Q orthogonal,
// m × m, R upper trapezoidal, min(m,n) × n. The diagonal of R may have either
// sign. The zero value is ready for Factorize; a second call on the same shape
// allocates nothing. One goroutine at a time may use it.
//
// The error is backward and column by column: A + E = Q·R with
// ‖eⱼ‖ ≤ c·m·n·eps·‖aⱼ‖, however the columns are scaled (Higham, Accuracy and
// Stability of Numerical Algorithms, theorem 19.4). NaN and Inf spread to what
// depends on them.
type QR[T Float] struct {
	// Threads caps the goroutines of one call; 0 means the cap of
	// SetMaxThreads. It does not change a bit of the result.
	Threads int

	f      reflectors[T] // of Aᵀ
	rhs    []T
	solver triSolver[T]
}

// Factorize computes the factorization of a, m × n, which it does not modify
// and of which it keeps nothing. Cost: 2n²(m − n/3) flops for m ≥ n, blocked
// compact WY (Schreiber and Van Loan, 1989) on products.
func (q *QR[T]) Factorize(a *Dense[T]) {
	a.check("Factorize", "A")
	q.f.apply.work.Threads = q.Threads
	q.f.resize(a.Cols, a.Rows)
	a.transposeTo(&q.f.a)
	q.f.factorize()
}

// RTo sets dst = R, min(m,n) × n, with zeros under the diagonal. An empty dst
// is sized. It panics with Error when the shape of dst is another.
func (q *QR[T]) RTo(dst *Dense[T]) {
	dst.Resize("RTo", q.f.l.Cols, q.f.l.Rows)
	q.f.l.transposeTo(dst)
}

// QTo sets dst to the first min(m,n) columns of Q, m × min(m,n). An empty dst
// is sized. It panics with Error when the shape of dst is another. Cost: as
// Factorize.
func (q *QR[T]) QTo(dst *Dense[T]) {
	dst.Resize("QTo", q.f.a.Cols, q.f.l.Cols)
	q.f.apply.work.Threads = q.Threads
	q.f.formQ(dst)
}

// MulQ computes B = op(Q)·B in place for an m × c matrix B; Q is all of the
// m × m factor. It panics with Error unless b has m rows. Cost: about
// 4·m·min(m,n)·c flops.
func (q *QR[T]) MulQ(t Transpose, b *Dense[T]) {
	b.check("MulQ", "B")
	if m := q.f.a.Cols; b.Rows != m {
		panicf("MulQ", "Q is %d×%d, B is %d×%d", m, m, b.Rows, b.Cols)
	}
	q.f.apply.work.Threads = q.Threads
	q.f.mulLeft(t, b)
}
