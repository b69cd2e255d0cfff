package eig

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// definite is the workspace of runDefinite.
type definite[T mat.Float] struct {
	sorted mat.Dense[T] // upper triangle
	perm   []int        // row of the matrix for each row of sorted
	chol   mat.Cholesky[T]
	gram   spectral.GramSVD[T]
}

// runDefinite finds the eigenvalues of a positive or negative definite matrix,
// each to high relative accuracy, and the vectors: the rows of the Cholesky
// factor U, A = UᵀU, made orthogonal by rotations from the left, have the square
// roots of the eigenvalues for lengths and the eigenvectors for directions
// (Veselić and Hari 1989; Demmel and Veselić 1992). That holds when the scales of
// rows fall, so the diagonal is sorted first. It reports false, and does
// nothing, when a is not definite.
func (j *jacobi[T]) runDefinite(a *mat.Dense[T], bound float64, opts Options, stats *Stats) (bool, error) {
	start := time.Now()
	sign, ok := signOf(a)
	if !ok {
		return false, nil
	}
	j.reset(a.Rows, bound)
	j.sortDiagonal(a)
	j.loadSorted(a, sign)
	c := &j.definite.chol
	c.Threads = opts.Threads
	if c.Factorize(&j.definite.sorted) != nil {
		return false, nil
	}
	stats.Reduce = time.Since(start)

	start = time.Now()
	st, ok := j.rotateFactor(opts)
	if !ok {
		return false, nil
	}
	for i := range j.d {
		j.d[i] = math.Copysign(j.d[i], sign)
	}
	j.place = j.definite.perm
	return true, j.conclude(st, start, stats)
}

// gramOrder is the order from which many pairs at a time are faster than pair by
// pair, measured on matrices of 2 and of 16 decades.
const gramOrder = 32

// rotateFactor makes the rows of U orthogonal and sets d to the squares of their
// lengths and vectors to their directions: many pairs at a time, as products, or
// at small orders and where that fails, pair by pair. It reports false when a
// row vanishes, below the range that its squares have.
func (j *jacobi[T]) rotateFactor(opts Options) (st spectral.Sweeps, ok bool) {
	n := len(j.d)
	if n >= gramOrder && j.watch.Step("Gram matrices", 0, 1) {
		if st = j.rotateByGram(opts); st.Converged {
			return st, !slices.Contains(j.d, 0)
		}
	}
	j.definite.chol.UTo(&mat.Dense[T]{Rows: n, Cols: n, Stride: n, Data: j.work[:n*n]})
	st = spectral.SVDOneSided(n, j.work, n, j.d, j.scratch, sweepLimit(opts), j.watch)
	if slices.Contains(j.d, 0) {
		return st, false
	}
	j.vectors = rows[T]{j.work, n, n}
	for i := range n {
		spectral.Normalise(j.vectors.row(i))
	}
	return st, true
}

func (j *jacobi[T]) rotateByGram(opts Options) spectral.Sweeps {
	n, g := len(j.d), &j.definite.gram
	g.Factor = true
	j.definite.chol.UTo(g.Reset(n, n))
	err := g.Factorize(false, sweepLimit(opts), opts.Threads)
	for i, length := range g.D {
		j.d[i] = length * length
	}
	j.vectors = rows[T]{g.Left().Data, n, g.Left().Stride}
	return spectral.Sweeps{Count: g.Stats().Corrections, Off: g.Stats().Off, Converged: err == nil}
}

// signOf returns the sign that all entries of the diagonal have, and false when
// they differ.
func signOf[T mat.Float](a *mat.Dense[T]) (sign float64, ok bool) {
	sign = 1
	for i := range a.Rows {
		x := float64(a.Data[i*a.Stride+i])
		if i == 0 && x < 0 {
			sign = -1
		}
		if !(x*sign > 0) {
			return 0, false
		}
	}
	return sign, true
}

// sortDiagonal sets perm to the rows of a by falling size of the diagonal.
func (j *jacobi[T]) sortDiagonal(a *mat.Dense[T]) {
	d := &j.definite
	d.perm = spectral.Grow(d.perm, a.Rows)
	for i := range d.perm {
		d.perm[i] = i
		j.d[i] = math.Abs(float64(a.Data[i*a.Stride+i]))
	}
	slices.SortFunc(d.perm, func(p, q int) int { return cmp.Compare(j.d[q], j.d[p]) })
}

// loadSorted sets the upper triangle of sorted to that of sign·a, scaled and in
// the order of perm. It goes through work, where the scaled rows stand whole.
func (j *jacobi[T]) loadSorted(a *mat.Dense[T], sign float64) {
	n, d := a.Rows, &j.definite
	full := rows[T]{j.work[n*n:], n, n}
	full.load(j.scale, a)
	shape(&d.sorted, n, n)
	for i, p := range d.perm {
		row, from := d.sorted.Row(i), full.row(p)
		for k, q := range d.perm[i:] {
			row[i+k] = T(sign) * from[q]
		}
	}
}
