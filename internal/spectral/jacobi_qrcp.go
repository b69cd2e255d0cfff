package spectral

import (
	"math"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// PivotedQR is the Householder factorization B·P = Q·R of an m × n matrix, m ≥
// n, with column pivoting (Businger and Golub 1965). It works on the rows of Bᵀ,
// so that every access is contiguous.
//
// With the rows of B sorted by falling size it is stable row by row as well as
// column by column (Cox and Higham 1998), and R = D·X with a well-conditioned X
// for whatever B = D₁·C·D₂ with well-conditioned C: what one-sided Jacobi needs
// to find every singular value to high relative accuracy (Drmač and Veselić
// 2008).
type PivotedQR[T mat.Float] struct {
	// Rank is the number of steps before all remaining columns were zero.
	Rank int
	// Perm gives the column of B which is column j of B·P.
	Perm []int

	m, n int
	bt   []T       // row j: R above the diagonal, then reflector j with its leading 1
	diag []T       // of R
	tau  []T       // of the reflectors I − τ·v·vᵀ
	left []float64 // squared norms of the columns below the rows done
	ref  []float64 // the same when last summed, not updated
}

// Rows resizes the factorization to m × n and returns the slice for the caller
// to fill with Bᵀ, row by row.
func (q *PivotedQR[T]) Rows(m, n int) []T {
	q.m, q.n = m, n
	q.bt = Grow(q.bt, m*n)
	q.Perm = Grow(q.Perm, n)
	q.diag, q.tau = Grow(q.diag, n), Grow(q.tau, n)
	q.left, q.ref = Grow(q.left, n), Grow(q.ref, n)
	return q.bt
}

// Factorize factorizes the matrix in Rows, at a scale that ScaleFor chose.
// Columns below Floor times the largest count as zero. It reports false, and
// leaves nothing to use, where watch stops it. Cost: 2n²(m − n/3) flops.
func (q *PivotedQR[T]) Factorize(watch *Monitor) bool {
	for j := range q.n {
		q.Perm[j] = j
		q.left[j] = sumSquares(q.row(j))
		q.ref[j] = q.left[j]
	}
	largest := 0.0
	for q.Rank = 0; q.Rank < q.n; q.Rank++ {
		k := q.Rank
		if k%watchedColumns == 0 && !watch.Step(StagePivoted, k, q.n) {
			return false
		}
		q.pivot(k)
		if k == 0 {
			largest = q.left[0]
		}
		if q.left[k] <= largest*Floor[T]()*Floor[T]() {
			break
		}
		q.reflect(k)
	}
	return true
}

// watchedColumns is the number of columns between two calls of Step.
const watchedColumns = 32

func (q *PivotedQR[T]) row(j int) []T { return q.bt[j*q.m : (j+1)*q.m] }

// pivot brings the longest remaining column to position k.
func (q *PivotedQR[T]) pivot(k int) {
	p := k
	for j := k + 1; j < q.n; j++ {
		if q.left[j] > q.left[p] {
			p = j
		}
	}
	if p != k {
		kernels.Swap(q.row(k), q.row(p))
		q.Perm[k], q.Perm[p] = q.Perm[p], q.Perm[k]
		q.left[p], q.ref[p] = q.left[k], q.ref[k]
	}
	q.left[k] = sumSquares(q.row(k)[k:])
}

// reflect makes the reflector of column k and applies it to the columns after.
func (q *PivotedQR[T]) reflect(k int) {
	v := q.row(k)[k:]
	alpha := float64(v[0])
	beta := -math.Copysign(math.Sqrt(q.left[k]), alpha)
	kernels.Scal(T(1/(alpha-beta)), v)
	v[0] = 1
	tau := (beta - alpha) / beta
	q.diag[k], q.tau[k] = T(beta), T(tau)
	for j := k + 1; j < q.n; j++ {
		x := q.row(j)[k:]
		kernels.Axpy(T(-tau*float64(kernels.Dot(v, x))), v, x)
		q.downdate(j, k)
	}
}

// downdate takes row k out of the norm of column j, or sums the norm anew when
// cancellation has left too few digits.
func (q *PivotedQR[T]) downdate(j, k int) {
	r := float64(q.row(j)[k])
	q.left[j] -= r * r
	if q.left[j] <= math.Sqrt(Eps[T]())*q.ref[j] {
		q.left[j] = sumSquares(q.row(j)[k+1:])
		q.ref[j] = q.left[j]
	}
}

// RTo writes row i of R, of length n, to dst.
func (q *PivotedQR[T]) RTo(dst []T, i int) {
	clear(dst[:min(i, q.n)])
	if i >= q.Rank {
		clear(dst)
		return
	}
	dst[i] = q.diag[i]
	for j := i + 1; j < q.n; j++ {
		dst[j] = q.bt[j*q.m+i]
	}
}

// MulQ replaces the vector x of length m by Q·x. Cost: 4mn flops.
func (q *PivotedQR[T]) MulQ(x []T) {
	for k := q.Rank - 1; k >= 0; k-- {
		v := q.row(k)[k:]
		kernels.Axpy(-q.tau[k]*kernels.Dot(v, x[k:]), v, x[k:])
	}
}
