package mat

// transposeBlock is the side of the blocks of TransposeFrom: source and
// destination of a block, 2·32² entries, fit L1 together.
const transposeBlock = 32

// T returns a new matrix that holds the transpose.
func (m *Dense[T]) T() *Dense[T] {
	t := new(Dense[T])
	t.TransposeFrom(m)
	return t
}

// TransposeFrom sets m = Aᵀ. An empty m is sized. It panics with Error when
// the shapes do not fit or m shares entries with A. Both are walked in blocks,
// so that neither is read or written against the grain of the cache for long.
func (m *Dense[T]) TransposeFrom(a *Dense[T]) {
	a.check("TransposeFrom", "A")
	rows, cols := a.Rows, a.Cols // before Resize: a may be m
	m.Resize("TransposeFrom", cols, rows)
	checkOverlap("TransposeFrom", m, a, "A")
	for i := 0; i < rows; i += transposeBlock {
		for j := 0; j < cols; j += transposeBlock {
			m.transposeBlock(a, i, min(i+transposeBlock, rows), j, min(j+transposeBlock, cols))
		}
	}
}

// transposeBlock copies rows i0 to i1 and columns j0 to j1 of a.
func (m *Dense[T]) transposeBlock(a *Dense[T], i0, i1, j0, j1 int) {
	for j := j0; j < j1; j++ {
		dst := m.Data[j*m.Stride+i0 : j*m.Stride+i1]
		from := i0*a.Stride + j
		for i := range dst {
			dst[i] = a.Data[from+i*a.Stride]
		}
	}
}
