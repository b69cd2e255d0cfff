package mat

import (
	"errors"
	"fmt"
	"math"

	"github.com/lanes-go/lanes/kernels"
)

// ErrNotPositiveDefinite reports that Cholesky met a pivot that is not
// positive and finite. Errors that wrap it name the pivot.
var ErrNotPositiveDefinite = errors.New("lanes: the matrix is not positive definite")

// Cholesky is the factorization A = UᵀU of a symmetric positive definite
// matrix, U upper triangular with a positive diagonal. The zero value is ready
// for Factorize; a second call on the same shape allocates nothing. One
// goroutine at a time may use it.
type Cholesky[T Float] struct {
	// Threads caps the goroutines of one call; 0 means the cap of
	// SetMaxThreads. It does not change a bit of the result.
	Threads int

	u      Dense[T] // the triangle below the diagonal is not U's
	data   []T
	ok     bool
	solver triSolver[T]
}

// Factorize computes the factorization of a, n × n, of which it reads the
// upper triangle alone and modifies nothing. It returns an error that wraps
// ErrNotPositiveDefinite and gives the index and the value of the pivot where
// a pivot is not positive and finite. It panics with Error unless a is square.
// Cost: n³/3 flops, recursive halves, nearly all in products.
func (c *Cholesky[T]) Factorize(a *Dense[T]) error {
	a.check("Factorize", "A")
	n := a.Rows
	if a.Cols != n {
		panicf("Factorize", "A is %d×%d", a.Rows, a.Cols)
	}
	c.solver.work.Threads = c.Threads
	stride := rowStride(n)
	c.data = sized(c.data, n*stride)
	c.u = Dense[T]{Rows: n, Cols: n, Data: c.data, Stride: stride}
	for i := range n {
		copy(c.u.row(i)[i:], a.row(i)[i:])
	}
	err := c.factor(0, n)
	c.ok = err == nil
	return err
}

// UTo sets dst = U, n × n, with zeros under the diagonal. An empty dst is
// sized. It panics with Error when the shape of dst is another or Factorize
// failed.
func (c *Cholesky[T]) UTo(dst *Dense[T]) {
	c.checkFactored("UTo")
	dst.Resize("UTo", c.u.Rows, c.u.Cols)
	for i := range c.u.Rows {
		row := dst.row(i)
		clear(row[:i])
		copy(row[i:], c.u.row(i)[i:])
	}
}

// Solve sets dst = A⁻¹·B for an n × c matrix B. An empty dst is sized. It
// panics with Error when the shapes do not fit, dst shares entries with b or
// Factorize failed. Cost: 2n²c flops.
func (c *Cholesky[T]) Solve(dst, b *Dense[T]) {
	c.checkFactored("Solve")
	b.check("Solve", "B")
	if b.Rows != c.u.Rows {
		panicf("Solve", "A is %d×%d, B is %d×%d", c.u.Rows, c.u.Rows, b.Rows, b.Cols)
	}
	dst.Resize("Solve", b.Rows, b.Cols)
	checkOverlap("Solve", dst, b, "B")
	if b.Rows == 0 || b.Cols == 0 {
		return
	}
	dst.copyRows(b)
	c.solver.work.Threads = c.Threads
	c.solver.solve(Left, &triOperand[T]{&c.u, Upper, Trans, NonUnit}, dst)
	c.solver.solve(Left, &triOperand[T]{&c.u, Upper, NoTrans, NonUnit}, dst)
}

func (c *Cholesky[T]) checkFactored(op string) {
	if !c.ok {
		panicf(op, "no factorization: Factorize has failed or was not called")
	}
}

const (
	cholLeaf = 16 // order of the blocks that are factored row by row
	cholTile = 64 // order of the blocks whose lower triangles are not spared
)

// factor factors the diagonal block of rows i to k−1, by halves: the left one
// first, its rows then solved for, their product taken off the right one.
func (c *Cholesky[T]) factor(i, k int) error {
	if k-i <= cholLeaf {
		return c.leaf(i, k)
	}
	j := i + ((k-i)/2+cholLeaf-1)/cholLeaf*cholLeaf
	if err := c.factor(i, j); err != nil {
		return err
	}
	u11, u12, rest := c.u.sub(i, i, j-i, j-i), c.u.sub(i, j, j-i, k-j), c.u.sub(j, j, k-j, k-j)
	c.solver.solve(Left, &triOperand[T]{&u11, Upper, Trans, NonUnit}, &u12)
	c.subtract(&u12, &rest)
	return c.factor(j, k)
}

// subtract takes UᵀU off the upper triangle of a. It leaves anything in the
// lower one.
func (c *Cholesky[T]) subtract(u, a *Dense[T]) {
	n, k := a.Cols, u.Rows
	if n <= cholTile {
		c.solver.work.Gemm(Trans, NoTrans, -1, u, u, 1, a)
		return
	}
	h := (n/2 + cholLeaf - 1) / cholLeaf * cholLeaf
	u1, u2 := u.sub(0, 0, k, h), u.sub(0, h, k, n-h)
	a11, a12, a22 := a.sub(0, 0, h, h), a.sub(0, h, h, n-h), a.sub(h, h, n-h, n-h)
	c.subtract(&u1, &a11)
	c.solver.work.Gemm(Trans, NoTrans, -1, &u1, &u2, 1, &a12)
	c.subtract(&u2, &a22)
}

func (c *Cholesky[T]) leaf(i, k int) error {
	for j := i; j < k; j++ {
		row := c.u.row(j)
		d := row[j]
		if !(d > 0 && float64(d) <= math.MaxFloat64) {
			return fmt.Errorf("%w: pivot %d is %g", ErrNotPositiveDefinite, j, d)
		}
		row[j] = T(math.Sqrt(float64(d)))
		divide(row[j+1:k], row[j])
		for l := j + 1; l < k; l++ {
			kernels.Axpy(-row[l], row[l:k], c.u.row(l)[l:k])
		}
	}
	return nil
}
