package mat

import "github.com/lanes-go/lanes/kernels"

// sumBlock is the number of rows that ColSums adds up before it adds their sum
// to the total, so that rounding grows with the block and the number of blocks
// instead of the number of rows.
const sumBlock = 128

// sumWidth is the number of columns that ColSums takes at a time.
const sumWidth = 512

// ColSums returns the sum of every column. A nil dst is allocated, another
// must have length Cols; it is filled and returned. A column x of n entries
// comes out within γ·Σ|x_i|, γ of 128+⌈n/128⌉ roundings. It panics with Error
// when the length does not fit or dst shares entries with m. Cost: one pass over
// the entries.
func (m *Dense[T]) ColSums(dst []T) []T { return m.colSums("ColSums", dst) }

// ColMeans returns the mean of every column, 0/0 = NaN without rows; the rules
// are those of ColSums.
func (m *Dense[T]) ColMeans(dst []T) []T {
	dst = m.colSums("ColMeans", dst)
	divideBy(dst, m.Rows)
	return dst
}

// RowMeans returns the mean of every row, 0/0 = NaN without columns. A nil dst
// is allocated, another must have length Rows; it is filled and returned. It
// panics with Error when the length does not fit or dst shares entries with m.
// Cost: one pass over the entries.
func (m *Dense[T]) RowMeans(dst []T) []T {
	m.check("RowMeans", "the matrix")
	dst = m.vectorOf("RowMeans", dst, m.Rows)
	for i := range dst {
		dst[i] = sum(m.row(i))
	}
	divideBy(dst, m.Cols)
	return dst
}

// CenterColumns subtracts means[j] from every entry of column j. It panics
// with Error unless len(means) == Cols, and when means shares entries with m.
func (m *Dense[T]) CenterColumns(means []T) {
	m.check("CenterColumns", "the matrix")
	if len(means) != m.Cols {
		panicf("CenterColumns", "len(means) = %d for a %d×%d matrix", len(means), m.Rows, m.Cols)
	}
	checkOverlap("CenterColumns", m, &Dense[T]{Rows: 1, Cols: m.Cols, Data: means, Stride: m.Cols}, "means")
	for i := range m.rowsWithEntries() {
		kernels.Axpy(-1, means, m.row(i))
	}
}

// CenterRows subtracts means[i] from every entry of row i. It panics with
// Error unless len(means) == Rows, and when means shares entries with m.
func (m *Dense[T]) CenterRows(means []T) {
	m.check("CenterRows", "the matrix")
	if len(means) != m.Rows {
		panicf("CenterRows", "len(means) = %d for a %d×%d matrix", len(means), m.Rows, m.Cols)
	}
	checkOverlap("CenterRows", m, &Dense[T]{Rows: 1, Cols: m.Rows, Data: means, Stride: m.Rows}, "means")
	for i := range m.rowsWithEntries() {
		row, mean := m.row(i), means[i]
		for j := range row {
			row[j] -= mean
		}
	}
}

// rowsWithEntries is Rows, or 0 when the rows are empty: the data of such a
// matrix may be too short to cut a row from.
func (m *Dense[T]) rowsWithEntries() int {
	if m.Cols == 0 {
		return 0
	}
	return m.Rows
}

// colSums adds blocks of rows to dst, each summed on its own first, as many
// columns at a time as a vector on the stack holds.
func (m *Dense[T]) colSums(op string, dst []T) []T {
	m.check(op, "the matrix")
	dst = m.vectorOf(op, dst, m.Cols)
	clear(dst)
	rows := m.rowsWithEntries()
	for i := 0; i < rows; i += sumBlock {
		for j := 0; j < m.Cols; j += sumWidth {
			end := min(j+sumWidth, m.Cols)
			m.addBlock(dst[j:end], i, min(i+sumBlock, rows), j, end)
		}
	}
	return dst
}

// addBlock adds to dst the sums of columns j0 to j1 over rows i0 to i1.
func (m *Dense[T]) addBlock(dst []T, i0, i1, j0, j1 int) {
	var block [sumWidth]T
	part := block[:len(dst)]
	for i := i0; i < i1; i++ {
		kernels.Axpy(1, m.Data[i*m.Stride+j0:i*m.Stride+j1], part)
	}
	kernels.Axpy(1, part, dst)
}

// vectorOf returns dst, or a new vector if it is nil, after checking its length
// and that it shares no entry with m.
func (m *Dense[T]) vectorOf(op string, dst []T, n int) []T {
	if dst == nil {
		return make([]T, n)
	}
	if len(dst) != n {
		panicf(op, "len(dst) = %d, want %d", len(dst), n)
	}
	checkOverlap(op, &Dense[T]{Rows: 1, Cols: n, Data: dst, Stride: n}, m, "the matrix")
	return dst
}

// sum adds x in eight running sums: shorter chains round less and do not wait
// for one another.
func sum[T Float](x []T) T {
	var s [8]T
	for len(x) >= 8 {
		for i, v := range x[:8] {
			s[i] += v
		}
		x = x[8:]
	}
	for i, v := range x {
		s[i] += v
	}
	return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
}

func divideBy[T Float](x []T, n int) {
	for i := range x {
		x[i] /= T(n)
	}
}
