package svd

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// TruncatedOptions of Truncated. The zero value is near-optimal: the error
// ‖A − U·Σ·Vᵀ‖ is rarely a percent above that of the best approximation of rank
// k.
type TruncatedOptions struct {
	// Oversample is the number of vectors iterated beyond k; 0 means 10.
	Oversample int
	// Iterations is the number of products with A·Aᵀ in one Krylov space; 0
	// means 4.
	Iterations int
	// Seed chooses the random start. The same seed gives the same bits on the
	// same kernels, for any number of threads.
	Seed uint64
	// Tol, unless it is 0, restarts the iteration until ‖A·v − σ·u‖ ≤ Tol·σ₁ for
	// each of the k triples, 30 times at most.
	Tol float64
	// Threads caps the goroutines of the matrix products; 0 means the cap of
	// mat.SetMaxThreads.
	Threads int
}

const (
	defaultOversample = 10
	defaultIterations = 4
	maxRestarts       = 30
)

// Truncated returns the k largest singular values of the m × n matrix a,
// descending, with their vectors as the columns of u, m × k, and v, n × k. A k
// above min(m,n) is taken for min(m,n). It panics with mat.Error for k < 0, for
// a malformed matrix and for options that are negative or NaN.
//
// The error is mat.ErrNotFinite for a matrix with NaN or Inf, and wraps
// mat.ErrNoConvergence where Tol is not reached; the results are nil then.
//
// The method is randomised block Krylov iteration (Musco and Musco 2015): with
// b = k + Oversample and c = b·(Iterations+1), about 4·Iterations·m·n·b +
// 2·m·n·c flops of products and the decomposition of a matrix with c rows. When
// c reaches min(m,n), the complete decomposition is computed instead.
func Truncated[T mat.Float](a *mat.Dense[T], k int, opts TruncatedOptions) (u *mat.Dense[T], s []T, v *mat.Dense[T], err error) {
	opts = checkTruncated(a, k, opts)
	largest, ok := bound(a)
	if !ok {
		return nil, nil, nil, mat.ErrNotFinite
	}
	shorter := min(a.Rows, a.Cols)
	k = min(k, shorter)
	block := k + opts.Oversample
	if k == 0 {
		return mat.NewDense[T](a.Rows, 0, nil), []T{}, mat.NewDense[T](a.Cols, 0, nil), nil
	}
	if block*(opts.Iterations+1) >= shorter {
		return leading(a, k, opts.Threads)
	}
	scale := spectral.ScaleFor[T](a.Rows*a.Cols, largest)
	scaled := mat.NewDense[T](a.Rows, a.Cols, nil)
	for i := range a.Rows {
		spectral.ScaleTo(scale, scaled.Row(i), a.Row(i))
	}
	x := newKrylov(scaled, block, opts)
	for range maxRestarts {
		if err = x.iterate(opts.Iterations); err != nil {
			return nil, nil, nil, err
		}
		if opts.Tol == 0 || x.residual(k) <= opts.Tol {
			u, s, v = x.result(k)
			for i := range s {
				s[i] = T(scale.Undo(float64(s[i])))
			}
			return u, s, v, nil
		}
		x.restart()
	}
	return nil, nil, nil, fmt.Errorf("%w: Truncated stands at an off-norm (largest residual) of %.3g·σ₁, above Tol = %.3g, after %d sweeps (restarts)",
		mat.ErrNoConvergence, x.residual(k), opts.Tol, maxRestarts)
}

func checkTruncated[T mat.Float](a *mat.Dense[T], k int, opts TruncatedOptions) TruncatedOptions {
	spectral.CheckInput("Truncated", a)
	if k < 0 {
		panicf("Truncated", "k = %d", k)
	}
	if opts.Oversample < 0 || opts.Iterations < 0 || opts.Threads < 0 || !(opts.Tol >= 0) {
		panicf("Truncated", "Oversample = %d, Iterations = %d, Threads = %d, Tol = %v",
			opts.Oversample, opts.Iterations, opts.Threads, opts.Tol)
	}
	if opts.Oversample == 0 {
		opts.Oversample = defaultOversample
	}
	if opts.Iterations == 0 {
		opts.Iterations = defaultIterations
	}
	return opts
}

// leading takes the first k triples of the complete decomposition.
func leading[T mat.Float](a *mat.Dense[T], k, threads int) (u *mat.Dense[T], s []T, v *mat.Dense[T], err error) {
	var full SVD[T]
	if err := full.Factorize(a, Options{Threads: threads}); err != nil {
		return nil, nil, nil, err
	}
	u, v = new(mat.Dense[T]), new(mat.Dense[T])
	full.UTo(u)
	full.VTo(v)
	return u.View(0, 0, u.Rows, k).Clone(), full.Values(nil)[:k:k], v.View(0, 0, v.Rows, k).Clone(), nil
}

