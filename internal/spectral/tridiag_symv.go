package spectral

import (
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// symvBlock is the side of the diagonal blocks that a product with a vector reads whole: 64 bytes of
// elements.
func symvBlock[T mat.Float]() int {
	var zero T
	return 64 / int(unsafe.Sizeof(zero))
}

// symvPart is the number of bytes of the triangle from which on another part of
// it is worth waking a goroutine for, and symvParts the most parts that there are.
const (
	symvPart  = 1 << 20
	symvParts = 8
)

// symvCuts returns into how many parts of about equal size the rows of a
// triangle of order n are cut, which depends on n alone: each part adds up a
// vector of its own, and these are added in order, so that the result is the
// same for any number of threads.
func symvCuts[T mat.Float](n int) int {
	var zero T
	triangle := int64(n) * int64(n) / 2 * int64(unsafe.Sizeof(zero))
	return int(min(max(triangle/symvPart, 1), symvParts))
}

// symvCut returns the first row of part i of parts, a multiple of the block.
func symvCut[T mat.Float](n, i, parts int) int {
	block := float64(symvBlock[T]())
	rest := math.Sqrt(float64(parts-i) / float64(parts))
	return int(math.Round(float64(n)*(1-rest)/block)) * symvBlock[T]()
}

// symv sets w to the trailing matrix from row and column first on times v. It
// takes in whole blocks: v is zero before first and in the padding, and what w
// receives there is not used. It reads every entry right of the diagonal blocks
// once: in cache, the row serves the dot that is its entry of w and, times its
// v, the rest of w. Directions alternate, so that what the call before left in
// cache comes first.
func (t *tridiagonal[T]) symv(done, first int) {
	n := t.a.Rows
	start, end := first/symvBlock[T]()*symvBlock[T](), roundUp(n, symvBlock[T]())
	v := t.left.Row(done)[:end]
	clear(v[start:first])
	clear(v[n:])
	t.product = symvProduct[T]{
		n: end - start, parts: symvCuts[T](end - start), upward: first%2 == 0,
		a: t.a.Data[start*t.a.Stride+start:], lda: t.a.Stride,
		x: v[start:], y: t.right.Row(done)[start:end], sums: &t.sums,
	}
	t.job.Run(min(t.threads, t.product.parts), t.product.parts, &t.product)
	t.product.add()
}

// symvProduct is one product of a symmetric matrix with a vector, in parts.
type symvProduct[T mat.Float] struct {
	n, parts, lda int
	upward        bool
	a, x, y       []T
	sums          *mat.Dense[T] // a row for each part but the first
}

// part returns where part i adds up its share, from entry first on.
func (p *symvProduct[T]) part(i int) (sum []T, first int) {
	first = symvCut[T](p.n, i, p.parts)
	if i == 0 {
		return p.y, first
	}
	return p.sums.Row(i - 1)[first:p.n], first
}

// Task multiplies by the rows of part i and their mirror image.
func (p *symvProduct[T]) Task(_, i int) {
	sum, first := p.part(i)
	rows, n := symvCut[T](p.n, i+1, p.parts)-first, p.n-first
	clear(sum)
	if rows > 0 {
		kernels.Symv(rows, n, p.a[first*p.lda+first:][:(rows-1)*p.lda+n], p.lda, p.x[first:], sum, p.upward)
	}
}

// add sums the parts.
func (p *symvProduct[T]) add() {
	for i := 1; i < p.parts; i++ {
		sum, first := p.part(i)
		kernels.Axpy(1, sum, p.y[first:])
	}
}
