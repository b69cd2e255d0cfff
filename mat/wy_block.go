package mat

import "github.com/lanes-go/lanes/kernels"

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
	for i := range m.rowsWithEntries() {
		copy(m.row(i), a.row(i))
	}
}

func (m *Dense[T]) clearRows() {
	for i := range m.rowsWithEntries() {
		clear(m.row(i))
	}
}

func (m *Dense[T]) setIdentity() {
	m.clearRows()
	for i := range min(m.Rows, m.Cols) {
		m.Data[i*m.Stride+i] = 1
	}
}

// transposeTo is dst.TransposeFrom(m) for matrices known to fit.
func (m *Dense[T]) transposeTo(dst *Dense[T]) {
	kernels.Transpose(m.rowsWithEntries(), m.Cols, m.Data, m.Stride, dst.Data, dst.Stride)
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
