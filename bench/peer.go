package main

import (
	"fmt"
	"time"

	"github.com/lanes-go/lanes/mat"
)

// peer is a library that takes part: lanes itself, gonum, or a C BLAS.
type peer struct {
	Name     string        `json:"name"`   // of the report's columns
	Detail   string        `json:"detail"` // version, configuration, core, threads
	CallCost time.Duration `json:"call_cost_ns,omitempty"`

	f32 operations[float32]
	f64 operations[float64]
}

// operations are what a peer offers for one element type; nil: not offered.
// Matrices are row-major and vectors have equal lengths.
type operations[T mat.Float] struct {
	gemm func(tA, tB mat.Transpose, a, b, c *mat.Dense[T]) // C = op(A)·op(B)
	// takes, where set, says which products gemm is made for.
	takes   func(tA, tB mat.Transpose, sh shape) bool
	gemv    func(tA mat.Transpose, a *mat.Dense[T], x, y []T) // y = op(A)·x
	rankOne func(alpha T, x, y []T, a *mat.Dense[T])          // A += alpha·x·yᵀ
	axpy    func(alpha T, x, y []T)                           // y += alpha·x
	scal    func(alpha T, x []T)                              // x *= alpha
	rot     func(x, y []T, c, s T)                            // x, y = c·x+s·y, c·y-s·x
	dot     func(x, y []T) T
	nrm2    func(x []T) T
	// timeDot and timeNrm2, where set, are dot and nrm2 without the cost of
	// fetching their results.
	timeDot  func(x, y []T)
	timeNrm2 func(x []T)
	// gram is C = alpha·AᵀA, of which it may write one triangle: the one that
	// symmetric reads.
	gram func(alpha T, a, c *mat.Dense[T])
	// symmetric and thin prepare the decomposition of one matrix.
	symmetric func(a *mat.Dense[T]) *eigenJob[T]
	// leading prepares the k largest eigenvalues of one, and their vectors.
	leading func(a *mat.Dense[T], k int) *eigenJob[T]
	// eigenBy is symmetric by any way, nil for one that is absent.
	eigenBy func(way eigenWay, a *mat.Dense[T]) *eigenJob[T]
	thin    func(a *mat.Dense[T]) *svdJob[T]
	// singular prepares the singular values alone.
	singular func(a *mat.Dense[T]) *svdJob[T]
	// methods are other routines of the library for the thin decomposition.
	methods []svdMethod[T]
	// symmetricBatch and thinBatch prepare the decompositions of many matrices of
	// one order.
	symmetricBatch func(list []*mat.Dense[T]) *eigenBatch[T]
	thinBatch      func(list []*mat.Dense[T]) *svdBatch[T]
}

// svdMethod is a routine by its name, for matrices with at least as many rows
// as columns.
type svdMethod[T mat.Float] struct {
	name string
	thin func(a *mat.Dense[T]) *svdJob[T]
}

// eigenJob is the eigendecomposition of one symmetric matrix. Run does all the
// work, from a matrix that it leaves alone to values and vectors in the
// library's own layout; vectors rearranges them as columns for verification.
type eigenJob[T mat.Float] struct {
	run     func() error
	values  []T // ascending, after run
	vectors func() *mat.Dense[T]
}

// svdJob is the thin singular value decomposition of one matrix, likewise.
type svdJob[T mat.Float] struct {
	run    func() error
	values []T // descending, after run
	u, v   func() *mat.Dense[T]
}

// of returns a peer's operations on T.
func of[T mat.Float](p peer) operations[T] {
	if ops, ok := any(p.f32).(operations[T]); ok {
		return ops
	}
	return any(p.f64).(operations[T])
}

// findPeers returns lanes, gonum and the C libraries found, and a sentence
// about each that is absent.
func findPeers(opts options) (peers []peer, absent []string) {
	peers = []peer{lanesPeer(opts.threads), gonumPeer(opts.threads)}
	found, absent := findLibraries(opts.libraries, opts.threads)
	return append(peers, found...), absent
}

// libraries are the peers after lanes and gonum.
func libraries(peers []peer) []peer { return peers[2:] }

// productPeers returns those of the peers whose gemm is made for a product.
func productPeers[T mat.Float](peers []peer, tA, tB mat.Transpose, sh shape) (fit []peer) {
	for _, p := range peers {
		ops := of[T](p)
		if ops.gemm != nil && (ops.takes == nil || ops.takes(tA, tB, sh)) {
			fit = append(fit, p)
		}
	}
	return fit
}

func threadsText(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}
