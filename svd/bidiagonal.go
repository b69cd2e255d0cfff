package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// bidiagonal finds values by way of a bidiagonal matrix.
type bidiagonal[T mat.Float] struct {
	core  spectral.Bidiagonal[T]
	scale spectral.Scale
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
