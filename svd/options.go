package svd

import (
	"context"
	"fmt"
	"time"
)

// Method is an algorithm for the complete decomposition.
type Method uint8

const (
	// Auto takes the fastest method for the size and the options.
	Auto Method = 0
	// GramJacobi is one-sided Jacobi in large steps made of matrix products: the
	// eigenvectors of Gram matrices, then rotations of all pairs at once. Should
	// it not converge, OneSidedJacobi takes over.
	GramJacobi Method = 1
	// OneSidedJacobi is QR with column pivoting and one-sided Jacobi on the rows
	// of R. For small matrices, min(m,n) ≤ 16 (24 in float32, 32 where nearly
	// square) and max(m,n) ≤ 64, Auto leaves QR out, unless rows and columns both
	// differ in size, and rotates several pairs of columns at a time in the lanes of
	// vectors: nothing is faster there.
	OneSidedJacobi Method = 2
	// Bidiagonal is the reduction to bidiagonal form and dqds (LAPACK gesdd with
	// job N), for ValuesOnly: twice as fast as GramJacobi, but the small values are
	// right to the order of eps·‖A‖ only. Auto takes it from min(m,n) = 41 on (49 in
	// float32), where rows and columns are alike in size and few values are small, unless
	// there are three times as many rows as columns, or the reverse, and no small values. It
	// then finds the small ones again, from A times their vectors, with the error of
	// GramJacobi. Stats.Declined says why Auto did not take it. Should it not
	// converge, another method takes over.
	Bidiagonal Method = 3
)

// String returns the name of the constant.
func (m Method) String() string {
	switch m {
	case Auto:
		return "Auto"
	case GramJacobi:
		return "GramJacobi"
	case OneSidedJacobi:
		return "OneSidedJacobi"
	case Bidiagonal:
		return "Bidiagonal"
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Route is the matrix W = U·Σ·Vᵀ that GramJacobi works on. Its accuracy does
// not suffer from columns of W that differ in size. B is A, or Aᵀ where A has
// fewer rows than columns.
type Route uint8

const (
	// NoRoute is that of other methods.
	NoRoute Route = iota
	// Direct takes W = B: the rows of B are alike in size.
	Direct
	// Transposed takes W = Bᵀ: the columns of a square B are alike in size.
	Transposed
	// Pivoted takes W = Rᵀ, the triangular factor of QR with column pivoting of
	// B with its rows sorted: both rows and columns differ in size, or W = B or
	// Bᵀ did not converge.
	Pivoted
)

// String returns the name of the constant.
func (r Route) String() string {
	switch r {
	case NoRoute:
		return "NoRoute"
	case Direct:
		return "Direct"
	case Transposed:
		return "Transposed"
	case Pivoted:
		return "Pivoted"
	}
	return fmt.Sprintf("Route(%d)", uint8(r))
}

// Options of Factorize. The zero value computes vectors by the fastest method.
type Options struct {
	// Method is the algorithm; Auto chooses.
	Method Method
	// ValuesOnly leaves U and V out.
	ValuesOnly bool
	// Full makes U m × m and V n × n; otherwise both have min(m,n) columns.
	Full bool
	// MaxSweeps limits the Jacobi stages; 0 means 30 sweeps, and 12 corrections
	// of GramJacobi.
	MaxSweeps int
	// Threads caps the goroutines of the matrix products; 0 means the cap of
	// mat.SetMaxThreads. Jacobi rotations run on one.
	Threads int
	// Context, unless nil, stops Factorize before the next sweep, correction, window
	// of columns, or panel of an eigenproblem, of the bidiagonal form or of QR with
	// column pivoting when it is done; the error wraps Context.Err.
	Context context.Context
	// Progress, unless nil, is called before each sweep of OneSidedJacobi with
	// the number done and the limit; by GramJacobi before each window with the
	// number of columns done and the whole, and before each Gram matrix with the
	// number of corrections done and the limit; by Bidiagonal before each panel, and
	// by the first two before each panel of QR with column pivoting, with the number
	// of columns done and the whole. Stages come again where a route fails. It is
	// called on the goroutine of Factorize, which waits for it.
	Progress func(stage string, done, total int)
}

// Stats tells how a decomposition was found.
type Stats struct {
	// Method is the algorithm that succeeded, or the last that failed; never
	// Auto.
	Method Method
	// Sweeps is the number of Jacobi sweeps over all pairs; of GramJacobi, the
	// number of simultaneous rotations of all pairs.
	Sweeps int
	// Rotations is the number of plane rotations.
	Rotations int
	// OffNorm is the largest cosine between two columns which the last sweep
	// met; of GramJacobi, in the last Gram matrix, or the order of what a small
	// correction after it leaves, or an estimate by a vector of random signs; 0 where
	// eigenvalues gave the values alone.
	OffNorm float64

	// Refined is the number of small values that were found again, more exactly than
	// the bidiagonal form had them. Declined says why Auto took another method than
	// Bidiagonal for ValuesOnly; it is empty where Auto took it or never considers it.
	Refined  int
	Declined string

	// Route, Windows and the times are those of GramJacobi, also where it gave
	// way to OneSidedJacobi. Windows counts the groups of columns of similar
	// length.
	Route   Route
	Windows int
	// Load is the time of bringing the matrix into the shape of the route and of
	// the way back, Eigen that of the eigensolver, Precondition of the other work
	// on windows, Correct of the corrections and the verification.
	Load, Eigen, Precondition, Correct time.Duration
}
