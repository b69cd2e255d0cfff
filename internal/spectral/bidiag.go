package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// bidiagPanel is the number of rows and columns reduced between two updates of
// the trailing matrix.
const bidiagPanel = 16

// Bidiagonal finds the singular values of a matrix by a reduction to upper
// bidiagonal form, A = Q·B·Pᵀ (LAPACK gebrd, labrd), and dqds. Their error is of
// the order of eps·‖A‖. The zero value is ready; a second Factorize of no larger
// size allocates nothing.
//
// The columns of Q's and P's reflectors, and those of the images that the
// updates need, are rows here: A less the panel's first steps is A − LᵀR, with
// rows v(0), x(0), v(1), x(1), … in L and y(0), u(0), y(1), u(1), … in R.
type Bidiagonal[T mat.Float] struct {
	// D holds the singular values, descending.
	D []float64

	a           mat.Dense[T]
	left, right mat.Dense[T]
	coef        []T
	sums        []T
	d, e        []T
	tau         []T // of the rows' reflectors, which replace the rows of a
	qd          dqds
	work        mat.Workspace[T]

	// Of Trailing:
	v    mat.Dense[T]
	meet []float64
	back backTransform[T]
}

// Reset makes room for an m × n matrix, m ≥ n, and returns it for the caller to
// fill, at a scale that ScaleFor chose.
func (b *Bidiagonal[T]) Reset(m, n int) *mat.Dense[T] {
	growDense(&b.a, m, n)
	growDense(&b.left, 2*bidiagPanel, m)
	growDense(&b.right, 2*bidiagPanel, n)
	b.coef, b.sums = Grow(b.coef, 2*bidiagPanel), Grow(b.sums, 2*bidiagPanel)
	b.d, b.e = Grow(b.d, n), Grow(b.e, max(n-1, 0))
	b.D, b.tau = Grow(b.D, n), Grow(b.tau, n)
	return &b.a
}

// Factorize reduces the matrix that Reset returned and finds the values, unless
// watch stops it, or, which no finite matrix is known to cause, dqds fails; then
// it reports false. Cost: 4n²(m − n/3) flops, half of them in products of matrix
// and vector.
func (b *Bidiagonal[T]) Factorize(threads int, watch *Monitor) bool {
	return b.reduce(threads, watch) && bidiagonalValues(&b.qd, b.d, b.e, b.D)
}

// reduce fills d, e and tau, and leaves the rows' reflectors in a.
func (b *Bidiagonal[T]) reduce(threads int, watch *Monitor) bool {
	b.work.Threads = threads
	n := b.a.Cols
	for first := 0; first < n; first += bidiagPanel {
		if !watch.Step(stageBidiagonal, first, n) {
			return false
		}
		last := min(first+bidiagPanel, n)
		b.start(first)
		for i := first; i < last; i++ {
			b.step(i, 2*(i-first), i == last-1)
		}
		b.update(first, last)
	}
	return true
}

// step reduces column and row i, of which the column, and the matrix's transpose
// times it, stand in left and right. It leaves those of the next one, unless this
// is the last of a panel: the product with A of the row's reflector gives the next
// column entry by entry, and this what its product with Aᵀ takes of that row of A,
// which is read once (Howell, Demmel, Fulton, Hammarling and Marmol 2008).
func (b *Bidiagonal[T]) step(i, used int, last bool) {
	m, n := b.a.Rows, b.a.Cols
	v := b.left.Row(used)[i:]
	alpha := v[0]
	beta, tau := reflector(v)
	b.d[i] = beta
	if i == n-1 {
		return
	}
	b.finishColumn(i, used, alpha, beta, tau)
	u, x := b.right.Row(used + 1)[i+1:], b.left.Row(used + 1)[i+1:]
	copy(u, b.a.Row(i)[i+1:])
	b.subtract(&b.right, &b.left, used+1, i, u)
	b.e[i], tau = reflector(u)
	b.tau[i] = tau
	row := b.a.Row(i)
	clear(row[:i+1])
	copy(row[i+1:], u)
	b.images(&b.right, &b.left, used+1, i+1, tau, u, 0, x)
	below := b.a.Data[(i+1)*b.a.Stride+i+1:]
	if last {
		kernels.Gemv(len(x), len(u), tau, below, b.a.Stride, 1, u, 1, x)
		return
	}
	c := b.left.Row(used + 2)[i+1:]
	b.column(i+1, c)
	b.subtract(&b.left, &b.right, used+1, i+1, c)
	y := b.right.Row(used + 2)[i+1:]
	clear(y)
	kernels.GemvNT(m-i-1, len(u), tau, below, b.a.Stride, u, y, x, c)
}

// column copies column i of A, from row i on.
func (b *Bidiagonal[T]) column(i int, c []T) {
	for r := range c {
		c[r] = b.a.Data[(i+r)*b.a.Stride+i]
	}
}

// start does for the first step of a panel what step does for the next.
func (b *Bidiagonal[T]) start(i int) {
	c, y := b.left.Row(0)[i:], b.right.Row(0)[i:]
	b.column(i, c)
	kernels.Gemv(len(y), len(c), 1, b.a.Data[i*b.a.Stride+i:], 1, b.a.Stride, c, 0, y)
}

// finishColumn makes Aᵀ times the reflector of column i of Aᵀ times the column,
// A being what the panel's steps have left, of which y has seen none:
// v = (c − β·e₀)/(α − β).
func (b *Bidiagonal[T]) finishColumn(i, used int, alpha, beta, tau T) {
	y := b.right.Row(used)[i+1:]
	if tau == 0 {
		clear(y)
		return
	}
	scale := tau / (alpha - beta)
	for j, t := range b.a.Row(i)[i+1:] {
		y[j] = scale * (y[j] - beta*t)
	}
	b.images(&b.left, &b.right, used, i, tau, b.left.Row(used)[i:], 1, y)
}

// images sets dst to keep times itself less tau times what the first rows of two
// panels make of v: the products of those of from, at v's columns, are the factors
// of those of to.
func (b *Bidiagonal[T]) images(from, to *mat.Dense[T], used, first int, tau T, v []T, keep T, dst []T) {
	kernels.Gemv(used, len(v), 1, from.Data[first:], from.Stride, 1, v, 0, b.sums[:used])
	at := to.Cols - len(dst)
	kernels.Gemv(len(dst), used, -tau, to.Data[at:], 1, to.Stride, b.sums[:used], keep, dst)
}

// subtract takes Σ of(k)·with(k, i) off dst, the end of a row.
func (b *Bidiagonal[T]) subtract(of, with *mat.Dense[T], used, i int, dst []T) {
	for k := range used {
		b.coef[k] = with.Data[k*with.Stride+i]
	}
	kernels.Gemv(len(dst), used, -1, of.Data[of.Cols-len(dst):], 1, of.Stride, b.coef[:used], 1, dst)
}

// update applies the panel's reflectors to the trailing matrix.
func (b *Bidiagonal[T]) update(first, last int) {
	m, n := b.a.Rows, b.a.Cols
	if last == n {
		return
	}
	used := 2 * (last - first)
	left, right := window(&b.left, 0, last, used, m-last), window(&b.right, 0, last, used, n-last)
	c := window(&b.a, last, last, m-last, n-last)
	b.work.Gemm(mat.Trans, mat.NoTrans, -1, &left, &right, 1, &c)
}
