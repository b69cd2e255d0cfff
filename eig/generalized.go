package eig

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// Generalized is the solution of A·x = λ·B·x for a symmetric matrix A and a
// symmetric positive definite B: A·X = B·X·Λ with XᵀBX = I. The zero value is
// ready for Factorize. One goroutine at a time may use it.
type Generalized[T mat.Float] struct {
	sym   Sym[T]
	chol  mat.Cholesky[T]
	c     mat.Dense[T] // U⁻ᵀ·A·U⁻¹ at the scale of both
	b     mat.Dense[T]
	expA  int // of 2^-expA, by which A was multiplied,
	halfB int // and of 4^-halfB for B
}

// Factorize solves the problem for the n × n matrices a and b, of which it reads
// the diagonal and what is above, and which it does not modify. It panics with
// mat.Error unless they are square and of one size, and for unknown or negative
// options.
//
// With B = UᵀU (Cholesky) the eigenvalues are those of C = U⁻ᵀAU⁻¹, and X is U⁻¹
// times its eigenvectors (LAPACK sygvd). The errors of the eigenvalues are of
// the order of eps·‖A‖·‖B⁻¹‖. The options are those of Sym, applied to C, and
// so are Stats, its residual too.
//
// It returns an error that wraps mat.ErrNotPositiveDefinite when B is not, and
// otherwise those of Sym. Cost: 10n³/3 flops more than Sym.
func (g *Generalized[T]) Factorize(a, b *mat.Dense[T], opts Options) error {
	check(a, opts)
	check(b, opts)
	n := a.Rows
	if b.Rows != n {
		panicf("Factorize", "A is %d×%d, B is %d×%d", n, n, b.Rows, b.Rows)
	}
	g.sym.state = empty
	boundA, okA := boundUpper(a)
	boundB, okB := boundUpper(b)
	if !okA || !okB {
		return mat.ErrNotFinite
	}
	if err := checkSymmetry(a, opts); err != nil {
		return fmt.Errorf("matrix A: %w", err)
	}
	if err := checkSymmetry(b, opts); err != nil {
		return fmt.Errorf("matrix B: %w", err)
	}
	g.load(a, b, boundA, boundB)
	g.chol.Threads = opts.Threads
	if err := g.chol.Factorize(&g.b); err != nil {
		return fmt.Errorf("matrix B: %w", err)
	}
	g.chol.SolveU(mat.Left, mat.Trans, &g.c)
	g.chol.SolveU(mat.Right, mat.NoTrans, &g.c)
	opts.SymmetryTol = 0 // of C only one triangle counts
	opts.Range.From = math.Ldexp(opts.Range.From, -g.exponent())
	opts.Range.To = math.Ldexp(opts.Range.To, -g.exponent())
	return g.sym.Factorize(&g.c, opts)
}

// load copies both matrices, with entries of at most about 1.
func (g *Generalized[T]) load(a, b *mat.Dense[T], boundA, boundB float64) {
	n := a.Rows
	_, g.expA = math.Frexp(boundA)
	_, expB := math.Frexp(boundB)
	g.halfB = expB / 2
	shape(&g.c, n, n)
	rows[T]{g.c.Data, n, n}.load(spectral.ScaleBy(-g.expA), a)
	shape(&g.b, n, n)
	rows[T]{g.b.Data, n, n}.load(spectral.ScaleBy(-2*g.halfB), b)
}

// exponent is that of the power of two from the eigenvalues of C to those of A
// and B.
func (g *Generalized[T]) exponent() int { return g.expA - 2*g.halfB }

// Len returns the number of eigenvalues: n, or how many Options.Range selected.
// It is 0 before a successful Factorize.
func (g *Generalized[T]) Len() int { return g.sym.Len() }

// Values writes the eigenvalues to dst in ascending order and returns it. A nil
// dst is allocated. It panics with mat.Error when dst has another length than
// Len, and before a successful Factorize.
func (g *Generalized[T]) Values(dst []T) []T {
	dst = g.sym.Values(dst)
	for k, x := range dst {
		dst[k] = T(math.Ldexp(float64(x), g.exponent()))
	}
	return dst
}

// VectorsTo writes the n × Len() matrix X to dst, whose column k belongs to the
// k-th of the Values and has xᵀBx = 1; its sign is arbitrary. An empty dst is
// sized. It panics with mat.Error when dst has another shape, and when there
// are no vectors: before a successful Factorize and after ValuesOnly. Cost: n²
// flops for each.
func (g *Generalized[T]) VectorsTo(dst *mat.Dense[T]) {
	g.sym.VectorsTo(dst)
	g.chol.SolveU(mat.Left, mat.NoTrans, dst)
	for i := range dst.Rows {
		spectral.ScaleTo(spectral.ScaleBy(-g.halfB), dst.Row(i), dst.Row(i))
	}
}

// Stats tells how the last Factorize went.
func (g *Generalized[T]) Stats() Stats { return g.sym.Stats() }
