package mat

// LQ is the factorization A = L·Q by Householder reflectors: L lower
// trapezoidal, m × min(m,n), Q orthogonal, n × n. The diagonal of L may have
// either sign. The zero value is ready for Factorize; a second call on the same
// shape allocates nothing. One goroutine at a time may use it.
//
// The error is that of QR on Aᵀ: backward, row by row.
type LQ[T Float] struct {
	// Threads caps the goroutines of one call; 0 means the cap of
	// SetMaxThreads. It does not change a bit of the result.
	Threads int

	f      reflectors[T] // its Q is Qᵀ here
	solver triSolver[T]
}

// Factorize computes the factorization of a, m × n, which it does not modify
// and of which it keeps nothing. Cost: 2m²(n − m/3) flops for n ≥ m.
func (l *LQ[T]) Factorize(a *Dense[T]) {
	a.check("Factorize", "A")
	l.f.apply.work.Threads = l.Threads
	l.f.resize(a.Rows, a.Cols)
	l.f.a.copyRows(a)
	l.f.factorize()
}

// LTo sets dst = L, m × min(m,n), with zeros above the diagonal. An empty dst
// is sized. It panics with Error when the shape of dst is another.
func (l *LQ[T]) LTo(dst *Dense[T]) {
	dst.Resize("LTo", l.f.l.Rows, l.f.l.Cols)
	dst.copyRows(&l.f.l)
}

// QTo sets dst to the first min(m,n) rows of Q, min(m,n) × n. An empty dst is
// sized. It panics with Error when the shape of dst is another. Cost: as
// Factorize.
func (l *LQ[T]) QTo(dst *Dense[T]) {
	dst.Resize("QTo", l.f.l.Cols, l.f.a.Cols)
	l.f.apply.work.Threads = l.Threads
	l.f.formQT(dst)
}

// MulQ computes B = op(Q)·B in place for an n × c matrix B; Q is all of the
// n × n factor. It panics with Error unless b has n rows. Cost: about
// 4·n·min(m,n)·c flops.
func (l *LQ[T]) MulQ(t Transpose, b *Dense[T]) {
	b.check("MulQ", "B")
	if n := l.f.a.Cols; b.Rows != n {
		panicf("MulQ", "Q is %d×%d, B is %d×%d", n, n, b.Rows, b.Cols)
	}
	l.f.apply.work.Threads = l.Threads
	l.f.mulLeft(!t, b)
}
