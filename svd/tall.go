package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

const (
	// tallRatio times as many rows as columns make a matrix tall: blocked QR
	// then saves more than it costs.
	tallRatio = 2
	// flatRatio is the largest ratio between the sizes of two rows that are not
	// zero at which they are alike. QR without pivoting is stable column by
	// column only, so that rows graded beyond it would lose that much accuracy.
	flatRatio = 64
)

// operand is a matrix or its transpose.
type operand[T mat.Float] struct {
	a          *mat.Dense[T]
	transposed bool
}

func (b operand[T]) shape() (m, n int) {
	if b.transposed {
		return b.a.Cols, b.a.Rows
	}
	return b.a.Rows, b.a.Cols
}

func (b operand[T]) at(i, j int) T {
	if b.transposed {
		i, j = j, i
	}
	return b.a.Data[i*b.a.Stride+j]
}

// sizes writes the largest magnitude of each row to dst.
func (b operand[T]) sizes(dst []T) {
	if !b.transposed {
		kernels.RowMax(b.a.Rows, b.a.Cols, b.a.Data, b.a.Stride, dst)
		return
	}
	clear(dst)
	last := b.a.Rows - 1
	for i := 0; i <= last; i += 4 {
		raise(dst, b.a.Row(i), b.a.Row(min(i+1, last)), b.a.Row(min(i+2, last)), b.a.Row(min(i+3, last)))
	}
}

// raise raises dst[k] to the magnitudes of x[k], y[k], z[k] and w[k], which compare as
// integers do.
func raise[T mat.Float](dst, x, y, z, w []T) {
	x, y, z, w = x[:len(dst)], y[:len(dst)], z[:len(dst)], w[:len(dst)]
	for k, v := range dst {
		a := math.Float64bits(float64(x[k])) << 1
		b := math.Float64bits(float64(y[k])) << 1
		c := math.Float64bits(float64(z[k])) << 1
		d := math.Float64bits(float64(w[k])) << 1
		dst[k] = T(math.Float64frombits(max(math.Float64bits(float64(v)), max(a, b, c, d)>>1)))
	}
}

// largestOf returns the largest number of T.
func largestOf[T mat.Float]() T {
	if spectral.Eps[T]() > 0x1p-30 {
		largest := float32(math.MaxFloat32)
		return T(largest)
	}
	largest := float64(math.MaxFloat64)
	return T(largest)
}

// extremes are the largest and the smallest of sizes that are not zero.
type extremes[T mat.Float] struct{ largest, smallest T }

func (e *extremes[T]) add(v T) {
	if v > e.largest {
		e.largest = v
	}
	if v > 0 && (e.smallest == 0 || v < e.smallest) {
		e.smallest = v
	}
}

// flat reports whether the largest of the sizes is at most ratio times the smallest.
func (e *extremes[T]) flat(ratio T) bool { return e.largest/ratio <= e.smallest }

// flat is that of sizes, those that are zero left out.
func flat[T mat.Float](sizes []T, ratio T) bool {
	var e extremes[T]
	for _, v := range sizes {
		e.add(v)
	}
	return e.flat(ratio)
}

// tall reduces an m × n matrix with many rows, alike in size, to its triangular
// factor.
type tall[T mat.Float] struct {
	used bool
	qr   mat.QR[T]
	b    mat.Dense[T] // the scaled matrix, then its left singular vectors
	r    mat.Dense[T]
}

// reduce returns the n × n triangular factor of b.
func (t *tall[T]) reduce(b operand[T], scale spectral.Scale, threads int) operand[T] {
	m, n := b.shape()
	t.qr.Threads = threads
	t.b = mat.Dense[T]{Rows: m, Cols: n, Stride: n, Data: spectral.Grow(t.b.Data, m*n)}
	t.r = mat.Dense[T]{Rows: n, Cols: n, Stride: n, Data: spectral.Grow(t.r.Data, n*n)}
	for i := range m {
		row := t.b.Row(i)
		for j := range row {
			row[j] = b.at(i, j)
		}
		spectral.ScaleTo(scale, row, row)
	}
	t.qr.Factorize(&t.b)
	t.qr.RTo(&t.r)
	return operand[T]{a: &t.r}
}

// expand turns the left singular vectors of R, which stand in its place, into
// those of B.
func (t *tall[T]) expand() {
	clear(t.b.Data)
	copy(t.b.Data, t.r.Data) // the same stride, n
	t.qr.MulQ(mat.NoTrans, &t.b)
}
