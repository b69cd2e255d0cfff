package svd

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// apply is the workspace of what is computed from a decomposition.
type apply[T mat.Float] struct {
	u, v, c mat.Dense[T]
	qr      mat.QR[T]
	work    mat.Workspace[T]
}

func (w *apply[T]) setThreads(n int) { w.qr.Threads, w.work.Threads = n, n }

// reserve makes x an m × n matrix of undefined entries.
func (w *apply[T]) reserve(x *mat.Dense[T], m, n int) *mat.Dense[T] {
	*x = mat.Dense[T]{Rows: m, Cols: n, Stride: n, Data: spectral.Grow(x.Data, m*n)}
	return x
}

// complement writes an orthonormal basis of the complement of the columns of q,
// m × k and orthonormal, to dst, m × (m−k): the last columns of the orthogonal
// factor of q.
func (w *apply[T]) complement(dst, q *mat.Dense[T]) {
	dst.Fill(0)
	for i := range dst.Cols {
		dst.Data[(q.Cols+i)*dst.Stride+i] = 1
	}
	w.qr.Factorize(q)
	w.qr.MulQ(mat.NoTrans, dst)
}

// columnsOf returns the columns from first up to, not including, last.
func columnsOf[T mat.Float](a *mat.Dense[T], first, last int) mat.Dense[T] {
	b := mat.Dense[T]{Rows: a.Rows, Cols: last - first, Stride: a.Stride}
	if a.Rows > 0 && last > first {
		b.Data = a.Data[first:]
	}
	return b
}

// divideColumns divides column j of a by d[j].
func divideColumns[T mat.Float](a *mat.Dense[T], d []T) {
	for i := range a.Rows {
		row := a.Row(i)
		for j, x := range d {
			row[j] /= x
		}
	}
}

// scaleRows scales a in place.
func scaleRows[T mat.Float](scale spectral.Scale, a *mat.Dense[T]) {
	if scale == (spectral.Scale{}) {
		return
	}
	for i := range a.Rows {
		spectral.ScaleRow(scale, a.Row(i))
	}
}

// ReconstructTo writes U·Σ·Vᵀ of the k largest singular values to dst, m × n: the
// matrix of rank k closest to A in every unitarily invariant norm (Eckart and
// Young 1936; Mirsky 1960). A k above min(m,n) is taken for min(m,n). An empty dst is
// sized. It panics with mat.Error for k < 0, for a dst of another shape and when
// there are no vectors. Cost: 2mnk flops.
func (s *SVD[T]) ReconstructTo(dst *mat.Dense[T], k int) {
	s.require("ReconstructTo", complete)
	if k < 0 {
		panicf("ReconstructTo", "k = %d", k)
	}
	k = min(k, len(s.values))
	dst.Resize("ReconstructTo", s.rows, s.cols)
	u, v := s.factors(k)
	for i := range u.Rows {
		row := u.Row(i)
		for j, x := range s.values[:k] {
			row[j] *= x
		}
	}
	s.apply.work.Gemm(mat.NoTrans, mat.Trans, 1, &u, &v, 0, dst)
	scaleRows(spectral.Scale{}.Beside(s.room), dst)
}

// factors returns the first k columns of U and of V, for use and for change.
func (s *SVD[T]) factors(k int) (u, v mat.Dense[T]) {
	w := &s.apply
	s.thinTo(w.reserve(&w.u, s.rows, len(s.values)), true)
	s.thinTo(w.reserve(&w.v, s.cols, len(s.values)), false)
	return columnsOf(&w.u, 0, k), columnsOf(&w.v, 0, k)
}

// PinvTo writes the pseudo-inverse (Moore and Penrose) of A to dst, n × m, with
// singular values up to rtol times the largest taken for zero, as
// numpy.linalg.pinv does; rtol = 0 means max(m,n)·eps. An empty dst is sized. It
// panics with mat.Error for a dst of another shape, an rtol that is negative or
// NaN, and when there are no vectors. Cost: 2mn·Rank(rtol) flops.
func (s *SVD[T]) PinvTo(dst *mat.Dense[T], rtol T) {
	s.require("PinvTo", complete)
	rank := s.rank("PinvTo", rtol)
	dst.Resize("PinvTo", s.cols, s.rows)
	u, v := s.factors(rank)
	divideColumns(&v, s.values[:rank])
	s.apply.work.Gemm(mat.NoTrans, mat.Trans, 1, &v, &u, 0, dst)
	scaleRows(s.room, dst)
}

// SolveTo writes the n × c matrix X to dst that makes every column of A·X − B as
// short as possible and, of all such, is the shortest itself, for an m × c matrix
// b; it returns Rank(rtol). Singular values up to rtol times the largest count
// as zero, as in numpy.linalg.lstsq; rtol = 0 means max(m,n)·eps. An empty dst is
// sized. It panics with mat.Error when shapes do not fit, for an rtol that is
// negative or NaN, and when there are no vectors. Cost: 2(m+n)c·Rank(rtol)
// flops.
func (s *SVD[T]) SolveTo(dst, b *mat.Dense[T], rtol T) (rank int) {
	s.require("SolveTo", complete)
	b.Check("SolveTo", "B")
	if b.Rows != s.rows {
		panicf("SolveTo", "A is %d×%d, B is %d×%d", s.rows, s.cols, b.Rows, b.Cols)
	}
	rank = s.rank("SolveTo", rtol)
	dst.Resize("SolveTo", s.cols, b.Cols)
	u, v := s.factors(rank)
	c := s.apply.reserve(&s.apply.c, rank, b.Cols)
	s.apply.work.Gemm(mat.Trans, mat.NoTrans, 1, &u, b, 0, c)
	divideColumns(&v, s.values[:rank])
	s.apply.work.Gemm(mat.NoTrans, mat.NoTrans, 1, &v, c, 0, dst)
	scaleRows(s.room, dst)
	return rank
}
