package svd

import (
	"fmt"
	"math/rand/v2"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// truncation looks for singular vectors in the space spanned by the b columns
// of Y = A·Ω, (A·Aᵀ)·Y, (A·Aᵀ)²·Y, …, or by the last of these blocks alone. The
// blocks are made orthonormal on the way, each against those before it: block
// Lanczos with full orthogonalisation, in which the images Aᵀ·Q of the basis Q
// are by-products.
type truncation[T mat.Float] struct {
	op     Operator[T]
	m, n   int
	opts   TruncatedOptions
	watch  spectral.Monitor
	result LowRank[T]

	rng    *rand.Rand
	work   mat.Workspace[T]
	blocks blocks[T]
	ritz   ritz[T]
	svd    SVD[T]
	// adaptive is whether fewer iterations than asked for will do.
	adaptive bool
	sigma    []T // of the best approximation within the space

	start mat.Dense[T] // n × b: the random columns, or approximate right vectors
	space mat.Dense[T] // m × c: the blocks, an orthonormal basis
	image mat.Dense[T] // n × c: Aᵀ times the basis
	inner mat.Dense[T] // c × c: right singular vectors of image
	v     mat.Dense[T] // n × c: the left ones
}

func newTruncation[T mat.Float](op Operator[T], opts TruncatedOptions) *truncation[T] {
	x := &truncation[T]{op: op, m: op.Rows(), n: op.Cols(), opts: opts}
	if opts.Iterations == 0 {
		x.opts.Iterations = defaultIterations
		x.adaptive = opts.Sampling == BlockKrylov && opts.Tol == 0
	}
	if opts.Sampling == Sketch {
		x.opts.Iterations = 0
	}
	x.watch = spectral.Monitor{Context: opts.Context, Progress: opts.Progress}
	x.work.Threads, x.blocks.work.Threads = opts.Threads, opts.Threads
	x.rng = rand.New(rand.NewPCG(opts.Seed, 0))
	return x
}

// stageKrylov is the name of an iteration for Progress.
const stageKrylov = "Krylov iterations"

// run finds the result, without its errors, for at most k triples.
func (x *truncation[T]) run(k int) error {
	order := min(x.m, x.n)
	k = min(k, order)
	x.opts.Oversample = min(x.opts.Oversample, order) // more would overflow c alone
	if k == 0 {
		x.result = LowRank[T]{U: mat.NewDense[T](x.m, 0, nil), S: []T{}, V: mat.NewDense[T](x.n, 0, nil)}
		return nil
	}
	guess := k
	if x.opts.Tol > 0 {
		guess = min(k, firstGuess)
	}
	for left := maxRestarts; ; {
		c := guess + x.opts.Oversample
		if x.opts.Sampling == BlockKrylov {
			c *= min(x.opts.Iterations, order) + 1
		}
		if c >= order || x.opts.Iterations >= order { // the latter would cost more
			return x.complete(k)
		}
		x.grow(guess + x.opts.Oversample)
		if err := x.iterate(c, guess); err != nil {
			return err
		}
		kept := x.kept(guess)
		if kept == guess && guess < k {
			guess = min(2*guess, k)
			continue
		}
		x.take(kept)
		if x.opts.Tol == 0 || x.residual() <= x.opts.Tol*float64(x.sigma[0]) {
			return nil
		}
		if left--; left == 0 {
			return fmt.Errorf("%w: Truncated stands at an off-norm (largest residual) of %.3g·σ₁, above Tol = %.3g, after %d sweeps (restarts)",
				mat.ErrNoConvergence, x.residual()/float64(x.sigma[0]), x.opts.Tol, maxRestarts)
		}
		x.result.Restarts++
	}
}

// kept returns how many of k triples Tol leaves.
func (x *truncation[T]) kept(k int) int {
	if x.opts.Tol == 0 {
		return k
	}
	for k > 0 && float64(x.sigma[k-1]) <= x.opts.Tol*float64(x.sigma[0]) {
		k--
	}
	return k
}

// grow makes the start n × b, from the best right vectors so far and random
// columns.
func (x *truncation[T]) grow(b int) {
	old := x.v
	have := min(old.Cols, b)
	x.start = mat.Dense[T]{Rows: x.n, Cols: b, Stride: b, Data: spectral.Grow(x.start.Data, x.n*b)}
	for i := range x.n {
		row := x.start.Row(i)
		copy(row, columnsRow(&old, i, have))
		for j := have; j < b; j++ {
			row[j] = T(x.rng.NormFloat64())
		}
	}
}

// columnsRow returns the first have entries of row i.
func columnsRow[T mat.Float](a *mat.Dense[T], i, have int) []T {
	if have == 0 {
		return nil
	}
	return a.Row(i)[:have]
}

// iterate builds a space of c columns, or fewer where k triples need no more, and
// takes from it the best approximation of A (Rayleigh and Ritz).
func (x *truncation[T]) iterate(c, k int) error {
	b := x.start.Cols
	y, z := mat.NewDense[T](x.m, b, nil), &x.start
	x.space = mat.Dense[T]{Rows: x.m, Cols: c, Stride: c, Data: spectral.Grow(x.space.Data, x.m*c)}
	x.image = mat.Dense[T]{Rows: x.n, Cols: c, Stride: c, Data: spectral.Grow(x.image.Data, x.n*c)}
	orthonormal := true
	for i := range x.opts.Iterations + 1 {
		if !x.watch.Step(stageKrylov, i, x.opts.Iterations+1) {
			return x.watch.Err()
		}
		if i > 0 {
			x.imageOf(y, z, i-1)
			if orthonormal && x.suffices(i*b, k) {
				return x.project(i * b)
			}
			x.blocks.condition(z)
		}
		x.op.MulTo(y, z)
		orthonormal = x.append(y, i) && orthonormal
	}
	if orthonormal {
		x.imageOf(y, z, x.opts.Iterations)
	} else {
		x.blocks.reflect(&x.space)
		x.op.MulTransTo(&x.image, &x.space)
	}
	return x.project(c)
}

// suffices reports whether the first c columns of the space do for k triples,
// and leaves out the others then. How many blocks there are is for the caller to
// say where he asks for a number of iterations, or a tolerance.
func (x *truncation[T]) suffices(c, k int) bool {
	if !x.adaptive {
		return false
	}
	image := columnsOf(&x.image, 0, c)
	if !x.ritz.suffices(&x.work, &image, x.start.Cols, k) {
		return false
	}
	x.image, x.space = image, columnsOf(&x.space, 0, c)
	return true
}

// imageOf sets z = Aᵀ·y for block i.
func (x *truncation[T]) imageOf(y, z *mat.Dense[T], i int) {
	x.op.MulTransTo(z, y)
	first := x.first(i, z.Cols)
	to := columnsOf(&x.image, first, first+z.Cols)
	to.CopyFrom(z)
}

// append makes y orthonormal, and orthogonal to the blocks before it, and makes
// it block i of the space, which it reports to be orthonormal still.
func (x *truncation[T]) append(y *mat.Dense[T], i int) bool {
	first := x.first(i, y.Cols)
	earlier, to := columnsOf(&x.space, 0, first), columnsOf(&x.space, first, first+y.Cols)
	ok := x.blocks.orthonormalise(y, &earlier)
	to.CopyFrom(y)
	return ok
}

// first returns the first column of block i, of b columns each: always 0, where
// the last block alone is kept.
func (x *truncation[T]) first(i, b int) int {
	if x.opts.Sampling != BlockKrylov {
		return 0
	}
	return i * b
}

// project decomposes the image of the basis.
func (x *truncation[T]) project(c int) error {
	if err := x.svd.Factorize(&x.image, Options{Threads: x.opts.Threads, Context: x.opts.Context}); err != nil {
		return err
	}
	x.v, x.inner = mat.Dense[T]{}, mat.Dense[T]{}
	x.svd.UTo(&x.v)
	x.svd.VTo(&x.inner)
	x.sigma = spectral.Grow(x.sigma, c)
	x.svd.Values(x.sigma)
	return nil
}

// take makes the first k triples the result.
func (x *truncation[T]) take(k int) {
	first, v := columnsOf(&x.inner, 0, k), columnsOf(&x.v, 0, k)
	x.result.U = mat.NewDense[T](x.m, k, nil)
	x.work.Gemm(mat.NoTrans, mat.NoTrans, 1, &x.space, &first, 0, x.result.U)
	x.result.V, x.result.S = v.Clone(), append([]T{}, x.sigma[:k]...)
}

// complete takes the triples from the complete decomposition.
func (x *truncation[T]) complete(k int) error {
	opts := Options{Threads: x.opts.Threads, Context: x.opts.Context}
	if err := x.svd.Factorize(x.matrix(), opts); err != nil {
		return err
	}
	x.sigma = x.svd.Values(nil)
	k = x.kept(k)
	var u, v mat.Dense[T]
	x.svd.UTo(&u)
	x.svd.VTo(&v)
	x.result.U, x.result.S, x.result.V = u.View(0, 0, x.m, k).Clone(), x.sigma[:k:k], v.View(0, 0, x.n, k).Clone()
	return nil
}

// matrix returns A, entry by entry.
func (x *truncation[T]) matrix() *mat.Dense[T] {
	switch op := x.op.(type) {
	case *dense[T]:
		return op.a
	default:
		if x.m < x.n {
			t := mat.NewDense[T](x.n, x.m, nil)
			op.MulTransTo(t, mat.Eye[T](x.m))
			return t.T()
		}
		a := mat.NewDense[T](x.m, x.n, nil)
		op.MulTo(a, mat.Eye[T](x.n))
		return a
	}
}
