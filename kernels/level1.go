package kernels

// Axpy adds alpha*x to y, element by element (BLAS axpy). With alpha == 0 it
// leaves y alone, even where x holds NaN or Inf. It panics with Error unless
// len(x) == len(y). Cost: 2n flops, 3n elements of memory traffic.
func Axpy[T Float](alpha T, x, y []T) {
	if len(x) != len(y) {
		panicLengths("Axpy", len(x), len(y))
	}
	if alpha == 0 {
		return
	}
	axpyGo(alpha, x, y)
}

// Dot returns the inner product of x and y (BLAS dot). It panics with Error
// unless len(x) == len(y). Cost: 2n flops, 2n elements read.
func Dot[T Float](x, y []T) T {
	if len(x) != len(y) {
		panicLengths("Dot", len(x), len(y))
	}
	return dotGo(x, y)
}

// Scal multiplies x by alpha (BLAS scal). With alpha == 0 it writes zeros
// without reading x, so NaN and Inf vanish.
func Scal[T Float](alpha T, x []T) {
	if alpha == 0 {
		clear(x)
		return
	}
	scalGo(alpha, x)
}

// Rot applies a plane rotation: x, y = c*x + s*y, c*y - s*x (BLAS rot). It
// panics with Error unless len(x) == len(y).
func Rot[T Float](x, y []T, c, s T) {
	if len(x) != len(y) {
		panicLengths("Rot", len(x), len(y))
	}
	rotGo(x, y, c, s)
}
