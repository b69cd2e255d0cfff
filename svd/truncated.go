package svd

import (
	"context"
	"fmt"

	"github.com/lanes-go/lanes/mat"
)

// Sampling is how Truncated finds the space in which it looks for the largest
// singular values.
type Sampling uint8

const (
	// BlockKrylov spans the space by all blocks (A·Aᵀ)^i·A·Ω, Ω random, which
	// needs √ of the iterations of PowerIteration (Musco and Musco 2015).
	BlockKrylov Sampling = iota
	// PowerIteration keeps the last block alone: less memory, and a smaller
	// decomposition at the end.
	PowerIteration
	// Sketch takes A·Ω alone, without iterations: A is read thrice. Good where the
	// singular values fall fast (Halko, Martinsson and Tropp 2011).
	Sketch
)

// String returns the name of the constant.
func (s Sampling) String() string {
	switch s {
	case BlockKrylov:
		return "BlockKrylov"
	case PowerIteration:
		return "PowerIteration"
	case Sketch:
		return "Sketch"
	}
	return fmt.Sprintf("Sampling(%d)", uint8(s))
}

// TruncatedOptions of Truncated. The zero value is near-optimal: the error
// ‖A − U·Σ·Vᵀ‖ is rarely a percent above that of the best approximation of rank
// k.
type TruncatedOptions struct {
	// Sampling is the method.
	Sampling Sampling
	// Oversample is the number of vectors iterated beyond k; 0 means 10.
	Oversample int
	// Iterations is the number of products with A·Aᵀ in one space; 0 means 4, and
	// 2 or 3 of BlockKrylov without Tol where these suffice. Sketch has none. From
	// min(m,n) on the complete decomposition costs less, and is computed instead.
	Iterations int
	// Seed chooses the random start. The same seed gives the same bits on the
	// same kernels, for any number of threads.
	Seed uint64
	// Tol, unless it is 0, asks for an approximation to Tol·σ₁ by as few of the
	// k triples as it takes: those with σ ≤ Tol·σ₁ are left out, and the
	// iteration starts again, 30 times at most, until ‖A·v − σ·u‖ ≤ Tol·σ₁ for
	// each of the others. Where k is large the search begins with few and grows.
	Tol float64
	// Threads caps the goroutines of the matrix products; 0 means the cap of
	// mat.SetMaxThreads. Products of an Operator are its own affair.
	Threads int
	// Context, unless nil, stops the computation before the next iteration when
	// it is done; the error wraps Context.Err.
	Context context.Context
	// Progress, unless nil, is called before each iteration, with the number done
	// in the current space and the whole.
	Progress func(stage string, done, total int)
}

const (
	defaultOversample = 10
	defaultIterations = 4
	maxRestarts       = 30
	// firstGuess is how many triples the search for a tolerance begins with.
	firstGuess = 16
)

// LowRank is a truncated decomposition, and how far it can be trusted.
type LowRank[T mat.Float] struct {
	// U is m × k, S holds the k singular values, descending, and V is n × k.
	U *mat.Dense[T]
	S []T
	V *mat.Dense[T]
	// Error is an estimate from above of ‖A − U·Σ·Vᵀ‖₂, measured on the result by
	// products with random vectors: the probability that the norm exceeds it is
	// below 1e-6, and usually it is 1.2 to 3 times the norm.
	Error float64
	// Residual is the largest ‖A·v − σ·u‖ of the triples, measured too; Aᵀ·u = σ·v
	// holds to rounding. For each σ there is a singular value of A within it.
	Residual float64
	// Restarts counts the spaces beyond the first which Tol asked for.
	Restarts int
}

// Truncated returns the k largest singular values of the m × n matrix a,
// descending, with their vectors as the columns of u, m × k, and v, n × k. A k
// above min(m,n) is taken for min(m,n), and Tol may leave fewer. A singular value
// beyond the range of T becomes +Inf. It panics with mat.Error for k < 0, for a
// malformed matrix and for options that are negative or NaN.
//
// The error is mat.ErrNotFinite for a matrix with NaN or Inf, wraps that of
// Options.Context once it is done, and mat.ErrNoConvergence where Tol is not
// reached; the results are nil then.
//
// The method is randomised block Krylov iteration: with b = k + Oversample and
// c = b·(Iterations+1), about 4·Iterations·m·n·b + 2·m·n·c flops of products and
// the decomposition of a matrix with c rows. When c or Iterations reaches
// min(m,n), the complete decomposition is computed instead. Approximate returns
// measured errors besides, and takes sparse and other operators.
func Truncated[T mat.Float](a *mat.Dense[T], k int, opts TruncatedOptions) (u *mat.Dense[T], s []T, v *mat.Dense[T], err error) {
	a.Check("Truncated", "the matrix")
	opts = checkTruncated("Truncated", k, opts)
	largest, ok := bound(a)
	if !ok {
		return nil, nil, nil, mat.ErrNotFinite
	}
	scale := safeScale[T](a, largest)
	x := newTruncation(scaledOperator(a, scale, opts.Threads), opts)
	if err := x.run(k); err != nil {
		return nil, nil, nil, err
	}
	for i := range x.result.S {
		x.result.S[i] = T(scale.Undo(float64(x.result.S[i])))
	}
	return x.result.U, x.result.S, x.result.V, nil
}

// Approximate is Truncated for any operator, with measured errors in the
// result. The operator's products must not overflow. NaN or Inf in them is
// mat.ErrNotFinite. It panics as Truncated does, and for a nil operator or one
// with a negative dimension. The measurement costs products with k+6 more vectors,
// and A·Aᵀ·A with 6. Where Truncated would compute the complete decomposition, A is
// multiplied by the identity of order min(m,n) and decomposed as a matrix.
func Approximate[T mat.Float](a Operator[T], k int, opts TruncatedOptions) (LowRank[T], error) {
	opts = checkTruncated("Approximate", k, opts)
	if a == nil {
		panicf("Approximate", "A is nil")
	}
	if a.Rows() < 0 || a.Cols() < 0 {
		panicf("Approximate", "A is %d×%d", a.Rows(), a.Cols())
	}
	x := newTruncation(a, opts)
	if err := x.run(k); err != nil {
		return LowRank[T]{}, err
	}
	x.measure()
	return x.result, nil
}

func checkTruncated(op string, k int, opts TruncatedOptions) TruncatedOptions {
	if k < 0 {
		panicf(op, "k = %d", k)
	}
	if opts.Sampling > Sketch {
		panicf(op, "unknown sampling %d", uint8(opts.Sampling))
	}
	if opts.Oversample < 0 || opts.Iterations < 0 || opts.Threads < 0 || !(opts.Tol >= 0) {
		panicf(op, "Oversample = %d, Iterations = %d, Threads = %d, Tol = %v",
			opts.Oversample, opts.Iterations, opts.Threads, opts.Tol)
	}
	if opts.Oversample == 0 {
		opts.Oversample = defaultOversample
	}
	return opts
}
