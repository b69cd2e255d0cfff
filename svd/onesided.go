package svd

import (
	"cmp"
	"math"
	"slices"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// oneSided decomposes the m × n matrix B, m ≥ n, which is A or Aᵀ:
//
//	S·B·P = Q·R       rows sorted by S, columns pivoted by P
//	Rᵀ = X·Σ·Yᵀ       one-sided Jacobi on the columns of Rᵀ, nearly orthogonal
//	B = (SᵀQ·Y)·Σ·(P·X)ᵀ
//
// A tall B is replaced by its own triangular factor first.
type oneSided[T mat.Float] struct {
	m, n  int
	scale spectral.Scale
	tall  tall[T]
	qr    spectral.PivotedQR[T]
	sort  []int // row of B which is row i of S·B
	size  []T   // of the rows of B, the largest magnitude

	stride  int // n, or 2n with vectors
	xy      []T // row i: column i of X·Σ (of X in the end), then row i of Yᵀ
	d       []float64
	scratch []float64
	order   []int // row of xy and d for each singular value
	left    []T   // row i: column i of SᵀQ·Y
	vector  []T   // of length m
}

// run decomposes a, whose largest entry is largest.
func (o *oneSided[T]) run(a *mat.Dense[T], largest float64, vectors bool, sweeps, threads int, watch *spectral.Monitor) spectral.Sweeps {
	b := operand[T]{a, a.Rows < a.Cols}
	m, n := b.shape()
	o.scale = spectral.ScaleFor[T](m*n, largest)
	o.size = spectral.Grow(o.size, m)
	b.sizes(o.size)
	scale := o.scale
	if o.tall.used = m >= tallRatio*n && flat(o.size, flatRatio); o.tall.used {
		b = o.tall.reduce(b, o.scale, threads)
		m, scale = n, spectral.Scale{}
		b.sizes(o.size[:n])
	}
	o.resize(m, n, vectors)
	o.load(b, scale)
	if !o.qr.Factorize(watch) {
		return spectral.Sweeps{}
	}
	for i := range n {
		row := o.row(i)
		clear(row)
		o.qr.RTo(row[:n], i)
		if vectors {
			row[n+i] = 1
		}
	}
	st := spectral.SVDOneSided(n, o.xy, o.stride, o.d, o.scratch, sweeps, watch)
	if st.Converged {
		o.finish(vectors)
	}
	return st
}

func (o *oneSided[T]) finish(vectors bool) {
	for i := range o.order {
		o.order[i] = i
	}
	slices.SortFunc(o.order, func(i, j int) int { return cmp.Compare(o.d[j], o.d[i]) })
	if !vectors {
		return
	}
	o.normalise()
	o.multiplyLeft()
	if o.tall.used {
		o.columnsTo(&o.tall.r)
		o.tall.expand()
	}
}

func (o *oneSided[T]) resize(m, n int, vectors bool) {
	o.m, o.n, o.stride = m, n, n
	if vectors {
		o.stride = 2 * n
		o.left = spectral.Grow(o.left, m*n)
	}
	o.xy = spectral.Grow(o.xy, n*o.stride)
	o.d, o.scratch = spectral.Grow(o.d, n), spectral.Grow(o.scratch, 2*n)
	o.order = spectral.Grow(o.order, n)
	o.sort = spectral.Grow(o.sort, m)
	o.vector = spectral.Grow(o.vector, m)
}

func (o *oneSided[T]) row(i int) []T { return o.xy[i*o.stride : (i+1)*o.stride] }

// load writes (S·B)ᵀ, scaled, to the QR factorization.
func (o *oneSided[T]) load(b operand[T], scale spectral.Scale) {
	for i := range o.sort {
		o.sort[i] = i
	}
	slices.SortStableFunc(o.sort, func(i, j int) int { return cmp.Compare(o.size[j], o.size[i]) })
	bt := o.qr.Rows(o.m, o.n)
	for j := range o.n {
		col := bt[j*o.m : (j+1)*o.m]
		for k, i := range o.sort {
			col[k] = b.at(i, j)
		}
		spectral.ScaleTo(scale, col, col)
	}
}

// normalise turns X·Σ into X, completes it where σ = 0, and takes the drift out
// of the lengths of Y.
func (o *oneSided[T]) normalise() {
	for i, x := range o.d {
		row := o.row(i)
		if x > 0 {
			spectral.Normalise(row[:o.n])
		}
		spectral.Normalise(row[o.n:])
	}
	spectral.Complete(o.n, o.xy, o.stride, o.d, o.scratch[:o.n])
}

// multiplyLeft forms SᵀQ·Y.
func (o *oneSided[T]) multiplyLeft() {
	y := o.vector
	for i := range o.n {
		clear(y)
		copy(y, o.row(i)[o.n:])
		o.qr.MulQ(y)
		dst := o.left[i*o.m : (i+1)*o.m]
		for k, r := range o.sort {
			dst[r] = y[k]
		}
	}
}

func (o *oneSided[T]) valuesTo(dst []T, room spectral.Scale) {
	scale := o.scale.Beside(room)
	for k, i := range o.order {
		dst[k] = T(scale.Undo(math.Sqrt(o.d[i])))
	}
}

// leftTo writes the left singular vectors of B as columns.
func (o *oneSided[T]) leftTo(dst *mat.Dense[T]) {
	if o.tall.used {
		dst.CopyFrom(&o.tall.b)
		return
	}
	o.columnsTo(dst)
}

// columnsTo writes the left singular vectors of what Jacobi worked on.
func (o *oneSided[T]) columnsTo(dst *mat.Dense[T]) {
	for k, i := range o.order {
		for r, v := range o.left[i*o.m : (i+1)*o.m] {
			dst.Data[r*dst.Stride+k] = v
		}
	}
}

// rightTo writes the right singular vectors of B as columns.
func (o *oneSided[T]) rightTo(dst *mat.Dense[T]) {
	for k, i := range o.order {
		for j, v := range o.row(i)[:o.n] {
			dst.Data[o.qr.Perm[j]*dst.Stride+k] = v
		}
	}
}
