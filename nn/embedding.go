package nn

import (
	"math/rand/v2"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Embedding is a table of vectors that are looked up by index and learnt. It
// takes indices in place of a matrix, so it is not a Layer: it stands in front
// of one. Where a sample has several indices, looking up all of a batch gives
// the rows that a view with fewer, longer rows over the same data concatenates.
type Embedding[T mat.Float] struct {
	W     *mat.Dense[T] // entries × dim
	GradW *mat.Dense[T] // likewise; allocated when it is nil

	ids    []int
	params [1]Param[T]
}

// NewEmbedding returns a table of standard normal vectors. It panics with
// mat.Error for negative dimensions and a nil rng.
func NewEmbedding[T mat.Float](entries, dim int, rng *rand.Rand) *Embedding[T] {
	if entries < 0 || dim < 0 || rng == nil {
		panicf("NewEmbedding", "entries = %d, dim = %d, rng nil: %t", entries, dim, rng == nil)
	}
	e := &Embedding[T]{W: mat.NewDense[T](entries, dim, nil), GradW: mat.NewDense[T](entries, dim, nil)}
	fillNormal(e.W.Data, 1, rng)
	return e
}

// Forward copies row ids[i] of W to row i of dst, len(ids) × dim; an empty dst
// is sized. It keeps a copy of ids. It panics with mat.Error for an index
// outside the table.
func (e *Embedding[T]) Forward(dst *mat.Dense[T], ids []int) {
	const op = "Embedding.Forward"
	e.check(op)
	dst.Resize(op, len(ids), e.W.Cols)
	for i, id := range ids {
		if uint(id) >= uint(e.W.Rows) {
			panicf(op, "ids[%d] = %d in a table of %d entries", i, id, e.W.Rows)
		}
		copy(dst.Row(i), e.W.Row(id))
	}
	e.ids = append(e.ids[:0], ids...)
}

// Backward adds row i of dy to row ids[i] of GradW, in the order of i, so that
// an index that occurs twice gets both. It panics with mat.Error unless dy has
// the shape of the last Forward's dst.
func (e *Embedding[T]) Backward(dy *mat.Dense[T]) {
	const op = "Embedding.Backward"
	e.check(op)
	dy.Check(op, "dy")
	if dy.Rows != len(e.ids) || dy.Cols != e.W.Cols {
		panicf(op, "dy is %d×%d, the last output was %d×%d", dy.Rows, dy.Cols, len(e.ids), e.W.Cols)
	}
	for i, id := range e.ids {
		kernels.Axpy(1, dy.Row(i), e.GradW.Row(id))
	}
}

// Params returns W, row by row.
func (e *Embedding[T]) Params() []Param[T] {
	const op = "Embedding.Params"
	e.check(op)
	e.params[0] = Param[T]{"W", flat(op, e.W), flat(op, e.GradW)}
	return e.params[:]
}

// check panics unless W and GradW are tables of one shape, the latter of which it
// allocates when it is nil.
func (e *Embedding[T]) check(op string) {
	e.W.Check(op, "W")
	if e.GradW == nil {
		e.GradW = mat.NewDense[T](e.W.Rows, e.W.Cols, nil)
	}
	e.GradW.Check(op, "GradW")
	if e.GradW.Rows != e.W.Rows || e.GradW.Cols != e.W.Cols {
		panicf(op, "W is %d×%d, GradW is %d×%d", e.W.Rows, e.W.Cols, e.GradW.Rows, e.GradW.Cols)
	}
}
