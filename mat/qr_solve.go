package mat

import "errors"

// ErrSingular reports a zero or NaN on the diagonal of a triangular factor that
// a solution would divide by.
var ErrSingular = errors.New("lanes: the matrix is singular")

// Solve sets dst to the n × c matrix X that makes every column of A·X − B as
// short as possible (least squares), for an m × c matrix B. An empty dst is
// sized. It returns ErrSingular, and leaves dst undefined, where R has a zero
// on its diagonal; a small one makes a large X, which QRP and singular values
// would show. It panics with Error when A has fewer rows than columns, for which
// there is LQ, the shapes do not fit or dst shares entries with b. Cost:
// 4mnc − n²c flops.
func (q *QR[T]) Solve(dst, b *Dense[T]) error {
	b.check("Solve", "B")
	n, m := q.f.a.Rows, q.f.a.Cols
	if m < n || b.Rows != m {
		panicf("Solve", "A is %d×%d, B is %d×%d", m, n, b.Rows, b.Cols)
	}
	dst.Resize("Solve", n, b.Cols)
	checkOverlap("Solve", dst, b, "B")
	if q.f.singular() {
		return ErrSingular
	}
	q.rhs = sized(q.rhs, m*b.Cols)
	y := Dense[T]{Rows: m, Cols: b.Cols, Data: q.rhs, Stride: b.Cols}
	y.copyRows(b)
	q.MulQ(Trans, &y)
	top := y.sub(0, 0, n, b.Cols)
	dst.copyRows(&top)
	q.solver.work.Threads = q.Threads
	q.solver.solve(Left, &triOperand[T]{&q.f.l, Lower, Trans, NonUnit}, dst)
	return nil
}

// Solve sets dst to the n × c matrix X of least norm with A·X = B, for an m × c
// matrix B. An empty dst is sized. It returns ErrSingular, and leaves dst
// undefined, where L has a zero on its diagonal. It panics with Error when A has
// more rows than columns, for which there is QR, the shapes do not fit or dst
// shares entries with b. Cost: 4mnc − m²c flops.
func (l *LQ[T]) Solve(dst, b *Dense[T]) error {
	b.check("Solve", "B")
	m, n := l.f.a.Rows, l.f.a.Cols
	if m > n || b.Rows != m {
		panicf("Solve", "A is %d×%d, B is %d×%d", m, n, b.Rows, b.Cols)
	}
	dst.Resize("Solve", n, b.Cols)
	checkOverlap("Solve", dst, b, "B")
	if l.f.singular() {
		return ErrSingular
	}
	top, rest := dst.sub(0, 0, m, b.Cols), dst.sub(m, 0, n-m, b.Cols)
	top.copyRows(b)
	rest.clearRows()
	l.solver.work.Threads = l.Threads
	l.solver.solve(Left, &triOperand[T]{&l.f.l, Lower, NoTrans, NonUnit}, &top)
	l.MulQ(Trans, dst)
	return nil
}

// singular reports whether the diagonal of L holds a zero or NaN.
func (f *reflectors[T]) singular() bool {
	for i := range f.l.Cols {
		if d := f.l.Data[i*f.l.Stride+i]; !(d < 0 || d > 0) {
			return true
		}
	}
	return false
}