// krylov is the space spanned by b columns Y, (AAᵀ)Y, (AAᵀ)²Y, …, whose blocks
// are made orthonormal one by one on the way and together at the end.
type krylov[T mat.Float] struct {
	a     *mat.Dense[T]
	block int
	work  mat.Workspace[T]
	qr    mat.QR[T]
	svd   SVD[T]
	opts  Options

	start mat.Dense[T] // n × b: the random columns, or approximate right vectors
	space mat.Dense[T] // m × c: the blocks, then an orthonormal basis
	small mat.Dense[T] // c × n: the basis times A
	inner mat.Dense[T] // c × c: left singular vectors of small
	u     mat.Dense[T] // m × c
	v     mat.Dense[T] // n × c
}

func newKrylov[T mat.Float](a *mat.Dense[T], block int, opts TruncatedOptions) *krylov[T] {
	x := &krylov[T]{a: a, block: block, opts: Options{Threads: opts.Threads}}
	x.work.Threads, x.qr.Threads = opts.Threads, opts.Threads
	rng := rand.New(rand.NewPCG(opts.Seed, 0))
	x.start = *mat.NewDense[T](a.Cols, block, nil)
	for i := range x.start.Data {
		x.start.Data[i] = T(rng.NormFloat64())
	}
	return x
}

// iterate builds the space and takes from it the best approximation of A
// (Rayleigh and Ritz).
func (x *krylov[T]) iterate(iterations int) error {
	m, n, b, c := x.a.Rows, x.a.Cols, x.block, x.block*(iterations+1)
	x.space.Resize("Truncated", m, c)
	y, z := mat.NewDense[T](m, b, nil), mat.NewDense[T](n, b, nil)
	z.CopyFrom(&x.start)
	for i := range iterations + 1 {
		if i > 0 {
			x.work.Gemm(mat.Trans, mat.NoTrans, 1, x.a, y, 0, z)
			x.orthonormalise(z)
		}
		x.work.Gemm(mat.NoTrans, mat.NoTrans, 1, x.a, z, 0, y)
		x.orthonormalise(y)
		x.space.View(0, i*b, m, b).CopyFrom(y)
	}
	x.orthonormalise(&x.space)
	x.small.Resize("Truncated", c, n)
	x.work.Gemm(mat.Trans, mat.NoTrans, 1, &x.space, x.a, 0, &x.small)
	if err := x.svd.Factorize(&x.small, x.opts); err != nil {
		return err
	}
	x.svd.UTo(&x.inner)
	x.svd.VTo(&x.v)
	x.u.Resize("Truncated", m, c)
	x.work.Gemm(mat.NoTrans, mat.NoTrans, 1, &x.space, &x.inner, 0, &x.u)
	return nil
}

// orthonormalise replaces columns by an orthonormal basis of a space that holds
// theirs, also where they depend on each other.
func (x *krylov[T]) orthonormalise(y *mat.Dense[T]) {
	x.qr.Factorize(y)
	x.qr.QTo(y)
}

// residual returns the largest ‖A·v − σ·u‖/σ₁ of the first k triples; Aᵀ·u = σ·v
// holds to rounding, as u lies in the space.
func (x *krylov[T]) residual(k int) float64 {
	r := x.u.View(0, 0, x.u.Rows, k).Clone()
	s := x.svd.Values(nil)
	for i := range r.Rows {
		for j, v := range r.Row(i) {
			r.Set(i, j, v*s[j])
		}
	}
	x.work.Gemm(mat.NoTrans, mat.NoTrans, 1, x.a, x.v.View(0, 0, x.v.Rows, k), -1, r)
	column, worst := make([]T, r.Rows), 0.0
	for j := range k {
		for i := range column {
			column[i] = r.At(i, j)
		}
		worst = math.Max(worst, float64(kernels.Nrm2(column)))
	}
	if worst == 0 {
		return 0
	}
	return worst / float64(s[0])
}

// restart begins the next space with the best right vectors of this one.
func (x *krylov[T]) restart() {
	x.start.CopyFrom(x.v.View(0, 0, x.v.Rows, x.block))
}

func (x *krylov[T]) result(k int) (u *mat.Dense[T], s []T, v *mat.Dense[T]) {
	return x.u.View(0, 0, x.u.Rows, k).Clone(), x.svd.Values(nil)[:k:k], x.v.View(0, 0, x.v.Rows, k).Clone()
}
