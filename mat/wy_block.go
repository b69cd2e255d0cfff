package mat

// sub is View by value and unchecked: views in inner loops stay off the heap.
func (m *Dense[T]) sub(i, j, rows, cols int) Dense[T] {
	v := Dense[T]{Rows: rows, Cols: cols, Stride: m.Stride}
	if rows > 0 && cols > 0 {
		o := i*m.Stride + j
		v.Data = m.Data[o : o+(rows-1)*m.Stride+cols]
	}
	return v
}

// copyRows is CopyFrom for matrices known to have one shape and no entry in
// common.
func (m *Dense[T]) copyRows(a *Dense[T]) {
	if m.Cols == 0 {
		return
	}
	for i := range m.Rows {
		copy(m.row(i), a.row(i))
	}
}

func (m *Dense[T]) clearRows() {
	if m.Cols == 0 {
		return
	}
	for i := range m.Rows {
		clear(m.row(i))
	}
}

func (m *Dense[T]) setIdentity() {
	m.clearRows()
	for i := range min(m.Rows, m.Cols) {
		m.Data[i*m.Stride+i] = 1
	}
}

// transposeTo sets dst = mᵀ. Four rows are read side by side over eight columns,
// so that few lines of dst are in the making whatever its stride, and in blocks
// of rows whose pages stay at hand.
func (m *Dense[T]) transposeTo(dst *Dense[T]) {
	const rows, cols = 64, 8
	for i0 := 0; i0 < m.Rows; i0 += rows {
		i1 := min(i0+rows, m.Rows)
		for j0 := 0; j0 < m.Cols; j0 += cols {
			j1 := min(j0+cols, m.Cols)
			i := i0
			for ; i+4 <= i1; i += 4 {
				a, b := m.row(i)[j0:j1], m.row(i + 1)[j0:j1]
				c, d := m.row(i + 2)[j0:j1], m.row(i + 3)[j0:j1]
				for j := range a {
					to := dst.Data[(j0+j)*dst.Stride+i:][:4]
					to[0], to[1], to[2], to[3] = a[j], b[j], c[j], d[j]
				}
			}
			for ; i < i1; i++ {
				for j, e := range m.row(i)[j0:j1] {
					dst.Data[(j0+j)*dst.Stride+i] = e
				}
			}
		}
	}
}

// sized returns a slice of length n, in place of buf where it has the room.
func sized[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}

// rowStride returns a stride for rows of n entries that begin cache lines and do
// not all fall on the same sets of the cache, as multiples of large powers of
// two do.
func rowStride(n int) int {
	n = (n + 15) / 16 * 16
	if n%64 == 0 {
		n += 16
	}
	return n
}
