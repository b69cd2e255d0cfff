package mat

import "github.com/lanes-go/lanes/kernels"

// Add sets m = m + A. It panics with Error when the shapes differ or A shares
// entries with m at other places; A may be m itself.
func (m *Dense[T]) Add(a *Dense[T]) { m.addScaled("Add", 1, a) }

// Sub sets m = m − A, under the rules of Add.
func (m *Dense[T]) Sub(a *Dense[T]) { m.addScaled("Sub", -1, a) }

// AddScaled sets m = m + alpha·A, under the rules of Add. With alpha == 0 it
// leaves m alone, even where A holds NaN or Inf, as Axpy does.
func (m *Dense[T]) AddScaled(alpha T, a *Dense[T]) { m.addScaled("AddScaled", alpha, a) }

func (m *Dense[T]) addScaled(op string, alpha T, a *Dense[T]) {
	m.checkSameShape(op, a)
	if !sameEntries(m, a) {
		checkOverlap(op, m, a, "A")
	}
	for i := range m.rowsWithEntries() {
		kernels.Axpy(alpha, a.row(i), m.row(i))
	}
}

// Scale sets m = alpha·m. With alpha == 0 it writes zeros without reading m,
// as Scal does.
func (m *Dense[T]) Scale(alpha T) {
	m.check("Scale", "the matrix")
	for i := range m.rowsWithEntries() {
		kernels.Scal(alpha, m.row(i))
	}
}

// Equal reports whether m and A have the same shape and equal entries: NaN
// differs from everything, the zeros of either sign are equal.
func (m *Dense[T]) Equal(a *Dense[T]) bool {
	return m.compare("Equal", a, func(x, y T) bool { return x == y })
}

// EqualApprox reports whether m and A have the same shape and every pair of
// entries differs by at most tol·max(1, |x|, |y|), which is absolute for small
// entries and relative for large ones. NaN differs from everything, an Inf
// equals itself alone.
func (m *Dense[T]) EqualApprox(a *Dense[T], tol T) bool {
	return m.compare("EqualApprox", a, func(x, y T) bool {
		size := max(1, abs(x), abs(y))
		return x == y || (size-size == 0 && abs(x-y) <= tol*size)
	})
}

func (m *Dense[T]) compare(op string, a *Dense[T], equal func(x, y T) bool) bool {
	m.check(op, "the matrix")
	a.check(op, "A")
	if m.Rows != a.Rows || m.Cols != a.Cols {
		return false
	}
	for i := range m.rowsWithEntries() {
		other := a.row(i)
		for j, v := range m.row(i) {
			if !equal(v, other[j]) {
				return false
			}
		}
	}
	return true
}

func (m *Dense[T]) checkSameShape(op string, a *Dense[T]) {
	m.check(op, "the matrix")
	a.check(op, "A")
	if m.Rows != a.Rows || m.Cols != a.Cols {
		panicf(op, "the matrix is %d×%d, A is %d×%d", m.Rows, m.Cols, a.Rows, a.Cols)
	}
}

// sameEntries reports whether a, of the shape of m, is the same block of the
// same data.
func sameEntries[T Float](m, a *Dense[T]) bool {
	return m.rowsWithEntries() > 0 && &m.Data[0] == &a.Data[0] && (m.Stride == a.Stride || m.Rows == 1)
}
