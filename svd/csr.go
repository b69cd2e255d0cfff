package svd

import (
	"fmt"
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// CSR is a sparse matrix in compressed sparse rows, and an Operator. It holds
// its transpose in the same form, so that products with both go row by row of
// the result: on several goroutines, with the same bits for any number. One
// goroutine at a time may use it.
type CSR[T mat.Float] struct {
	// Threads caps the goroutines of a product; 0 means the cap of
	// mat.SetMaxThreads.
	Threads int

	byRow, byCol compressed[T]
	job          kernels.Job
}

// NewCSR returns the rows × cols matrix whose row i has the entries
// values[p] in column colIndex[p] for rowStart[i] ≤ p < rowStart[i+1]: the
// convention of SciPy's csr_matrix. Columns may come in any order, and entries
// of the same place are added. The slices are kept and not modified. It panics
// with mat.Error when they do not fit together, and for more columns than memory
// can index. Cost: that of a copy.
func NewCSR[T mat.Float](rows, cols int, rowStart, colIndex []int, values []T) *CSR[T] {
	if err := checkCSR(rows, cols, rowStart, colIndex, len(values)); err != "" {
		panic(mat.Error{Op: "NewCSR", Detail: err})
	}
	c := &CSR[T]{byRow: compressed[T]{rows: rows, start: rowStart, index: colIndex, values: values}}
	c.byCol = c.byRow.transposed(cols)
	c.byRow.cut()
	c.byCol.cut()
	return c
}

// mostColumns is less than what make refuses: addresses have 48 bits at most, and
// each column takes an int.
const mostColumns = min(math.MaxInt>>4, 1<<44)

func checkCSR(rows, cols int, start, index []int, values int) string {
	switch {
	case rows < 0 || cols < 0 || cols > mostColumns:
		return fmt.Sprintf("the matrix is %d×%d", rows, cols)
	case len(start) != rows+1 || start[0] != 0 || !slices.IsSorted(start) || start[rows] != len(index):
		return fmt.Sprintf("rowStart, of length %d, does not ascend from 0 to len(colIndex) = %d in %d steps", len(start), len(index), rows)
	case len(index) != values:
		return fmt.Sprintf("len(colIndex) = %d, len(values) = %d", len(index), values)
	}
	for _, j := range index {
		if j < 0 || j >= cols {
			return fmt.Sprintf("column %d, there are %d", j, cols)
		}
	}
	return ""
}

// Rows returns the number of rows.
func (c *CSR[T]) Rows() int { return c.byRow.rows }

// Cols returns the number of columns.
func (c *CSR[T]) Cols() int { return c.byCol.rows }

// Len returns the number of entries stored.
func (c *CSR[T]) Len() int { return len(c.byRow.values) }

// MulTo writes A·X, m × c, to dst, for X of n × c. It panics with mat.Error when
// the shapes do not fit or dst shares entries with x. Cost: 2 flops for each entry
// and column of X.
func (c *CSR[T]) MulTo(dst, x *mat.Dense[T]) { c.mulTo("MulTo", &c.byRow, dst, x) }

// MulTransTo writes Aᵀ·Y, n × c, to dst, for Y of m × c. The rules are those of
// MulTo.
func (c *CSR[T]) MulTransTo(dst, y *mat.Dense[T]) { c.mulTo("MulTransTo", &c.byCol, dst, y) }

func (c *CSR[T]) mulTo(op string, a *compressed[T], dst, x *mat.Dense[T]) {
	x.Check(op, "the factor")
	dst.Check(op, "dst")
	cols := c.byRow.rows + c.byCol.rows - a.rows
	if x.Rows != cols || dst.Rows != a.rows || dst.Cols != x.Cols {
		panicf(op, "the matrix is %d×%d, the factor %d×%d, dst %d×%d", a.rows, cols, x.Rows, x.Cols, dst.Rows, dst.Cols)
	}
	dst.CheckOverlap(op, x, "the factor")
	threads := c.Threads
	if threads == 0 {
		threads = mat.MaxThreads()
	}
	a.dst, a.x = *dst, *x
	c.job.Run(threads, len(a.cuts)-1, a)
	a.dst, a.x = mat.Dense[T]{}, mat.Dense[T]{}
}

// compressed is a matrix by rows: values[p] in column index[p] for start[i] ≤ p
// < start[i+1].
type compressed[T mat.Float] struct {
	rows   int
	start  []int
	index  []int
	values []T
	cuts   []int // the rows at which tasks begin, and rows

	dst, x mat.Dense[T] // operands of a product
}

// transposed returns the transpose, which has rows rows.
func (a *compressed[T]) transposed(rows int) compressed[T] {
	n := len(a.values)
	t := compressed[T]{rows: rows, start: make([]int, rows+1), index: make([]int, n), values: make([]T, n)}
	for _, j := range a.index {
		t.start[j+1]++
	}
	for j := range rows {
		t.start[j+1] += t.start[j]
	}
	next := slices.Clone(t.start)
	for i := range a.rows {
		for p := a.start[i]; p < a.start[i+1]; p++ {
			q := next[a.index[p]]
			next[a.index[p]]++
			t.index[q], t.values[q] = i, a.values[p]
		}
	}
	return t
}

// taskEntries is how many entries, and rows without any, make a task worth a
// goroutine's while.
const taskEntries = 4096

// cut divides the rows into tasks of about the same number of entries.
func (a *compressed[T]) cut() {
	a.cuts = []int{0}
	begun := 0
	for i := range a.rows {
		if begun += a.start[i+1] - a.start[i] + 1; begun >= taskEntries {
			a.cuts, begun = append(a.cuts, i+1), 0
		}
	}
	if a.cuts[len(a.cuts)-1] < a.rows {
		a.cuts = append(a.cuts, a.rows)
	}
}

// narrow is the number of columns up to which plain sums are faster than calls
// of a vector kernel.
const narrow = 3

// Task computes the rows of one task.
func (a *compressed[T]) Task(_, task int) {
	for i := a.cuts[task]; i < a.cuts[task+1]; i++ {
		row, first, last := a.dst.Row(i), a.start[i], a.start[i+1]
		if len(row) <= narrow {
			a.sumTo(row, first, last)
			continue
		}
		clear(row)
		for p := first; p < last; p++ {
			kernels.Axpy(a.values[p], a.x.Row(a.index[p]), row)
		}
	}
}

// sumTo adds up the entries from first to last for one row.
func (a *compressed[T]) sumTo(row []T, first, last int) {
	values, index := a.values[first:last], a.index[first:last]
	for c := range row {
		var sum T
		for p, v := range values {
			sum += v * a.x.Data[index[p]*a.x.Stride+c]
		}
		row[c] = sum
	}
}
