package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

const (
	// bidiagonalOrder is the least min(m,n) at which Bidiagonal is the fastest
	// method for values, and bidiagonalShape the ratio of max(m,n) to it below
	// which it is.
	bidiagonalOrder = 33
	bidiagonalShape = 2
	// evenRatio is the largest ratio between the sizes of two rows, or two
	// columns, at which no scaling is to be gained by.
	evenRatio = 8
)

// bidiagonal finds values by way of a bidiagonal matrix.
type bidiagonal[T mat.Float] struct {
	core  spectral.Bidiagonal[T]
	scale spectral.Scale
	size  []T
}

// suits reports whether Auto takes Bidiagonal for the values of a.
func (b *bidiagonal[T]) suits(a *mat.Dense[T]) bool {
	short, long := min(a.Rows, a.Cols), max(a.Rows, a.Cols)
	if short < bidiagonalOrder || long >= bidiagonalShape*short {
		return false
	}
	for _, transposed := range []bool{false, true} {
		o := operand[T]{a, transposed}
		m, _ := o.shape()
		b.size = spectral.Grow(b.size, m)
		o.sizes(b.size)
		if !within(b.size, evenRatio) {
			return false
		}
	}
	return true
}

// within reports whether no size is more than ratio times another, nor zero.
func within[T mat.Float](sizes []T, ratio T) bool {
	least, largest := largestOf[T](), T(0)
	for _, x := range sizes {
		least, largest = min(least, x), max(largest, x)
	}
	return largest/ratio <= least && least > 0
}

// run reports failure, and that watch has stopped it.
func (b *bidiagonal[T]) run(a *mat.Dense[T], largest float64, threads int, watch *spectral.Monitor) bool {
	_, exponent := math.Frexp(largest)
	b.scale = spectral.ScaleBy(-exponent)
	w := b.core.Reset(max(a.Rows, a.Cols), min(a.Rows, a.Cols))
	if a.Rows < a.Cols {
		w.TransposeFrom(a)
	} else {
		w.CopyFrom(a)
	}
	for i := range w.Rows {
		spectral.ScaleRow(b.scale, w.Row(i))
	}
	return b.core.Factorize(threads, watch)
}

func (b *bidiagonal[T]) valuesTo(dst []T) {
	for k, x := range b.core.D {
		dst[k] = T(b.scale.Undo(x))
	}
}

// byBidiagonal reports failure: then another method is to decide.
func (s *SVD[T]) byBidiagonal(a *mat.Dense[T], largest float64, opts Options) bool {
	if !s.bidiagonal.run(a, largest, opts.Threads, &s.watch) {
		return false
	}
	s.stats = Stats{Method: Bidiagonal}
	s.bidiagonal.valuesTo(s.values)
	return true
}
