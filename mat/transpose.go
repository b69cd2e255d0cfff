package mat

// T returns a new matrix that holds the transpose.
func (m *Dense[T]) T() *Dense[T] {
	t := new(Dense[T])
	t.TransposeFrom(m)
	return t
}

// TransposeFrom sets m = Aᵀ. An empty m is sized. It panics with Error when
// the shapes do not fit or m shares entries with A. Blocks are transposed in
// vector registers.
func (m *Dense[T]) TransposeFrom(a *Dense[T]) {
	a.check("TransposeFrom", "A")
	m.Resize("TransposeFrom", a.Cols, a.Rows)
	checkOverlap("TransposeFrom", m, a, "A")
	a.transposeTo(m)
}
