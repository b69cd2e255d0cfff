package svd

import (
	"math"

	"github.com/lanes-go/lanes/internal/spectral"
	"github.com/lanes-go/lanes/mat"
)

// Operator is an m × n matrix known by its products alone: sparse, structured,
// or too large for memory.
type Operator[T mat.Float] interface {
	// Rows returns m.
	Rows() int
	// Cols returns n.
	Cols() int
	// MulTo writes A·X, m × c, to dst. X is n × c, and dst has the right shape
	// and entries that are not to be read.
	MulTo(dst, x *mat.Dense[T])
	// MulTransTo writes Aᵀ·Y, n × c, to dst, for Y of m × c.
	MulTransTo(dst, y *mat.Dense[T])
}

// DenseOperator returns a matrix as an Operator, which keeps it and does not
// modify it. Threads caps the goroutines of a product; 0 means the cap of
// mat.SetMaxThreads. One goroutine at a time may use it. It panics with
// mat.Error for a malformed matrix and for threads < 0.
func DenseOperator[T mat.Float](a *mat.Dense[T], threads int) Operator[T] {
	a.Check("DenseOperator", "the matrix")
	if threads < 0 {
		panicf("DenseOperator", "threads = %d", threads)
	}
	return &dense[T]{a: a, work: mat.Workspace[T]{Threads: threads}}
}

type dense[T mat.Float] struct {
	a      *mat.Dense[T]
	work   mat.Workspace[T]
	turned mat.Dense[T] // of MulTransTo
}

// fewColumns is the number up to which Aᵀ·Y is faster as the transpose of Yᵀ·A,
// for which nothing of A is transposed.
const fewColumns = 32

func (d *dense[T]) Rows() int { return d.a.Rows }
func (d *dense[T]) Cols() int { return d.a.Cols }

func (d *dense[T]) MulTo(dst, x *mat.Dense[T]) {
	d.work.Gemm(mat.NoTrans, mat.NoTrans, 1, d.a, x, 0, dst)
}

func (d *dense[T]) MulTransTo(dst, y *mat.Dense[T]) {
	if y.Cols <= fewColumns {
		resize(&d.turned, y.Cols, d.a.Cols)
		d.work.Gemm(mat.Trans, mat.NoTrans, 1, y, d.a, 0, &d.turned)
		dst.TransposeFrom(&d.turned)
		return
	}
	d.work.Gemm(mat.Trans, mat.NoTrans, 1, d.a, y, 0, dst)
}

// safeScale returns the scale at which products with a, whose largest entry is
// largest, neither overflow nor lose digits to underflow: that of the matrix
// itself unless its entries are extreme.
func safeScale[T mat.Float](a *mat.Dense[T], largest float64) spectral.Scale {
	safe := 200 // binary orders of magnitude
	if spectral.Eps[T]() > 0x1p-30 {
		safe = 20
	}
	if _, have := math.Frexp(largest); have > -safe && have < safe {
		return spectral.Scale{}
	}
	return spectral.ScaleFor[T](a.Rows*a.Cols, largest)
}

// scaledOperator returns a as an operator at a scale.
func scaledOperator[T mat.Float](a *mat.Dense[T], scale spectral.Scale, threads int) Operator[T] {
	if scale == (spectral.Scale{}) {
		return DenseOperator(a, threads)
	}
	scaled := mat.NewDense[T](a.Rows, a.Cols, nil)
	for i := range a.Rows {
		spectral.ScaleTo(scale, scaled.Row(i), a.Row(i))
	}
	return DenseOperator(scaled, threads)
}
