package svd

import (
	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// ritz decides when a Krylov space is large enough. The eigenvalues θ² of the
// Gram matrix of the image of a basis are the squares of the singular values
// within the space (Rayleigh and Ritz). That of the spaces before it stands in
// its corner.
type ritz[T mat.Float] struct {
	gram  mat.Dense[T]
	eigen spectral.SymDC[T]
	sums  [3]float64 // of the k largest θ², in the last three spaces
}

const (
	// leastBlocks are needed to see how fast the sums grow.
	leastBlocks = 3
	// leftOfNext is the share of θ² of number k+1 that the sum of the k largest may
	// lack: then the error of rank k is at most half of it above the best.
	leftOfNext = 1e-3
	// slowest is the ratio of two increases of the sum above which its limit is not
	// to be told from them.
	slowest = 0.25
)

// suffices reports whether the space with this image, of blocks of b columns
// each, has the k largest singular values: what the sum of their squares lacks
// is what it gained by the last block times the ratio of its last two gains, or
// less, as convergence is geometric.
func (r *ritz[T]) suffices(work *mat.Workspace[T], image *mat.Dense[T], b, k int) bool {
	c := image.Cols
	if c < leastBlocks*b || b <= k {
		return false
	}
	resize(&r.gram, c, c)
	work.Syrk(mat.Trans, 1, image, 0, &r.gram)
	if !spectral.Finite(spectral.BoundUpper(&r.gram)) {
		return false
	}
	largest, next := 0.0, 0.0
	for i := range r.sums {
		order := c - (len(r.sums)-1-i)*b
		corner := columnsOf(&r.gram, 0, order)
		corner.Rows = order
		if r.eigen.Factorize(&corner, true, work.Threads) != nil {
			return false
		}
		values := r.eigen.Values()
		r.sums[i] = 0
		for _, x := range values[order-k:] {
			r.sums[i] += float64(x)
		}
		largest, next = float64(values[order-1]), float64(values[order-k-1])
	}
	before, last := r.sums[1]-r.sums[0], r.sums[2]-r.sums[1]
	if last <= float64(c)*spectral.Eps[T]()*largest { // rounding
		return true
	}
	return last <= slowest*before && last*last <= leftOfNext*next*before
}
