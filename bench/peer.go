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
	gemm func(a, b, c *mat.Dense[T]) // C = A·B
	axpy func(alpha T, x, y []T)     // y += alpha·x
	dot  func(x, y []T) T
	// timeDot, where set, is dot without the cost of fetching its result.
	timeDot func(x, y []T)
	// gram is C = alpha·AᵀA, of which it may write one triangle: the one that
	// symmetric reads.
	gram func(alpha T, a, c *mat.Dense[T])
	// symmetric and thin prepare the decomposition of one matrix.
	symmetric func(a *mat.Dense[T]) *eigenJob[T]
	// eigenBy, where set, is symmetric by another way, nil for one that is absent.
	eigenBy func(way eigenWay, a *mat.Dense[T]) *eigenJob[T]
	thin    func(a *mat.Dense[T]) *svdJob[T]
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

func threadsText(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}
