package eig

import (
	"context"
	"fmt"
)

// Method is an algorithm for symmetric matrices.
type Method uint8

const (
	// Auto takes the fastest method for the size and the options.
	Auto Method = iota
	// DivideAndConquer reduces the matrix to tridiagonal form by Householder
	// reflections and halves that again and again (Cuppen 1981; Gu and Eisenstat
	// 1995; LAPACK syevd). Up to order 48, and 64 without vectors, there is nothing
	// to halve: QL sweeps solve the tridiagonal problem (LAPACK syev). It is the
	// fastest but for the smallest orders.
	DivideAndConquer
	// Jacobi is the cyclic two-sided method, the simplest there is; slow where the
	// matrix outgrows the cache. Up to order 8 it works in float64, finds the angles of
	// disjoint pairs in the lanes of a vector, and is the fastest method.
	Jacobi
	// OneSidedJacobi rotates the columns of W = A·V only, and finds the entries
	// of VᵀAV as inner products: every access is contiguous. Up to order 64 it
	// rotates A shifted until it is positive definite, whose left singular vectors
	// V then is, and finds the angles of several pairs at once in the lanes of a
	// vector: in float32 the fastest method from order 9 to 12.
	OneSidedJacobi
	// BlockJacobi is the cyclic two-sided method on blocks of 64 rows: it
	// diagonalises two blocks at a time, by divide and conquer, and the rest are
	// products. The fastest Jacobi method at large orders.
	BlockJacobi
)

var methodNames = [...]string{"Auto", "DivideAndConquer", "Jacobi", "OneSidedJacobi", "BlockJacobi"}

// String returns the name of the constant.
func (m Method) String() string {
	if int(m) < len(methodNames) {
		return methodNames[m]
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Options of Factorize. The zero value computes vectors by the fastest method.
type Options struct {
	// Method is the algorithm; Auto chooses.
	Method Method
	// Accurate asks for every eigenvalue to high relative accuracy, the smallest
	// too, where the matrix determines it: for a positive (or negative) definite
	// A = D·B·D, D diagonal and of any range, to about n·eps·cond(B). Cholesky of
	// the matrix sorted by its diagonal and one-sided Jacobi on the factor do
	// that; Method is not asked. A matrix that is not definite, or not by more
	// than rounding, has no such accuracy to give: it takes the usual way, and
	// Stats.Accurate stays false.
	Accurate bool
	// ValuesOnly leaves the eigenvectors out.
	ValuesOnly bool
	// Range selects eigenvalues; the zero value takes all.
	Range Range
	// MaxSweeps limits the Jacobi stages; 0 means 30.
	MaxSweeps int
	// Threads caps the goroutines of the stages that can use several; 0 means
	// the cap of mat.SetMaxThreads. It changes no bit of the result. Jacobi
	// rotations run on one.
	Threads int
	// SymmetryTol, unless 0, has Factorize compare the two triangles and return
	// ErrNotSymmetric when two mirrored entries differ by more than SymmetryTol
	// times the largest entry. By default what is below the diagonal is not read.
	SymmetryTol float64
	// Context, unless nil, stops Factorize before the next sweep or panel when it
	// is done; the error wraps Context.Err.
	Context context.Context
	// Progress, unless nil, is called before each sweep of a Jacobi method with
	// the number done and the limit; of divide and conquer, in each of its three
	// stages, before each panel or merge with the work done so far and the whole,
	// in units of the stage; QL in place of the last two is one step, and so is
	// Accurate from order 32 on. It is called on the goroutine of Factorize, which
	// waits for it.
	Progress func(stage string, done, total int)
	// Residual asks for Stats.Residual and Stats.Orthogonality, at a cost of
	// 6n³ flops and 3n² entries. ValuesOnly leaves nothing to compute them from.
	Residual bool
}
