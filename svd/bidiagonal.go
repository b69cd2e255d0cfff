package svd

import (
	"math"
	"slices"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// bidiagonal finds values by way of a bidiagonal matrix.
type bidiagonal[T mat.Float] struct {
	core  spectral.Bidiagonal[T]
	scale spectral.Scale
	qr    mat.QR[T]
	tall  mat.Dense[T] // the scaled matrix where QR comes first
	work  mat.Workspace[T]

	sizes        []T          // of rows, then of columns
	probe, image mat.Dense[T] // rows of signs; their images under A, then AᵀA
	small        mat.Dense[T] // A on the vectors of small values
	refined      []T
}

// firstQR times as many rows as columns are reduced to R before a bidiagonal form:
// QR runs at the speed of products.
const firstQR = 1.4

// run reports failure, and that watch has stopped it.
func (b *bidiagonal[T]) run(a *mat.Dense[T], largest float64, threads int, watch *spectral.Monitor) bool {
	m, n := max(a.Rows, a.Cols), min(a.Rows, a.Cols)
	_, exponent := math.Frexp(largest)
	b.scale = spectral.ScaleBy(-exponent)
	w := &b.tall
	if first := float64(m) >= firstQR*float64(n); first {
		resize(w, m, n)
	} else {
		w = b.core.Reset(m, n)
	}
	if a.Rows < a.Cols {
		w.TransposeFrom(a)
	} else {
		w.CopyFrom(a)
	}
	for i := range w.Rows {
		spectral.ScaleRow(b.scale, w.Row(i))
	}
	if w == &b.tall {
		b.qr.Threads = threads
		b.qr.Factorize(w)
		b.qr.RTo(b.core.Reset(n, n))
	}
	return b.core.Factorize(threads, watch)
}

func (b *bidiagonal[T]) valuesTo(dst []T, room spectral.Scale) {
	scale := b.scale.Beside(room)
	for k, x := range b.core.D {
		dst[k] = T(scale.Undo(x))
	}
}

// byBidiagonal reports failure: then another method is to decide.
func (s *SVD[T]) byBidiagonal(a *mat.Dense[T], largest float64, opts Options) bool {
	if !s.bidiagonal.run(a, largest, opts.Threads, &s.watch) {
		return false
	}
	s.stats = Stats{Method: Bidiagonal}
	s.bidiagonal.valuesTo(s.values, s.room)
	return true
}

const (
	// safeExponent is that of entries whose squares neither overflow nor underflow.
	safeExponent = 50
	// evenRatio is the largest ratio between the sizes of two rows, or columns, at
	// which Auto tries a bidiagonal form.
	evenRatio = 8
	// signVectors are the vectors that estimate how a spectrum falls, and evenRank the
	// least (Σσ²)²/Σσ⁴, a number of equal values, for each column: half in a square
	// matrix of independent entries.
	signVectors = 4
	evenRank    = 1.0 / 3
	// smallShare is the largest part of the values that may be small.
	smallShare = 1.0 / 8
	// deviation times √m·eps·σ₁ is more than any value found from a bidiagonal form
	// is off.
	deviation = 4
)

// smallRatio is how many times smaller than the largest value another one is found
// anew.
func smallRatio(n int) float64 {
	if n < 100 {
		return 16
	}
	return 32
}

// leastRatio is the least ratio of two values at which what Trailing has left out
// is far below the rounding of the matrix.
func leastRatio[T mat.Float]() float64 {
	if spectral.Eps[T]() > 0x1p-30 {
		return 0x1p-16
	}
	return 0x1p-20
}

// valuesByBidiagonal finds values by a bidiagonal form and the small ones among them
// anew, with the error of byGram, where nothing speaks against it: no grading, and
// few small values. It returns what did.
func (s *SVD[T]) valuesByBidiagonal(a *mat.Dense[T], largest float64, opts Options) (declined string) {
	b := &s.bidiagonal
	switch {
	case math.Abs(math.Log2(largest)) > safeExponent: // also 0
		return "entries of unusual size"
	case !b.even(a):
		return "rows or columns of different sizes"
	case !b.spread(a, largest, opts.Threads):
		return "many small values expected"
	case !s.byBidiagonal(a, largest, opts):
		return "no bidiagonal form"
	}
	d := b.core.D
	n := len(d)
	small := n
	for small > 0 && d[small-1]*smallRatio(n) < d[0] {
		small--
	}
	switch k := n - small; {
	case float64(k) > smallShare*float64(n):
		return "many small values"
	case d[n-1] < leastRatio[T]()*d[0]:
		return "too small a value"
	case k > 0 && !s.refine(a, k, opts):
		return "small values in doubt"
	}
	return ""
}

// even reports whether rows, and columns, are alike in size.
func (b *bidiagonal[T]) even(a *mat.Dense[T]) bool {
	for _, x := range []operand[T]{{a, false}, {a, true}} {
		m, _ := x.shape()
		b.sizes = spectral.Grow(b.sizes, m)
		x.sizes(b.sizes)
		if !flat(b.sizes, evenRatio) {
			return false
		}
	}
	return true
}

// spread reports whether the values are likely to be of similar size: for a vector
// z of random signs |AᵀA·z|² is Σσ⁴ in the mean. Cost: 18mn flops.
func (b *bidiagonal[T]) spread(a *mat.Dense[T], largest float64, threads int) bool {
	b.work.Threads = threads
	resize(&b.probe, signVectors, a.Cols)
	resize(&b.image, signVectors, a.Rows)
	spectral.Signs(b.probe.Data)
	squares, fourths := 0.0, 0.0
	for i := range a.Rows {
		squares += float64(kernels.SumSq(a.Row(i)))
	}
	unit := T(math.Exp2(-math.Floor(math.Log2(largest))))
	b.work.Gemm(mat.NoTrans, mat.Trans, unit, &b.probe, a, 0, &b.image)
	b.work.Gemm(mat.NoTrans, mat.NoTrans, unit, &b.image, a, 0, &b.probe)
	for i := range signVectors {
		fourths += float64(kernels.SumSq(b.probe.Row(i))) / signVectors
	}
	squares *= float64(unit * unit)
	return squares*squares >= evenRank*float64(min(a.Rows, a.Cols))*fourths
}

// refine replaces the k least values by those of A on the vectors of a bidiagonal
// form, and reports whether they are the same to the order of its error.
func (s *SVD[T]) refine(a *mat.Dense[T], k int, opts Options) bool {
	b := &s.bidiagonal
	v, ok := b.core.Trailing(k)
	if !ok {
		return false
	}
	resize(&b.small, k, max(a.Rows, a.Cols))
	right := mat.Trans
	if a.Rows < a.Cols {
		right = mat.NoTrans
	}
	b.work.Threads = opts.Threads
	b.work.Gemm(mat.NoTrans, right, 1, v, a, 0, &b.small)
	b.refined = spectral.Grow(b.refined, k)
	if !s.smallValues(b.refined, opts) {
		return false
	}
	s.stats = Stats{Method: Bidiagonal, Refined: k}
	tail := s.values[len(s.values)-k:]
	bound := deviation * math.Sqrt(float64(max(a.Rows, a.Cols))) * spectral.Eps[T]() * float64(s.values[0])
	for i, x := range b.refined {
		if !(math.Abs(float64(x-tail[i])) <= bound) {
			return false
		}
	}
	copy(tail, b.refined)
	slices.Sort(s.values)
	slices.Reverse(s.values)
	return true
}

// smallValues writes the values of b.small, whose rows are nearly orthogonal.
func (s *SVD[T]) smallValues(dst []T, opts Options) bool {
	w := &s.bidiagonal.small
	sizes := spectral.Grow(s.bidiagonal.sizes, w.Rows)
	s.bidiagonal.sizes = sizes
	largest, ok := boundRows(w, sizes)
	if !ok {
		return false
	}
	if len(dst) < gramOrder {
		st := s.jacobi.run(w, largest, false, spectral.DefaultSweeps, opts.Threads, &s.watch)
		s.jacobi.valuesTo(dst, s.room)
		return st.Converged
	}
	_, err := s.gram.run(w, sizes, largest, false, defaultCorrections, opts.Threads, &s.watch)
	s.gram.valuesTo(dst, s.room)
	return err == nil
}
