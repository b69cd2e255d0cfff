package mat

import (
	"math"
	"math/bits"
)

// Dense is a row-major matrix: entry (i, j) is Data[i*Stride+j]. Its fields
// may be set by hand; every operation but At, Set and Row, which check their
// indices alone, checks that Stride >= Cols and that
// len(Data) >= (Rows-1)*Stride+Cols, so the last row may be short, and that
// neither Rows nor Cols exceeds 2^44 where there are no entries to count. The zero
// value is an empty matrix, which Mul and the decompositions' To methods size. A
// nil matrix panics with Error too, but in Gemm and Mul, which are too short for
// another check: there with Go's own nil dereference.
type Dense[T Float] struct {
	Rows, Cols int
	Data       []T
	Stride     int
}

// mostEntries of a matrix, and rows or columns of one without entries, are less
// than what make refuses: addresses have 48 bits at most, and an int counts bytes.
const mostEntries = min(math.MaxInt>>3, 1<<44)

// NewDense returns a rows × cols matrix over data, which it shares and whose
// length must be rows*cols; nil allocates zeros. It panics with Error
// otherwise, and for negative dimensions.
func NewDense[T Float](rows, cols int, data []T) *Dense[T] {
	if rows < 0 || cols < 0 {
		panicf("NewDense", "%d×%d has a negative dimension", rows, cols)
	}
	if rows > mostEntries/max(cols, 1) || cols > mostEntries {
		panicf("NewDense", "%d×%d has more entries, rows or columns than memory can have", rows, cols)
	}
	if data == nil {
		data = make([]T, rows*cols)
	}
	if len(data) != rows*cols {
		panicf("NewDense", "%d×%d needs %d elements, len(data) = %d", rows, cols, rows*cols, len(data))
	}
	return &Dense[T]{Rows: rows, Cols: cols, Data: data, Stride: cols}
}

// Eye returns the n × n identity. It panics with Error if n < 0.
func Eye[T Float](n int) *Dense[T] {
	m := NewDense[T](n, n, nil)
	for i := range n {
		m.Data[i*m.Stride+i] = 1
	}
	return m
}

// At returns entry (i, j). It panics with Error outside the matrix.
func (m *Dense[T]) At(i, j int) T {
	if uint(i) >= uint(m.Rows) || uint(j) >= uint(m.Cols) {
		m.panicIndex("At", i, j)
	}
	return m.Data[i*m.Stride+j]
}

// Set sets entry (i, j) to v. It panics with Error outside the matrix.
func (m *Dense[T]) Set(i, j int, v T) {
	if uint(i) >= uint(m.Rows) || uint(j) >= uint(m.Cols) {
		m.panicIndex("Set", i, j)
	}
	m.Data[i*m.Stride+j] = v
}

func (m *Dense[T]) panicIndex(op string, i, j int) {
	panicf(op, "index (%d, %d) outside a %d×%d matrix", i, j, m.Rows, m.Cols)
}

// Row returns row i, sharing Data; its capacity ends with the row. It panics
// with Error outside the matrix.
func (m *Dense[T]) Row(i int) []T {
	if uint(i) >= uint(m.Rows) {
		panicf("Row", "row %d of a %d×%d matrix", i, m.Rows, m.Cols)
	}
	return m.row(i)
}

// row is Row without the check on i. A row without entries may lie anywhere.
func (m *Dense[T]) row(i int) []T {
	if m.Cols == 0 {
		return nil
	}
	o := i * m.Stride
	return m.Data[o : o+m.Cols : o+m.Cols]
}

// View returns the rows × cols block whose upper left corner is (i, j),
// sharing Data. Empty views are legal anywhere in the matrix, its far corner
// included. It panics with Error for a block that leaves the matrix.
func (m *Dense[T]) View(i, j, rows, cols int) *Dense[T] {
	m.check("View", "the matrix")
	if i < 0 || j < 0 || rows < 0 || cols < 0 || i > m.Rows-rows || j > m.Cols-cols {
		panicf("View", "a %d×%d block at (%d, %d) leaves a %d×%d matrix", rows, cols, i, j, m.Rows, m.Cols)
	}
	v := &Dense[T]{Rows: rows, Cols: cols, Stride: m.Stride}
	if rows > 0 && cols > 0 {
		o := i*m.Stride + j
		v.Data = m.Data[o : o+(rows-1)*m.Stride+cols]
	}
	return v
}

// Clone returns a copy with Stride == Cols.
func (m *Dense[T]) Clone() *Dense[T] {
	m.check("Clone", "the matrix")
	c := NewDense[T](m.Rows, m.Cols, nil)
	c.CopyFrom(m)
	return c
}

// CopyFrom copies a into m, which must have its shape; an empty m is sized. It
// panics with Error when the shapes differ or entries are shared.
func (m *Dense[T]) CopyFrom(a *Dense[T]) {
	a.check("CopyFrom", "the source")
	m.Resize("CopyFrom", a.Rows, a.Cols)
	checkOverlap("CopyFrom", m, a, "the source")
	m.copyRows(a)
}

// Fill sets every entry to v.
func (m *Dense[T]) Fill(v T) {
	m.check("Fill", "the matrix")
	for i := range m.rowsWithEntries() {
		row := m.row(i)
		for j := range row {
			row[j] = v
		}
	}
}

// Resize makes m a rows × cols destination for the operation op: an empty
// matrix (Rows == Cols == 0) is allocated, another must have that shape
// already, or Resize panics with Error.
func (m *Dense[T]) Resize(op string, rows, cols int) {
	if m != nil && m.Rows == 0 && m.Cols == 0 {
		*m = *NewDense[T](rows, cols, nil)
		return
	}
	m.check(op, "the destination")
	if m.Rows != rows || m.Cols != cols {
		panicf(op, "the destination is %d×%d, the result %d×%d", m.Rows, m.Cols, rows, cols)
	}
}

// Check panics with Error, for the operation op and a matrix called what, when m
// is nil and unless its fields agree with one another.
func (m *Dense[T]) Check(op, what string) { m.check(op, what) }

// valid reports whether the fields of m agree with one another.
func (m *Dense[T]) valid() bool {
	if m.Rows <= 0 || m.Cols <= 0 {
		return min(m.Rows, m.Cols) >= 0 && max(m.Rows, m.Cols) <= mostEntries && m.Stride >= m.Cols
	}
	over, before := bits.Mul64(uint64(m.Rows-1), uint64(m.Stride)) // entries before the last row
	return m.Stride >= m.Cols && len(m.Data) >= m.Cols && over == 0 && before <= uint64(len(m.Data)-m.Cols)
}

// check panics with Error unless m is valid.
func (m *Dense[T]) check(op, what string) {
	if m == nil {
		panicf(op, "%s is nil", what)
	}
	if m.valid() {
		return
	}
	if max(m.Rows, m.Cols) > mostEntries {
		panicf(op, "%s is %d×%d, more rows or columns than memory can have", what, m.Rows, m.Cols)
	}
	panicf(op, "%s is %d×%d with stride %d and len(Data) = %d", what, m.Rows, m.Cols, m.Stride, len(m.Data))
}
