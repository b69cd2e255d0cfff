package eig

// choose returns the method for a matrix of order n, and why.
func choose(n int, opts Options) (Method, string) {
	switch {
	case opts.Method != Auto:
		return opts.Method, "the method of the options"
	case opts.ValuesOnly && n <= smallValues:
		return Jacobi, reasonSmall
	case !opts.ValuesOnly && n <= smallVectors:
		return OneSidedJacobi, reasonSmall
	}
	return DivideAndConquer, "the fastest at this order"
}

// lanesOrder is the largest order at which OneSidedJacobi rotates in vector lanes.
const lanesOrder = 64

// manyOrder is the largest order at which a batch has its matrices in vector
// lanes, one to each.
const manyOrder = 32

const (
	reasonMany       = "the fastest for many of so small an order: one to each vector lane"
	reasonSmall      = "the fastest at so small an order"
	reasonDefinite   = "Accurate, and the matrix is definite: Cholesky, then rotations of its factor"
	reasonIndefinite = "Accurate, but the matrix is not definite: absolute accuracy only"
)

// The largest orders at which a Jacobi method is faster than divide and conquer,
// alike for both element types: one-sided in vector lanes with vectors, the
// cyclic one without.
const (
	smallVectors = 32
	smallValues  = 3
)
