package spectral

import (
	"github.com/lanes-go/lanes/mat"
)

// bidiagPanel is the number of rows and columns reduced between two updates of
// the trailing matrix.
const bidiagPanel = 16

// bidiagBytes is the size of the block of columns that stays in the L2 cache
// between the two products with it.
const bidiagBytes = 1 << 18

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
	qd          dqds
	work        mat.Workspace[T]
}

// Reset makes room for an m × n matrix, m ≥ n, and returns it for the caller to
// fill, at a scale that ScaleFor chose.
func (b *Bidiagonal[T]) Reset(m, n int) *mat.Dense[T] {
	growDense(&b.a, m, n)
	growDense(&b.left, 2*bidiagPanel, m)
	growDense(&b.right, 2*bidiagPanel, n)
	b.coef, b.sums = Grow(b.coef, 2*bidiagPanel), Grow(b.sums, 2*bidiagPanel)
	b.d, b.e = Grow(b.d, n), Grow(b.e, max(n-1, 0))
	b.D = Grow(b.D, n)
	return &b.a
}

// Factorize reduces the matrix that Reset returned and finds the values, unless
// watch stops it, or, which no finite matrix is known to cause, dqds fails; then
// it reports false. Cost: 4n²(m − n/3) flops, half of them in products of matrix
// and vector.
func (b *Bidiagonal[T]) Factorize(threads int, watch *Monitor) bool {
	b.work.Threads = threads
	n := b.a.Cols
	for first := 0; first < n; first += bidiagPanel {
		if !watch.Step(stageBidiagonal, first, n) {
			return false
		}
		last := min(first+bidiagPanel, n)
		for i := first; i < last; i++ {
			b.step(i, 2*(i-first))
		}
		b.update(first, last)
	}
	return bidiagonalValues(&b.qd, b.d, b.e, b.D)
}

// step reduces column and row i, with so many rows of left and right in use. The
// products with A of the row's reflector v and of the row itself differ by a
// multiple of one column, so that the row's may be taken block by block as it
// becomes known (Howell, Demmel, Fulton, Hammarling and Marmol 2008).
func (b *Bidiagonal[T]) step(i, used int) {
	m, n := b.a.Rows, b.a.Cols
	v := b.left.Row(used)[i:]
	for r := range v {
		v[r] = b.a.Data[(i+r)*b.a.Stride+i]
	}
	b.subtract(&b.left, &b.right, used, i, v)
	beta, tau := reflector(v)
	b.d[i] = beta
	if i == n-1 {
		return
	}
	below := window(&b.a, i, i+1, m-i, n-i-1)
	y, u := b.right.Row(used)[i+1:], b.right.Row(used + 1)[i+1:]
	// The row is what A has there less the panel's steps, and less y of this one.
	copy(u, b.a.Row(i)[i+1:])
	b.subtract(&b.right, &b.left, used, i, u)
	b.project(&b.left, used, i, v)
	x := b.left.Row(used + 1)[i+1:]
	clear(x)
	width := max(bidiagBytes/(8*(m-i)), 32)
	for j := 0; j < len(y); j += width {
		k := min(width, len(y)-j)
		part := window(&below, 0, j, m-i, k)
		b.work.Gemv(mat.Trans, tau, &part, v, 0, y[j:j+k])
		if used > 0 {
			r := window(&b.right, 0, i+1+j, used, k)
			b.work.Gemv(mat.Trans, -tau, &r, b.sums[:used], 1, y[j:j+k])
		}
		for c, t := range y[j : j+k] {
			u[j+c] -= t
		}
		part = window(&below, 1, j, m-i-1, k)
		b.work.Gemv(mat.NoTrans, 1, &part, u[j:j+k], 1, x)
	}
	b.finishRow(i, used, x, u)
}

// finishRow makes the reflector of the row that u holds, of which x is the
// image under A: A·v = (A·u − β·A·e₀)/(α−β).
func (b *Bidiagonal[T]) finishRow(i, used int, x, u []T) {
	alpha := u[0]
	beta, tau := reflector(u)
	b.e[i] = beta
	if tau == 0 {
		clear(x)
	} else {
		scale := 1 / (alpha - beta)
		for r := range x {
			x[r] = tau * scale * (x[r] - beta*b.a.Data[(i+1+r)*b.a.Stride+i+1])
		}
		rows := window(&b.right, 0, i+1, used+1, len(u))
		b.work.Gemv(mat.NoTrans, tau, &rows, u, 0, b.sums[:used+1])
		l := window(&b.left, 0, i+1, used+1, len(x))
		b.work.Gemv(mat.Trans, -1, &l, b.sums[:used+1], 1, x)
	}
}

// subtract takes Σ of(k)·with(k, i) off dst, the end of a row.
func (b *Bidiagonal[T]) subtract(of, with *mat.Dense[T], used, i int, dst []T) {
	if used == 0 {
		return
	}
	for k := range used {
		b.coef[k] = with.Data[k*with.Stride+i]
	}
	rows := window(of, 0, of.Cols-len(dst), used, len(dst))
	b.work.Gemv(mat.Trans, -1, &rows, b.coef[:used], 1, dst)
}

// project sets sums to the products of the rows of m, from column i on, with v.
func (b *Bidiagonal[T]) project(m *mat.Dense[T], used, i int, v []T) {
	if used > 0 {
		rows := window(m, 0, i, used, len(v))
		b.work.Gemv(mat.NoTrans, 1, &rows, v, 0, b.sums[:used])
	}
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
