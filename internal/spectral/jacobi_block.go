package spectral

import (
	"math"
	"slices"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// pivotBlock is the usual number of rows of one of the two blocks of a pivot.
const pivotBlock = 64

// BlockJacobi diagonalises symmetric matrices by the two-sided Jacobi method on
// blocks: each pivot, the rows and columns of two blocks, is diagonalised whole,
// by divide and conquer, and all else are products. The zero value is ready;
// a second Run of no larger order allocates nothing.
type BlockJacobi[T mat.Float] struct {
	// Watch may stop Run before any sweep.
	Watch *Monitor
	// Threads caps the goroutines of the products; it changes no bit.
	Threads int

	height int // of a block; 0 means pivotBlock
	n      int
	a, v   mat.Dense[T]
	d      []float64
	tol    float64
	order  order
	solver SymDC[T]
	pivot  mat.Dense[T]
	rows   mat.Dense[T] // eigenvectors of the pivot
	perm   []int        // of them, in order
	panel  mat.Dense[T]
	image  mat.Dense[T]
	ws     mat.Workspace[T]
}

// Run diagonalises the symmetric n × n matrix a, which it overwrites above and
// below the diagonal. The rows of the n × n matrix v, unless v is empty, are
// multiplied by the same transformations: from v = I they become the
// eigenvectors. d, of length n, receives the eigenvalues, d[i] for row i, in no
// particular order. scratch has length n. The scale of a must be one that
// ScaleFor chose.
//
// A pivot is solved when its off-norm is above eps·‖A‖_F divided by the number
// of blocks; Rotations counts the pivots. The iteration ends with a sweep that
// meets an off-norm, relative to ‖A‖_F, of at most eps. Each pivot's
// eigenvalues are kept in order, without which the method stalls. The error is
// that of a pivot. Cost of a sweep: 4n³ flops in products, and 4n³ for vectors.
func (j *BlockJacobi[T]) Run(n int, a, v []T, d, scratch []float64, maxSweeps int) (Sweeps, error) {
	j.n, j.d = n, d
	j.a = mat.Dense[T]{Rows: n, Cols: n, Stride: n, Data: a[:n*n]}
	j.v = mat.Dense[T]{}
	if len(v) > 0 {
		j.v = mat.Dense[T]{Rows: n, Cols: n, Stride: n, Data: v[:n*n]}
	}
	j.ws.Threads = j.Threads
	for i := range n {
		d[i] = float64(a[i*n+i])
	}
	norm := math.Sqrt(sumSquares(a[:n*n]))
	if j.height == 0 {
		j.height = pivotBlock
	}
	blocks := max(2, (n+j.height-1)/j.height)
	j.tol = Eps[T]() * norm / float64(blocks)
	var st Sweeps
	previous := 0.0
	for !st.Converged && st.Count < maxSweeps && j.Watch.Step(stageSweeps, st.Count, maxSweeps) {
		j.order = sweepOrder(j.order, &st, previous, d, scratch)
		previous = st.Off
		pivots, off, err := j.sweep(blocks)
		st.add(pivots, relative(off, norm))
		if err != nil {
			return st, err
		}
		st.Converged = st.Off <= Eps[T]()
	}
	return st, nil
}

// sweep visits every pair of blocks once. It returns the number of pivots that
// were solved, and the off-norm as it met it.
func (j *BlockJacobi[T]) sweep(blocks int) (pivots int, off float64, err error) {
	begin := func(block int) int { return block * j.n / blocks }
	for p := range blocks {
		for q := p + 1; q < blocks; q++ {
			pair := blockPair{begin(p), begin(p + 1), begin(q), begin(q + 1)}
			squares := j.loadPivot(pair)
			off += squares
			if math.Sqrt(squares) <= j.tol {
				continue
			}
			pivots++
			if err := j.solver.Factorize(&j.pivot, false, j.Threads); err != nil {
				return pivots, math.Sqrt(off), err
			}
			j.apply(pair)
		}
	}
	return pivots, math.Sqrt(off), nil
}

// blockPair is the rows first1 to last1-1 and first2 to last2-1.
type blockPair struct{ first1, last1, first2, last2 int }

func (b blockPair) len() int { return b.last1 - b.first1 + b.last2 - b.first2 }

// row returns the row of the matrix which is row i of the pair.
func (b blockPair) row(i int) int {
	if k := b.last1 - b.first1; i >= k {
		return b.first2 + i - k
	}
	return b.first1 + i
}

// columns copies the columns of the pair from src to dst.
func columnsOf[T mat.Float](b blockPair, dst, src []T) {
	copy(dst, src[b.first1:b.last1])
	copy(dst[b.last1-b.first1:], src[b.first2:b.last2])
}

// loadPivot copies the rows and columns of the pair to pivot and returns the
// sum of the squares off its diagonal.
func (j *BlockJacobi[T]) loadPivot(pair blockPair) (squares float64) {
	k := pair.len()
	growDense(&j.pivot, k, k)
	for i := range k {
		row := j.pivot.Row(i)
		columnsOf(pair, row, j.a.Row(pair.row(i)))
		squares += sumSquares(row[:i]) + sumSquares(row[i+1:])
	}
	return squares
}

// apply multiplies the rows of the pair in a and v by the eigenvectors of the
// pivot, and the columns in a.
func (j *BlockJacobi[T]) apply(pair blockPair) {
	k := pair.len()
	j.sortVectors(k)
	j.multiply(&j.a, pair)
	for i, from := range j.perm {
		j.d[pair.row(i)] = float64(j.solver.Values()[from])
		row := j.a.Row(pair.row(i))
		clear(row[pair.first1:pair.last1])
		clear(row[pair.first2:pair.last2])
		row[pair.row(i)] = j.solver.Values()[from]
	}
	j.mirror(pair.first1, pair.last1)
	j.mirror(pair.first2, pair.last2)
	if j.v.Rows > 0 {
		j.multiply(&j.v, pair)
	}
}

// sortVectors fills rows and perm with the vectors of the pivot in order.
func (j *BlockJacobi[T]) sortVectors(k int) {
	j.perm = grow(j.perm, k)
	for i := range j.perm {
		j.perm[i] = i
	}
	values := j.solver.Values()
	slices.SortFunc(j.perm, func(x, y int) int {
		switch dx, dy := float64(values[x]), float64(values[y]); {
		case j.order.swapped(dx, dy):
			return 1
		case j.order.swapped(dy, dx):
			return -1
		}
		return x - y
	})
	growDense(&j.rows, k, k)
	for i, from := range j.perm {
		copy(j.rows.Row(i), j.solver.Vector(from))
	}
}

// multiply replaces the rows of the pair in m by rows times them.
func (j *BlockJacobi[T]) multiply(m *mat.Dense[T], pair blockPair) {
	k := pair.len()
	growDense(&j.panel, k, j.n)
	growDense(&j.image, k, j.n)
	for i := range k {
		copy(j.panel.Row(i), m.Row(pair.row(i)))
	}
	j.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &j.rows, &j.panel, 0, &j.image)
	for i := range k {
		copy(m.Row(pair.row(i)), j.image.Row(i))
	}
}

// mirror copies the rows first to last-1 of a to its columns.
func (j *BlockJacobi[T]) mirror(first, last int) {
	n, a := j.n, j.a.Data
	growDense(&j.panel, last-first, n)
	for i := range last - first {
		copy(j.panel.Row(i), j.a.Row(first+i))
	}
	kernels.Transpose(last-first, n, j.panel.Data, j.panel.Stride, a[first:], n)
}
