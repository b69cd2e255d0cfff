package eig

// choose returns the method for a matrix of order n, and why.
func choose(n int, opts Options) (Method, string) {
	switch {
	case opts.Method != Auto:
		return opts.Method, "the method of the options"
	case opts.ValuesOnly && n <= smallValues, !opts.ValuesOnly && n <= smallVectors:
		return Jacobi, "the fastest at so small an order"
	}
	return DivideAndConquer, "the fastest at this order"
}

const (
	reasonDefinite   = "Accurate, and the matrix is definite: Cholesky, then rotations of its factor"
	reasonIndefinite = "Accurate, but the matrix is not definite: absolute accuracy only"
)

// The largest orders at which a Jacobi method is faster than divide and conquer,
// alike for both element types: the cyclic one, as one-sided rotations, which
// are cheaper with vectors and beyond, lose to divide and conquer there.
const (
	smallVectors = 6
	smallValues  = 4
)
